// What an error of the API means for a page: one sentence, and whether asking again may help.
import { ORPCError } from '@orpc/client';
import { t } from './text.ts';

/** The wrong fields of a form, as the console named them: `fieldFaults(error)`. */
export { fieldFaults } from '#shared/contract/problem-answer.ts';

export const isSignedOut = (error: unknown): boolean => error instanceof ORPCError && error.status === 401;
export const isMissing = (error: unknown): boolean => error instanceof ORPCError && error.status === 404;

const sentence = (text: string): string =>
  `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

export function faultText(error: unknown): string {
  // A gateway's answers say nothing of their own: it is the console behind them that is silent.
  if (error instanceof ORPCError && error.status < 502) return sentence(error.message);
  if (error instanceof DOMException && error.name === 'TimeoutError') return t('tooLong');
  return t('silent');
}

/** A refusal stays a refusal; only silence and faults are worth a second try. */
export const isWorthRetrying = (count: number, error: unknown): boolean =>
  count < (isStarting(error) ? STARTING_TRIES : 1) && !(error instanceof ORPCError && error.status < 500);

/** A console that began a moment ago says so while it reads its devices: after 1, 2, 4 and 8 s it has. */
const STARTING_TRIES = 4;
// An empty 503 is a gateway's: its console may be away for hours, and who waits is told within two seconds.
const isStarting = (error: unknown): boolean =>
  error instanceof ORPCError && error.status === 503 && error.code === 'UNAVAILABLE';
