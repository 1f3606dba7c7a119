// When a device is due: pure arithmetic on monotonic time. Offsets are spread evenly, failures back off, nothing bursts.
import type { DeviceId } from '#shared/base/id.ts';
import type { FailureReason } from '#shared/base/outcome.ts';

/** The second look at a new device, so that its first rates are there soon. */
export const SECOND_POLL_MS = 5_000;
/** New devices begin one after the other: 50 logins a second is what a site's relay and sshd take without a queue. */
export const FIRST_POLL_STEP_MS = 20;
/** A device that cannot be reached is asked in full at least this often, whatever its interval below. */
export const BACK_OFF_CAP_MS = 300_000;
export const BACK_OFF_FACTOR = 8;
/** One second opinion before a device that cannot be reached counts as down. */
export const RECHECK_MS = 5_000;

/** FNV-1a with a final mix: ids made in the same millisecond differ in few bits, their hashes in half of them. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 0 <= share < 1, the same for the same id. */
export const shareOf = (id: string): number => hashOf(id) / 2 ** 32;

/**
 * Devices that share a moment: a relay that wakes for eight of them spends half the processor time of one that wakes eight times
 * (0.85 against 1.6 s per 500 polls of a real sshd), and eight scripts at once are no burst for a site.
 */
const GROUP_SIZE = 8;
/** Moments are no further apart than this, however few devices there are: groups of a small site hold one. */
const MAX_GROUP_STEP_MS = 1_000;

/**
 * Where in its interval each device is polled. Devices of one interval stand in the order of their hashes, in groups at equal steps:
 * the hash alone would sometimes put three times the mean into one second.
 */
export function spreadOffsets(
  devices: ReadonlyArray<{ device: DeviceId; intervalMs: number }>,
): ReadonlyMap<DeviceId, number> {
  const groups = new Map<number, Array<{ device: DeviceId; hash: number }>>();
  for (const { device, intervalMs } of devices) {
    const group = groups.get(intervalMs) ?? [];
    group.push({ device, hash: hashOf(device) });
    groups.set(intervalMs, group);
  }
  const offsets = new Map<DeviceId, number>();
  for (const [intervalMs, group] of groups) {
    const ordered = group.sort((a, b) => a.hash - b.hash);
    const phase = shareOf(ordered[0]?.device ?? '');
    const size = Math.min(GROUP_SIZE, Math.max(1, Math.floor((ordered.length * MAX_GROUP_STEP_MS) / intervalMs)));
    ordered.forEach(({ device }, rank) => {
      const first = rank - (rank % size);
      offsets.set(device, Math.floor(((first + phase) / ordered.length) * intervalMs));
    });
  }
  return offsets;
}

/** The first grid point of the device strictly after `afterMs`. */
export const nextOnGrid = (offsetMs: number, intervalMs: number, afterMs: number): number =>
  offsetMs + (Math.floor((afterMs - offsetMs) / intervalMs) + 1) * intervalMs;

/** `poll` asks for the counters, `recheck` and `probe` only for a login; a probe's failure is no news. */
export type Attempt = 'poll' | 'recheck' | 'probe';

export interface Plan {
  dueMs: number;
  attempt: Attempt;
}

export interface Health {
  /** Failed attempts in a row, probes not counted. */
  failures: number;
  reason: FailureReason | undefined;
  /** From then on the next attempt may be a full one. */
  fullFromMs: number;
}

export const HEALTHY: Health = { failures: 0, reason: undefined, fullFromMs: 0 };

/**
 * What a failure asks for. `probe`: gone, may be back any moment. `back-off`: it answers, but not as it should, and a login
 * every interval changes nothing. `steady`: asking is free, because no packet leaves the relay; after a denial the transport
 * keeps a credential from a device until it is another one or enough time has passed that no account is locked.
 */
const RESPONSE: Record<FailureReason, 'probe' | 'back-off' | 'steady'> = {
  unreachable: 'probe',
  refused: 'probe',
  'timed-out': 'probe',
  lost: 'probe',
  cancelled: 'probe',
  malformed: 'back-off',
  'too-large': 'back-off',
  unsupported: 'back-off',
  'identity-changed': 'back-off',
  'host-key-unknown': 'back-off',
  'host-key-changed': 'back-off',
  'credential-not-allowed': 'back-off',
  denied: 'steady',
  'credential-missing': 'steady',
};

export function afterFailure(health: Health, reason: FailureReason, startedMs: number, intervalMs: number): Health {
  const failures = health.failures + 1;
  const factor = Math.min(2 ** Math.min(failures - 1, 30), BACK_OFF_FACTOR);
  const waitMs = Math.min(intervalMs * factor, Math.max(intervalMs, BACK_OFF_CAP_MS));
  // Half an interval early: attempts begin a little after their grid points, and the next one must not be missed by that.
  return { failures, reason, fullFromMs: startedMs + waitMs - intervalMs / 2 };
}

/** The next turn of a device after something was tried at or before `nowMs`. */
export function planNext(health: Health, offsetMs: number, intervalMs: number, nowMs: number): Plan {
  const grid = nextOnGrid(offsetMs, intervalMs, nowMs);
  const response = health.reason === undefined ? 'steady' : RESPONSE[health.reason];
  if (response === 'steady') return { dueMs: grid, attempt: 'poll' };
  if (response === 'probe') {
    const wantsRecheck = health.failures === 1 && (health.reason === 'unreachable' || health.reason === 'refused');
    if (wantsRecheck) return { dueMs: nowMs + Math.min(RECHECK_MS, intervalMs / 2), attempt: 'recheck' };
    return { dueMs: grid, attempt: grid >= health.fullFromMs ? 'poll' : 'probe' };
  }
  return { dueMs: Math.max(grid, nextOnGrid(offsetMs, intervalMs, health.fullFromMs)), attempt: 'poll' };
}
