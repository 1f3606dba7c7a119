// Which devices need somebody first: those that are down, the longest first, then those whose readings are over a line.
import type { WorstDevice } from '#shared/contract/system-contract.ts';
import type { DeviceStatus } from '#shared/model/device.ts';

/** The lines, as shares of the whole. They say "look here", they are no alerts: those are set by people. */
const LINES = {
  /** A filesystem this full leaves hours to days, and some databases stop before the end. */
  disk: 0.9,
  /** Of what programs can still get: below a twentieth the system begins to kill. */
  memory: 0.95,
  /** No time is left for anything else. A short peak passes this too, so it stands last. */
  cpu: 0.95,
} as const;
type Field = keyof typeof LINES;
const FIELDS: readonly Field[] = ['disk', 'memory', 'cpu'];

/** A device as far as this asks; NaN is unknown. */
export interface Candidate {
  id: WorstDevice['id'];
  name: string;
  siteName: string;
  status: DeviceStatus;
  /** NaN before the first word of it. */
  statusAt: number;
  disk: number;
  memory: number;
  cpu: number;
  /** Where the fullest filesystem is mounted. */
  mount: string;
}

/** How much of what the line leaves is gone: 0 at the line, 1 at the end. */
const over = (field: Field, value: number): number => (value - LINES[field]) / (1 - LINES[field]);

/** Times are below 1e13 until the year 2286: what is down outweighs what is another machine, and that any reading. */
const DOWN = 4e13;
const CHANGED = 2e13;

/** What the order asks of a device; NaN is unknown. */
export type Condition = Pick<Candidate, 'status' | 'statusAt' | Field>;

/**
 * How much somebody is needed: 0 for a device that is well. Of two that are down the one that is so for longer, unknown
 * since when before all; of two that are up what does not pass by itself, a full disk, before a busy processor. A reading of a device that is down is of
 * the past and does not count.
 */
export function badnessOf(device: Condition): number {
  const since = Number.isNaN(device.statusAt) ? 0 : device.statusAt;
  if (device.status === 'down') return DOWN - since;
  if (device.status === 'identity-changed') return CHANGED - since;
  // Whole numbers part the fields; within one the fuller outweighs.
  if (device.disk >= LINES.disk) return 3 + over('disk', device.disk) / 2;
  if (device.memory >= LINES.memory) return 2 + over('memory', device.memory) / 2;
  if (device.cpu >= LINES.cpu) return 1 + over('cpu', device.cpu) / 2;
  return 0;
}

export function worstDevice({ id, name, siteName, mount, ...device }: Candidate): WorstDevice {
  const isUp = badnessOf(device) < CHANGED / 2;
  const readings = FIELDS.filter((field) => isUp && device[field] >= LINES[field])
    .sort((a, b) => over(b, device[b]) - over(a, device[a]))
    .map((field) => ({ field, value: device[field], where: field === 'disk' ? mount : null }));
  const statusAt = Number.isNaN(device.statusAt) ? null : device.statusAt;
  return { id, name, siteName, status: device.status, statusAt, readings };
}
