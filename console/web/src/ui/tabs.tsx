// Views of one thing as links: each is a URL, so the back key and a bookmark work.
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ReactNode, Ref } from 'react';

/** `label` says what the views are views of. */
export function Tabs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className="tabs">
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
