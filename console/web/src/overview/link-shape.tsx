// How a relay is linked, by its shape alone: two rings joined, joined by dots, or apart.
import type { LinkKind } from './site-state.ts';

const BETWEEN: Readonly<Record<LinkKind, React.ReactNode>> = {
  linked: <path d="M6.2 6h3.6" />,
  behind: <path d="M6.4 6h3.6" strokeDasharray="1.2 1.2" />,
  away: <path d="m6.6 9.8 2.8-7.6" />,
  none: null,
};

const TONE: Readonly<Record<LinkKind, string>> = {
  linked: 'text-up',
  behind: 'text-changed',
  away: 'text-down',
  none: 'text-unknown',
};

export const LinkShape = ({ kind }: { kind: LinkKind }) => (
  <svg viewBox="0 0 16 12" aria-hidden="true" className={`h-3 w-4 shrink-0 ${TONE[kind]}`}>
    <g fill="none" stroke="currentColor" strokeWidth="1.6">
      <circle cx="3.5" cy="6" r="2.7" />
      <circle cx="12.5" cy="6" r="2.7" strokeDasharray={kind === 'none' ? '1.6 1.4' : undefined} />
      {BETWEEN[kind]}
    </g>
  </svg>
);
