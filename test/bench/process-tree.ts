// All processes that descend from one: to stop, continue or weigh a real server with everything it forked.
import { readdirSync, readFileSync } from 'node:fs';

function parents(): Map<number, number> {
  const parentOf = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parentOf.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended while we looked.
    }
  }
  return parentOf;
}

/** The process and all its descendants, parents before children. */
export function processTree(root: number): number[] {
  const parentOf = parents();
  const tree = [root];
  for (const pid of tree) for (const [child, parent] of parentOf) if (parent === pid) tree.push(child);
  return tree;
}

/** Sends a signal to the whole tree, the root first, so that it forks nothing meanwhile. */
export function signalTree(root: number, signal: 'SIGSTOP' | 'SIGCONT'): void {
  for (const pid of processTree(root)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended while we counted.
    }
  }
}
