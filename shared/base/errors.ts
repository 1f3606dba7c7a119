// A broken promise of our own code or a refused request, with a stable code. Device outcomes are values, see outcome.ts.

/** Every code that may reach a log, the wire or an HTTP answer; codes never change their meaning. */
export const ERROR_CODES = [
  'bad-request',
  'not-found',
  'conflict',
  'denied',
  'unauthenticated',
  'step-up-required',
  'too-large',
  'rate-limited',
  'timed-out',
  'unavailable',
  'config-invalid',
  'store-newer',
  'store-unfit',
  'token-unknown',
  'token-used',
  'token-expired',
  'certificate-unknown',
  'certificate-revoked',
  'certificate-expired',
  'certificate-intercepted',
  'authority-mismatch',
  'owner-mismatch',
  'protocol-older',
  'protocol-newer',
  'frame-malformed',
  'frame-oversized',
  'frame-unexpected',
  'sequence-gap',
  'crc-mismatch',
  'spool-full',
  'disk-full',
  'spool-corrupt',
  'clock-skew',
  'signature-invalid',
  'signature-missing',
  'manifest-invalid',
  'manifest-expired',
  'manifest-early',
  'manifest-replayed',
  'manifest-retargeted',
  'charter-invalid',
  'charter-rollback',
  'charter-expired',
  'cap-exceeded',
  'frozen',
  'halted',
  'standing-withdrawn',
  'break-glass',
  'identity-changed',
  'credential-missing',
  'roster-invalid',
  'audit-regression',
  'audit-key-changed',
  'audit-trail-changed',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Said by the API alone: relays of every release must be able to read the codes that travel. */
const OF_THE_API: ReadonlySet<ErrorCode> = new Set(['step-up-required']);
/** The codes that a relay and a console may tell each other. */
export const WIRE_CODES: readonly ErrorCode[] = ERROR_CODES.filter((code) => !OF_THE_API.has(code));

export class AppError extends Error {
  readonly code: ErrorCode;
  /** `message` names the thing ("relay fra-2: ...") and never holds a secret. */
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
  }
}

/** The code and message of anything thrown, for logs and answers; an unknown throwable is `internal`. */
export function describeError(error: unknown): { code: ErrorCode; message: string } {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
