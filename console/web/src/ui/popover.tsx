// A button and what it opens beside itself: the browser's own popover, closed by Escape or a press elsewhere.
import { type ReactNode, type RefObject, useId, useRef, useState } from 'react';
import type { ButtonKind } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';

/** How the button that opens it looks. */
export interface Opener {
  text: string;
  icon?: IconName;
  kind?: ButtonKind;
  isSmall?: boolean;
  /** Only the icon is seen; the text is its name. */
  isIconOnly?: boolean;
  isDisabled?: boolean;
}

interface PopupButtonProps extends Opener {
  popupId: string;
  popup: 'menu' | 'dialog';
  isOpen: boolean;
  ref?: RefObject<HTMLButtonElement | null>;
  onKeyDown?: (event: React.KeyboardEvent) => void;
}

export function PopupButton(props: PopupButtonProps) {
  const {
    text,
    icon,
    kind = 'plain',
    isSmall = false,
    isIconOnly = false,
    isDisabled,
    popupId,
    popup,
    isOpen,
    ref,
  } = props;
  return (
    <button
      ref={ref}
      type="button"
      className={`button button-${kind} ${isSmall ? 'button-small' : ''} ${isIconOnly ? 'button-icon' : ''}`}
      disabled={isDisabled}
      aria-haspopup={popup}
      aria-expanded={isOpen}
      aria-label={isIconOnly ? text : undefined}
      title={isIconOnly ? text : undefined}
      popoverTarget={popupId}
      onKeyDown={props.onKeyDown}
    >
      {icon !== undefined && <Icon name={icon} />}
      {!isIconOnly && text}
      {!isIconOnly && <Icon name="chevron-down" className="-mr-1 text-muted" />}
    </button>
  );
}

interface PopoverProps {
  button: Opener;
  /** What is in it, said when the focus enters; the button's text by default. */
  label?: string;
  /** Opens towards the left, for buttons at the right end. */
  isAtEnd?: boolean;
  children: ReactNode | ((close: () => void) => ReactNode);
}

export function Popover({ button, label = button.text, isAtEnd = false, children }: PopoverProps) {
  const id = useId();
  const popup = useRef<HTMLDivElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <PopupButton {...button} popupId={id} popup="dialog" isOpen={isOpen} />
      <div
        ref={popup}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={label}
        className={`popup ${isAtEnd ? 'popup-end' : ''}`}
        onToggle={(event) => setIsOpen(event.newState === 'open')}
      >
        {isOpen && (
          <div className="popup-body">
            {typeof children === 'function' ? children(() => popup.current?.hidePopover()) : children}
          </div>
        )}
      </div>
    </>
  );
}
