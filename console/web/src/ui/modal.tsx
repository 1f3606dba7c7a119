// What dialogs and sheets share: the browser's own modal dialog, which holds the focus and gives it back.
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { IconButton } from './button.tsx';
import { t } from './text.ts';
import { enterTopLayer } from './top-layer.ts';

export interface ModalProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  /** Buttons; the one that goes on comes last. */
  footer?: ReactNode;
  /** Makes it a form: Enter in a field does what the footer's submit button does. */
  onSubmit?: (() => void) | undefined;
  /** While something runs that a stray press must not leave behind. */
  isHeld?: boolean;
  children: ReactNode;
}

/** Its content exists only while it is open, so it begins anew each time. */
export function Modal({ isOpen, ...rest }: ModalProps & { className: string; role?: 'alertdialog' }) {
  return isOpen ? <OpenModal {...rest} /> : null;
}

/** What one came for: the first field, else the footer's first button, which is never the one that destroys. */
const firstOf = (dialog: HTMLElement): HTMLElement | null =>
  dialog.querySelector<HTMLElement>('.dialog-body :is(input, select, textarea):not(:disabled)') ??
  dialog.querySelector<HTMLElement>('.dialog-foot button:not(:disabled)');

function OpenModal({
  title,
  onClose,
  footer,
  onSubmit,
  isHeld = false,
  children,
  className,
  role,
}: Omit<Parameters<typeof Modal>[0], 'isOpen'>) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const place = dialog.current;
    if (place === null) return;
    place.showModal();
    firstOf(place)?.focus();
    const leave = enterTopLayer(place);
    return () => {
      leave();
      // Closed before it is removed: only then does the browser give the focus back.
      place.close();
    };
  }, []);
  const close = () => {
    if (!isHeld) onClose();
  };
  const frame = (
    <>
      {/* No header and no footer: those are landmarks of the page, and a dialog is none. */}
      <div className="dialog-head">
        <h2 id={titleId} className="dialog-title">
          {title}
        </h2>
        <IconButton icon="close" label={t('close')} disabled={isHeld} onClick={close} />
      </div>
      <div className="dialog-body">{children}</div>
      {footer !== undefined && <div className="dialog-foot">{footer}</div>}
    </>
  );
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the key, and the browser hears it
    <dialog
      ref={dialog}
      role={role}
      aria-labelledby={titleId}
      className={`dialog ${className}`}
      onCancel={(event) => {
        event.preventDefault();
        // A file chooser inside of it cancels too, and is not meant.
        if (event.target === event.currentTarget) close();
      }}
      onClick={(event) => {
        // The frame fills the dialog: what lands on the dialog itself is the backdrop.
        if (event.target === event.currentTarget) close();
      }}
    >
      {onSubmit === undefined ? (
        <div className="dialog-frame">{frame}</div>
      ) : (
        <form
          noValidate
          className="dialog-frame"
          onSubmit={(event) => {
            event.preventDefault();
            if (!isHeld) onSubmit();
          }}
        >
          {frame}
        </form>
      )}
    </dialog>
  );
}
