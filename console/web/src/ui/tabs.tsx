// Views of one thing as links: each is a URL, so the back key and a bookmark work.
import { createLink } from '@tanstack/react-router';
import { type AnchorHTMLAttributes, type ReactNode, type Ref, useLayoutEffect, useRef } from 'react';

/** `label` says what the views are views of. */
export function Tabs({ label, children }: { label: string; children: ReactNode }) {
  const row = useRef<HTMLElement>(null);
  const shown = useRef<Element>(undefined);
  // On a phone the row is wider than the window: the one that is shown is brought into it, and moved no more while it stays.
  useLayoutEffect(() => {
    const current = row.current?.querySelector<HTMLElement>('[aria-current=page]') ?? undefined;
    if (row.current !== null && current !== undefined && current !== shown.current)
      row.current.scrollLeft = current.offsetLeft - (row.current.clientWidth - current.offsetWidth) / 2;
    shown.current = current;
  });
  return (
    <nav ref={row} aria-label={label} className="tabs">
      {children}
    </nav>
  );
}

interface AnchorProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  /** How many stand behind it. */
  count?: ReactNode;
  ref?: Ref<HTMLAnchorElement>;
}

function Anchor({ count, children, className: _router, ...rest }: AnchorProps) {
  return (
    <a {...rest} className="tab">
      {children}
      {count !== undefined && <span className="text-xs text-muted">{count}</span>}
    </a>
  );
}

/** Typed as the router's own `Link`; the one that is shown carries aria-current="page". */
export const TabLink = createLink(Anchor);
