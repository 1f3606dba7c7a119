// Whose account a login is: one machine's own, or a directory's that many machines ask. It decides how far a wrong password reaches.
import type { DeviceId } from '#shared/base/id.ts';
import type { RosterEntry } from '#shared/model/device.ts';

/** `shared`: not told by the name, as over SSH, where any account may be a directory's. */
export type LoginAuthority = 'shared' | 'machine' | 'domain';

/**
 * Over WinRM and SMB `user` and `.\user` name an account of each machine; `NAME\user` and `user@realm` one of a single authority,
 * and so does a plain name beside a realm. That NAME is the machine itself is no reason to try it elsewhere: a roster could give
 * that name to all machines. A login that is fetched later has no name yet and counts as a domain's.
 */
export function loginAuthority(user: string, { transport, realm }: RosterEntry): LoginAuthority {
  if (transport !== 'winrm' && transport !== 'smb') return 'shared';
  if (user.startsWith('.\\')) return 'machine';
  const isOfOne = user === '' || /[\\@]/.test(user) || realm !== undefined;
  return isOfOne ? 'domain' : 'machine';
}

/** Who asks for leave to try a login, and who judges it there. Not the realm: a roster could name as many as it likes. */
export interface LoginAsker {
  device: DeviceId;
  /** Absent: `shared`. */
  authority?: LoginAuthority;
}

export const loginAsker = (user: string, entry: RosterEntry): LoginAsker => ({
  device: entry.device,
  authority: loginAuthority(user, entry),
});
