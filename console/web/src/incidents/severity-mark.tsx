// How bad something is, by shape, colour and word: no one of them alone carries it.
import type { ReactNode } from 'react';
import type { Severity } from '#shared/model/alert-words.ts';
import { t } from './text.ts';

export const severityText = (severity: Severity): string => t(`severity_${severity}`);

/** A colour for words, too. */
export const SEVERITY_COLOUR: Readonly<Record<Severity, string>> = {
  critical: 'text-down',
  high: 'text-down',
  medium: 'text-changed',
  low: 'text-accent',
  info: 'text-muted',
};

const SHAPES: Readonly<Record<Severity, ReactNode>> = {
  critical: <path d="M3.5 .5h5l3 3v5l-3 3h-5l-3-3v-5z" fill="currentColor" />,
  high: <path d="M6 1 11.5 11h-11z" fill="currentColor" />,
  medium: <path d="M6 .5 11.5 6 6 11.5.5 6z" fill="currentColor" />,
  low: <path d="M6 11 .75 1.5h10.5z" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" />,
  info: <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.5" />,
};

export function SeverityShape({ severity, isQuiet = false }: { severity: Severity; isQuiet?: boolean }) {
  return (
    <svg
      viewBox="0 0 12 12"
      aria-hidden="true"
      className={`size-3 shrink-0 ${isQuiet ? 'text-muted' : SEVERITY_COLOUR[severity]}`}
    >
      {SHAPES[severity]}
    </svg>
  );
}

/** `isQuiet`: it is over, or nobody needs to do anything about it. */
export function SeverityMark({ severity, isQuiet = false }: { severity: Severity; isQuiet?: boolean }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <SeverityShape severity={severity} isQuiet={isQuiet} />
      <span className={isQuiet ? 'text-muted' : `font-medium ${SEVERITY_COLOUR[severity]}`}>
        {severityText(severity)}
      </span>
    </span>
  );
}
