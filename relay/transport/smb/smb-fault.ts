// What can go wrong between a relay and a file server, each as a word that callers may tell apart.
import { type Failure, type FailureReason, fail } from '#shared/base/outcome.ts';

/** Each kind of fault and what it means to somebody who only knows the reasons of every transport. */
const REASON_OF_FAULT = {
  unreachable: 'unreachable',
  refused: 'refused',
  lost: 'lost',
  'timed-out': 'timed-out',
  cancelled: 'cancelled',
  malformed: 'malformed',
  /** The login was not accepted: wrong, locked, expired or barred. It is never tried again by itself. */
  'logon-failure': 'denied',
  /** Logged in, and not allowed to do this. */
  'access-denied': 'denied',
  /** The server ended the session; a new login is needed. */
  'session-expired': 'lost',
  /** Below the least dialect of our policy; no login was offered. */
  'dialect-too-old': 'refused',
  /** Somebody on the way, or the server, took away what was agreed on. */
  downgraded: 'refused',
  /** The server let us in as a guest or as nobody, so nothing protects what is said. */
  'guest-session': 'refused',
  'not-signed': 'refused',
  'bad-signature': 'refused',
  'not-encrypted': 'refused',
  'no-such-file': 'refused',
  'no-such-share': 'refused',
  'already-there': 'refused',
  'in-use': 'refused',
  'not-empty': 'refused',
  'is-folder': 'unsupported',
  'not-a-folder': 'unsupported',
  'bad-name': 'unsupported',
  'disk-full': 'refused',
  'too-large': 'too-large',
  'hash-differs': 'malformed',
  unsupported: 'unsupported',
  /** Any other status of the server; the detail holds its number. */
  'server-error': 'refused',
} as const satisfies Record<string, FailureReason>;

export type SmbFault = keyof typeof REASON_OF_FAULT;

/** A failure of every transport that also says which fault it was. */
export type SmbFailure = Failure & { fault: SmbFault };
export type SmbOutcome<T> = { ok: true; value: T } | SmbFailure;

export const smbFailure = (fault: SmbFault, detail: string): SmbFailure => ({
  ...fail(REASON_OF_FAULT[fault], detail),
  fault,
});

/** Thrown inside the room and turned into an `SmbFailure` at its door. */
export class SmbError extends Error {
  override readonly name = 'SmbError';
  readonly fault: SmbFault;
  /** NTSTATUS, where the server gave one (MS-ERREF 2.3.1). */
  readonly status: number | undefined;

  constructor(fault: SmbFault, message: string, options?: { cause?: unknown; status?: number }) {
    super(message, { cause: options?.cause });
    this.fault = fault;
    this.status = options?.status;
  }
}

/** What was thrown as a value; a fault of our own code is thrown on. */
export function failureOf(name: string, error: unknown): SmbFailure {
  if (error instanceof SmbError) return smbFailure(error.fault, `${name}: ${error.message}`);
  throw error;
}
