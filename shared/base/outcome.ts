// What came of asking a device: a value, because a device that does not answer is no exception.

/** Why a device gave nothing usable. `detail` in the outcome names the thing and never holds a secret. */
export const FAILURE_REASONS = [
  'unreachable', // no route, name not found, connection refused by the network
  'refused', // the device answered and declined: port closed, protocol not spoken
  'denied', // wrong credential, or the credential may not do this
  'timed-out',
  'lost', // the connection ended before the answer did
  'host-key-unknown', // not pinned, and this site does not pin on first use
  'host-key-changed', // differs from the pin: refused before a credential is offered
  'identity-changed', // another machine answers at this address
  'too-large', // output over the cap
  'malformed', // output we cannot read; never partial numbers
  'unsupported', // the transport or system cannot do this
  'cancelled', // we stopped it
  'credential-missing', // the relay holds no credential of that name
  'credential-not-allowed', // it holds one, and it is not for this machine, place or purpose: it was not offered
] as const;

export type FailureReason = (typeof FAILURE_REASONS)[number];

export type Failure = { ok: false; reason: FailureReason; detail: string };
export type Outcome<T> = { ok: true; value: T } | Failure;

export const succeed = <T>(value: T): Outcome<T> => ({ ok: true, value });
export const fail = (reason: FailureReason, detail: string): Failure => ({ ok: false, reason, detail });
