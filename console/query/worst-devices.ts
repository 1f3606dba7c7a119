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
/** What does not pass by itself is worse than what may. */
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

type Reading = WorstDevice['readings'][number];

/** How much of what the line leaves is gone: 0 at the line, 1 at the end. */
const over = (field: Field, value: number): number => (value - LINES[field]) / (1 - LINES[field]);

function readingsOf(device: Candidate): Reading[] {
  return FIELDS.filter((field) => device[field] >= LINES[field])
    .sort((a, b) => over(b, device[b]) - over(a, device[a]))
    .map((field) => ({ field, value: device[field], where: field === 'disk' ? device.mount : null }));
}

/** Down, another machine, then the others; a reading of a device that is down is of the past. */
const TROUBLE: readonly DeviceStatus[] = ['down', 'identity-changed'];
const isTrouble = (device: Candidate): boolean => TROUBLE.includes(device.status);

function worseFirst(a: Judged, b: Judged): number {
  const byTrouble = rankOf(a.device) - rankOf(b.device);
  if (byTrouble !== 0) return byTrouble;
  if (isTrouble(a.device)) return timeOf(a.device) - timeOf(b.device);
  return b.weight - a.weight;
}

const rankOf = ({ status }: Candidate): number => (TROUBLE.indexOf(status) + TROUBLE.length + 1) % (TROUBLE.length + 1);
/** Unknown since when: the longest. */
const timeOf = ({ statusAt }: Candidate): number => (Number.isNaN(statusAt) ? 0 : statusAt);

interface Judged {
  device: Candidate;
  readings: Reading[];
  /** A full disk outweighs any busy processor; of equal fields the fuller one. */
  weight: number;
}

function weightOf(device: Candidate, readings: readonly Reading[]): number {
  return FIELDS.reduce((weight, field, place) => {
    const isOver = readings.some((reading) => reading.field === field);
    return isOver ? Math.max(weight, FIELDS.length - place + over(field, device[field]) / 2) : weight;
  }, 0);
}

export function worstOf(devices: Iterable<Candidate>, limit: number): WorstDevice[] {
  const judged: Judged[] = [];
  for (const device of devices) {
    const readings = isTrouble(device) ? [] : readingsOf(device);
    if (isTrouble(device) || readings.length > 0) judged.push({ device, readings, weight: weightOf(device, readings) });
  }
  return judged
    .sort(worseFirst)
    .slice(0, limit)
    .map(({ device: { id, name, siteName, status, statusAt }, readings }) => ({
      id,
      name,
      siteName,
      status,
      statusAt: Number.isNaN(statusAt) ? null : statusAt,
      readings,
    }));
}
