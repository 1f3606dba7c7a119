// What an error of the API means for a page: one sentence, and whether asking again may help.
import { ORPCError } from '@orpc/client';
import { type Language, language } from '#console/web/src/i18n/language.ts';
import { t } from './text.ts';

/** The wrong fields of a form, as the console named them: `fieldFaults(error)`. */
export { fieldFaults } from '#shared/contract/problem-answer.ts';

export const isSignedOut = (error: unknown): boolean => error instanceof ORPCError && error.status === 401;
/** Who is signed out, or may not: asking again changes nothing. */
export const isRefused = (error: unknown): boolean =>
  error instanceof ORPCError && (error.status === 401 || error.status === 403);
export const isMissing = (error: unknown): boolean => error instanceof ORPCError && error.status === 404;

const sentence = (text: string): string =>
  `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

/** The kinds of refusal that pages meet, by their codes as an ORPCError holds them. */
const KINDS = {
  BAD_REQUEST: 'badRequest',
  NOT_FOUND: 'notFound',
  CONFLICT: 'conflict',
  DENIED: 'denied',
  STEP_UP_REQUIRED: 'stepUp',
  UNAUTHENTICATED: 'unauthenticated',
  TOO_LARGE: 'tooLarge',
  RATE_LIMITED: 'rateLimited',
  TIMED_OUT: 'timedOut',
  UNAVAILABLE: 'unavailable',
  SIGNATURE_MISSING: 'signatureMissing',
  SIGNATURE_INVALID: 'signatureInvalid',
  CHARTER_EXPIRED: 'charterExpired',
  CAP_EXCEEDED: 'capExceeded',
  FROZEN: 'frozen',
  MANIFEST_EXPIRED: 'manifestExpired',
  MANIFEST_REPLAYED: 'manifestReplayed',
  CHARTER_INVALID: 'charterInvalid',
  CLOCK_SKEW: 'clockSkew',
  TOKEN_USED: 'tokenUsed',
  TOKEN_EXPIRED: 'tokenExpired',
  TOKEN_UNKNOWN: 'tokenUnknown',
  STANDING_WITHDRAWN: 'standingWithdrawn',
  IDENTITY_CHANGED: 'identityChanged',
  INTERNAL: 'internal',
} as const;
const kindOf = (code: string) => (code in KINDS ? KINDS[code as keyof typeof KINDS] : 'refused'); // just asked for

/** The console speaks English: where the page does not, the kind of refusal comes first, in the page's language. */
export function saidText(
  { code, message }: Pick<ORPCError<string, unknown>, 'code' | 'message'>,
  page: Language,
): string {
  const said = sentence(message);
  return page === 'en' ? said : t('saidByConsole', { what: t(kindOf(code)), said });
}

export function faultText(error: unknown): string {
  // A gateway's answers say nothing of their own: it is the console behind them that is silent.
  if (error instanceof ORPCError && error.status < 502) return saidText(error, language);
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
