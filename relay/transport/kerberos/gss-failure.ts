// What Kerberos says when there is no login, in words for people and in kinds for the breaker: only the directory's word on the secret is `denied`.
import { printable } from '#relay/transport/script-output.ts';
import { SecurityFailure, type SecurityFailureKind } from '#relay/transport/security-context.ts';
import type { GssLibrary, GssStatus } from './gss-library.ts';

// Error tables of MIT Kerberos: protocol errors of RFC 4120, 7.5.9 begin at this number.
const KRB5_BASE = -1_765_328_384;

const PROTOCOL: Readonly<Record<number, readonly [SecurityFailureKind, string]>> = {
  6: ['denied', 'the directory does not know this user'],
  7: ['unsupported', 'the directory does not know this service'],
  12: ['denied', 'the directory does not allow this login now'],
  14: ['downgrade', 'the directory offers no encryption that is strong enough'],
  18: ['denied', 'the account is disabled or locked'],
  23: ['denied', 'the password has expired'],
  24: ['denied', 'the password is wrong'],
  31: ['denied', 'the password is wrong'],
  37: ['refused', 'the clocks of this machine and of the directory or the host differ too much'],
  41: ['refused', 'the host does not have the key of this service'],
};

// Errors of the library itself, from the same table.
const LIBRARY: Readonly<Record<number, readonly [SecurityFailureKind, string]>> = {
  [-1_765_328_228]: ['unreachable', 'no server of the realm answers'],
  [-1_765_328_230]: ['unreachable', 'no server is known for the realm'],
  [-1_765_328_164]: ['unreachable', 'no server is known for the realm'],
  [-1_765_328_174]: ['denied', 'the password is wrong'],
  [-1_765_328_234]: ['downgrade', 'the ticket is of an encryption that is not strong enough'],
};

// RFC 2744, 3.9.1: routine errors stand in bits 16 to 23.
const ROUTINE: Readonly<Record<number, readonly [SecurityFailureKind, string]>> = {
  1: ['unsupported', 'the library has no Kerberos'],
  4: ['integrity', 'the channel is not the one that was agreed on'],
  6: ['integrity', 'the signature of a message is wrong'],
  9: ['malformed', 'the host sent something that is no token'],
  10: ['malformed', 'the host sent a token that is not right'],
  12: ['refused', 'the login has ended'],
};

/** Of a call that did not succeed. */
export function gssFailure(gss: Pick<GssLibrary, 'text'>, { major, minor }: GssStatus): SecurityFailure {
  const known = PROTOCOL[minor - KRB5_BASE] ?? LIBRARY[minor] ?? ROUTINE[(major >>> 16) & 0xff];
  if (known !== undefined) return new SecurityFailure(known[0], `Kerberos: ${known[1]}`);
  return new SecurityFailure('refused', `Kerberos: ${printable(gss.text(minor)) || `status ${major.toString(16)}`}`);
}
