// Root who enrols or stores a login at a service's data folder does it as the service's user, who must read it later.
import { stat } from 'node:fs/promises';

/** For good: the process that calls this is a command about to end. Nothing happens for others, or for root's own folders. */
export async function becomeOwnerOf(folder: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const found = await stat(folder).catch(() => undefined); // made by this command: then it is root's
  if (found === undefined || found.uid === 0) return;
  process.setgroups?.([found.gid]);
  process.setgid?.(found.gid);
  process.setuid?.(found.uid);
}
