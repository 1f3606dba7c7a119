// A process group of this machine: signal it, and see whether anything of it still runs.
import { readdirSync, readFileSync } from 'node:fs';

export function signalGroup(group: number, signal: 'SIGTERM' | 'SIGKILL' | 0): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false; // no such group: it is gone
  }
}

/** True for a member that is not a zombie: `pid (name) state parent group ...`, and a name may hold anything, even ")". */
function isLiveMember(stat: string, group: number): boolean {
  const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return pgrp === String(group) && state !== 'Z' && state !== 'X';
}

function hasLiveMember(pid: string, group: number): boolean {
  try {
    return isLiveMember(readFileSync(`/proc/${pid}/stat`, 'latin1'), group);
  } catch {
    return false; // it ended while we looked
  }
}

/** Zombies do not count: they run nothing, and a container's first process may never reap them. */
export function isGroupAlive(group: number): boolean {
  if (!signalGroup(group, 0)) return false;
  try {
    return readdirSync('/proc').some((name) => /^\d+$/.test(name) && hasLiveMember(name, group));
  } catch {
    return true; // no /proc here: the signal's answer stands
  }
}
