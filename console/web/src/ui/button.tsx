// Buttons: one primary per place, plain for the rest, quiet inside dense rows, danger for what cannot be undone.
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { useMay } from '#console/web/src/rights/may.ts';
import { Icon, type IconName } from './icon.tsx';
import { Tooltip } from './tooltip.tsx';

export type ButtonKind = 'primary' | 'plain' | 'quiet' | 'danger';

interface Needs {
  /** The right that it asks for: who has it nowhere sees no such button. */
  needs?: string | undefined;
}

interface Look {
  kind?: ButtonKind;
  /** For rows of tables and heads of panels. */
  isSmall?: boolean;
  icon?: IconName;
}

interface ButtonProps extends Look, Needs, Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'> {
  /** Keeps the focus and takes no press until it is done. */
  isBusy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

const classOf = ({ kind = 'plain', isSmall = false }: Look, more = ''): string =>
  `button button-${kind} ${isSmall ? 'button-small' : ''} ${more}`;

export function Button({
  kind,
  isSmall,
  icon,
  isBusy = false,
  type = 'button',
  onClick,
  children,
  needs,
  ...rest
}: ButtonProps) {
  if (!useMay(needs)) return null;
  const sign = isBusy ? <span className="busy-sign" aria-hidden="true" /> : icon !== undefined && <Icon name={icon} />;
  return (
    <button
      {...rest}
      // A busy submit button would submit its form a second time.
      type={isBusy ? 'button' : type}
      className={classOf({ ...(kind && { kind }), ...(isSmall && { isSmall }) })}
      aria-busy={isBusy || undefined}
      onClick={isBusy ? undefined : onClick}
    >
      {sign}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon' | 'title'> {
  icon: IconName;
  /** What it does: its name for a screen reader, and its hint. */
  label: string;
}

export function IconButton({
  icon,
  label,
  kind = 'quiet',
  isSmall = false,
  type = 'button',
  isBusy,
  needs,
  ...rest
}: IconButtonProps) {
  if (!useMay(needs)) return null;
  return (
    <Tooltip text={label} isName>
      <button
        {...rest}
        type={type}
        aria-label={label}
        aria-busy={isBusy || undefined}
        className={classOf({ kind, isSmall }, 'button-icon')}
      >
        {isBusy === true ? <span className="busy-sign" aria-hidden="true" /> : <Icon name={icon} />}
      </button>
    </Tooltip>
  );
}

interface AnchorProps extends Look, Needs, AnchorHTMLAttributes<HTMLAnchorElement> {
  ref?: Ref<HTMLAnchorElement>;
  children?: ReactNode;
}

function Anchor({ kind, isSmall, icon, children, className: _router, needs, ...rest }: AnchorProps) {
  if (!useMay(needs)) return null;
  return (
    <a {...rest} className={classOf({ ...(kind && { kind }), ...(isSmall && { isSmall }) })}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </a>
  );
}

/** A link that looks like a button: it leads somewhere, it does nothing. Typed as the router's own `Link`. */
export const LinkButton = createLink(Anchor);
