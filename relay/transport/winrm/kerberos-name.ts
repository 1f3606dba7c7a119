// Whom Kerberos logs in as and whom it asks for, from a login's name and a line of the roster.
import { isIP } from 'node:net';
import type { RosterEntry } from '#shared/model/device.ts';

export interface KerberosNames {
  /** user@REALM. */
  principal: string;
  /** HTTP/host.name, of the machine that is to be met. */
  service: string;
}

/**
 * Undefined where Kerberos is not possible: no realm is known, the login is an account of the machine itself, or the machine has
 * only an address, which is no name of a service. A realm in the login's own name counts before the roster's.
 *
 * Whoever is asked as the directory of a realm gets a proof of the password that can be guessed at, wherever DNS says that it
 * stands. So a realm that stands in the roster alone, which a console writes, is asked where the relay's own configuration has it.
 */
export function kerberosNames(
  user: string,
  { address, spn, realm: named }: RosterEntry,
  realms: readonly string[] = [],
): KerberosNames | undefined {
  const realm = named !== undefined && realms.includes(named) ? named : undefined;
  const service = spn ?? (isIP(address) === 0 ? `HTTP/${address}` : undefined);
  const slash = user.indexOf('\\');
  const at = slash < 0 ? user.lastIndexOf('@') : -1;
  const own = at < 0 ? undefined : user.slice(at + 1).toUpperCase();
  const inRealm = own === undefined || own === '' ? realm : own;
  if (service === undefined || inRealm === undefined || user.startsWith('.\\')) return undefined;
  const name = at < 0 ? user.slice(slash + 1) : user.slice(0, at);
  return name === '' ? undefined : { principal: `${name}@${inRealm}`, service };
}

/** What a person does where the roster's realm is nobody else's word; empty elsewhere. */
export function realmAdvice(user: string, entry: RosterEntry, realms: readonly string[] = []): string {
  const { realm } = entry;
  if (realm === undefined || kerberosNames(user, entry, realms) !== undefined) return '';
  if (kerberosNames(user, entry, [realm]) === undefined) return '';
  return `; realm ${realm} is not asked: name it in the relay's own configuration (kerberos.realms), or the login as user@${realm}`;
}
