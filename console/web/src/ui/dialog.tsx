// The one dialog style, and its danger variant that wants a word typed before it acts.
import { type ReactNode, useId, useState } from 'react';
import { Button } from './button.tsx';
import { Modal, type ModalProps } from './modal.tsx';
import { t } from './text.ts';
import { TextField } from './text-field.tsx';

interface DialogProps extends ModalProps {
  size?: 'small' | 'medium' | 'large';
}

export const Dialog = ({ size = 'medium', ...rest }: DialogProps) => <Modal {...rest} className={`dialog-${size}`} />;

interface ConfirmDialogProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  onConfirm: () => void;
  /** The verb on the button: what will happen, never "OK". */
  confirmText: string;
  /** Typed before the button works: a name, or the count of what is lost. */
  word?: string;
  isDanger?: boolean;
  isBusy?: boolean;
  /** What went wrong at the last try. */
  error?: string | undefined;
  children: ReactNode;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  // A component of its own per opening, so that a typed word is gone with it.
  return props.isOpen ? <OpenConfirm {...props} /> : null;
}

function OpenConfirm({
  title,
  onClose,
  onConfirm,
  confirmText,
  word,
  isDanger = true,
  isBusy = false,
  error = '',
  children,
}: ConfirmDialogProps) {
  const [typed, setTyped] = useState('');
  const errorId = useId();
  const isMeant = word === undefined || typed.trim() === word;
  const confirm = () => {
    if (isMeant && !isBusy) onConfirm();
  };
  return (
    <Modal
      isOpen
      role="alertdialog"
      className="dialog-small"
      title={title}
      onClose={onClose}
      onSubmit={confirm}
      isHeld={isBusy}
      footer={
        <>
          <Button onClick={onClose} disabled={isBusy}>
            {t('cancel')}
          </Button>
          <Button kind={isDanger ? 'danger' : 'primary'} type="submit" isBusy={isBusy} disabled={!isMeant}>
            {confirmText}
          </Button>
        </>
      }
    >
      {children}
      {word !== undefined && (
        <TextField
          label={t('typeToConfirm', { word })}
          value={typed}
          onText={setTyped}
          disabled={isBusy}
          autoCapitalize="off"
        />
      )}
      {error !== '' && (
        <p id={errorId} role="alert" className="text-down">
          {error}
        </p>
      )}
    </Modal>
  );
}
