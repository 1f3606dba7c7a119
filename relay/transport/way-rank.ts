// Which way to a device rests on less than another. Pure: the floor of a device and every choice go by it.
import type { SessionWay } from './transport.ts';

export type WayStrength = Pick<SessionWay, 'auth' | 'seal'>;

/** `tls` and `ssh` name the machine by a pinned key; `sealed` keeps others from reading, whoever the machine is. */
const SEALS: Readonly<Record<SessionWay['seal'], number>> = { tls: 2, ssh: 2, sealed: 1, none: 0 };
/** Kerberos proves the machine through the realm and leaves nothing behind that can be guessed at. */
const AUTHS: Readonly<Record<SessionWay['auth'], number>> = { kerberos: 1, ntlm: 0, key: 0, password: 0, none: 0 };

/** Less in either is less: TLS with NTLM is no stand-in for TLS with Kerberos. */
export const isWeaker = (way: WayStrength, floor: WayStrength): boolean =>
  SEALS[way.seal] < SEALS[floor.seal] || AUTHS[way.auth] < AUTHS[floor.auth];

/** What counts from now on: a way that is stronger in both raises the floor. */
export const higher = (way: SessionWay, floor: SessionWay | undefined): SessionWay =>
  floor === undefined || !isWeaker(way, floor) ? way : floor;

const AUTH_WORDS: Readonly<Record<SessionWay['auth'], string | undefined>> = {
  kerberos: 'Kerberos',
  ntlm: 'NTLM',
  key: 'a key',
  password: 'a password',
  none: undefined,
};

/** Such as "over TLS with Kerberos". */
export function wayWords({ auth, seal, transport }: WayStrength & Pick<SessionWay, 'transport'>): string {
  const plain = transport === 'smb' ? 'over SMB' : 'over sealed HTTP';
  const over = { tls: 'over TLS', ssh: 'over SSH', sealed: plain, none: 'in the clear' }[seal];
  const words = AUTH_WORDS[auth];
  return words === undefined ? over : `${over} with ${words}`;
}
