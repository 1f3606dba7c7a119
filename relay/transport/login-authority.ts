// Whose account a login is: one machine's own, or a directory's that many machines ask. It decides how far a wrong password reaches.
import type { DeviceId } from '#shared/base/id.ts';
import type { RosterEntry } from '#shared/model/device.ts';

/** `shared`: not told by the name, as over SSH, where any account may be a directory's. */
export type LoginAuthority = 'shared' | 'machine' | 'domain';

// 15: a machine's NetBIOS name is cut there (MS-NBTE 2.2.1).
const MAX_MACHINE_NAME = 15;

const machineName = (text: string) => text.split('.', 1)[0]?.slice(0, MAX_MACHINE_NAME).toLowerCase();

/**
 * Over WinRM and SMB `user`, `.\user` and `HOST\user` name an account of that machine; `DOM\user` and `user@realm` one of a
 * domain, and so does a plain name beside a realm. A login that is fetched later has no name yet and counts as a domain's.
 */
export function loginAuthority(user: string, { transport, name, address, realm }: RosterEntry): LoginAuthority {
  if (transport !== 'winrm' && transport !== 'smb') return 'shared';
  const slash = user.indexOf('\\');
  if (slash < 0) return user === '' || user.includes('@') || realm !== undefined ? 'domain' : 'machine';
  const prefix = user.slice(0, slash).toLowerCase();
  const isMachine = prefix === '.' || prefix === machineName(address) || prefix === machineName(name);
  return isMachine ? 'machine' : 'domain';
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
