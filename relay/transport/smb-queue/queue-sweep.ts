// Removes what a queue has left behind: files of jobs that ended more than a day ago, by the time that stands in their ids.
import type { EpochMs } from '#shared/base/clock.ts';
import { CLAIMED, DONE, JOBS, type QueueShare } from './queue-share.ts';

// 25 h: the longest order runs a day, and its answer may lie for an hour.
const KEPT_MS = 25 * 3_600_000;
// 200: a sweep shares the connection with polls; what is left is swept at the next login.
const MAX_REMOVED = 200;

/** Ids are UUIDs of version 7, which begin with their time (RFC 9562 5.7). Other files are not ours, and stay. */
const OURS = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\./;

export function isLeftover(name: string, now: EpochMs): boolean {
  const [, high, low] = OURS.exec(name) ?? [];
  return high !== undefined && Number.parseInt(`${high}${low}`, 16) < now - KEPT_MS;
}

/** Best effort: what cannot be removed now is tried again. Gives how many files went. */
export async function sweepQueue(share: QueueShare, now: EpochMs, signal: AbortSignal): Promise<number> {
  let removed = 0;
  for (const folder of [JOBS, CLAIMED, DONE]) {
    const names = await share.names(folder, signal);
    for (const name of names.ok ? names.value.filter((one) => isLeftover(one, now)) : []) {
      if (removed >= MAX_REMOVED || signal.aborted) return removed;
      if ((await share.remove(folder, name, signal)).ok) removed += 1;
    }
  }
  return removed;
}
