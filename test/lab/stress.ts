// What makes a simulated device suffer: levels that are replaced, and counters that rise at another pace, so that checks have something to find.
import { z } from 'zod';
import type { DiskReading, NicReading, Reading } from './device-load.ts';

const Share = z.number().min(0).max(1);

/** Each absent member is as healthy as the device's model makes it. */
export const Stress = z.strictObject({
  /** Share of all processor time. */
  cpuUsed: Share.optional(),
  memoryUsed: Share.optional(),
  /** Of each filesystem, as df reckons it. */
  diskUsed: Share.optional(),
  /** Requests in each disk's queue, on average. */
  diskQueue: z.number().min(0).max(1_000).optional(),
  /** Of one request, in milliseconds. */
  diskLatencyMs: z.number().min(0.1).max(60_000).optional(),
  /** A minute, on each interface. */
  networkErrors: z.int().min(0).max(1_000_000).optional(),
  /** A second, each way on each interface. */
  networkBytes: z.int().min(0).max(1e11).optional(),
  failedServices: z.int().min(0).max(1_000).optional(),
  /** Since its boot, as it says. */
  uptimeMs: z.int().min(0).max(4e11).optional(),
});
export type Stress = z.infer<typeof Stress>;

/** What the last look read, so that a counter goes on from there. */
export interface Look {
  at: number;
  /** What the model says. */
  plain: Reading;
  /** What was told. */
  told: Reading;
}

const KINDS = ['user', 'nice', 'system', 'idle', 'iowait', 'steal'] as const;

/** What is told now: the model's reading under this stress. Counters that are not touched go on at the model's pace. */
export function stressedReading(plain: Reading, at: number, stress: Stress, last: Look | undefined): Reading {
  const levels = withLevels(plain, stress);
  if (last === undefined) return levels;
  const seconds = Math.max(0, at - last.at) / 1_000;
  return {
    ...levels,
    cpu: cpuOf(plain, last, stress.cpuUsed),
    disks: plain.disks.map((disk, i) => diskOf(disk, last.plain.disks[i], last.told.disks[i], { stress, seconds })),
    nics: plain.nics.map((nic, i) => nicOf(nic, last.plain.nics[i], last.told.nics[i], { stress, seconds })),
  };
}

function withLevels(plain: Reading, stress: Stress): Reading {
  const { memoryUsed, diskUsed, failedServices, uptimeMs } = stress;
  const { totalKb } = plain.memory;
  const availableKb = memoryUsed === undefined ? undefined : Math.floor(totalKb * (1 - memoryUsed));
  return {
    ...plain,
    ...(uptimeMs === undefined ? {} : { uptimeCs: Math.floor(uptimeMs / 10) }),
    failedServices: failedServices ?? plain.failedServices,
    memory: availableKb === undefined ? plain.memory : { ...plain.memory, availableKb, freeKb: availableKb },
    filesystems: plain.filesystems.map((one) => {
      if (diskUsed === undefined) return one;
      const usedKb = Math.floor(one.sizeKb * diskUsed);
      return { ...one, usedKb, availableKb: one.sizeKb - usedKb };
    }),
  };
}

function cpuOf(plain: Reading, last: Look, used: number | undefined): Reading['cpu'] {
  const rise = (kind: (typeof KINDS)[number]) => Math.max(0, plain.cpu[kind] - last.plain.cpu[kind]);
  const told = { ...last.told.cpu };
  if (used === undefined) {
    for (const kind of KINDS) told[kind] += rise(kind);
    return told;
  }
  const total = KINDS.reduce((sum, kind) => sum + rise(kind), 0);
  const busy = Math.round(total * used);
  told.user += busy;
  told.idle += total - busy;
  return told;
}

interface Span {
  stress: Stress;
  seconds: number;
}

/** What a counter rose by since the last look; a device that booted meanwhile begins at nothing. */
const riseOf = (now: number, then: number | undefined): number => Math.max(0, now - (then ?? 0));

function diskOf(
  plain: DiskReading,
  before: DiskReading | undefined,
  told: DiskReading | undefined,
  { stress, seconds }: Span,
): DiskReading {
  if (before === undefined || told === undefined) return plain;
  const rise = (key: Exclude<keyof DiskReading, 'device'>) => riseOf(plain[key], before[key]);
  const next = { ...told };
  for (const key of ['reads', 'readSectors', 'writes', 'writeSectors', 'busyMs', 'queueMs'] as const)
    next[key] += rise(key);
  if (stress.diskQueue !== undefined) next.queueMs = told.queueMs + Math.round(stress.diskQueue * seconds * 1_000);
  if (stress.diskLatencyMs !== undefined) {
    // By Little's law: so many requests as make this latency of the queue there is; at least one.
    const queueMs = next.queueMs - told.queueMs;
    const requests = Math.max(1, Math.round(queueMs / stress.diskLatencyMs));
    next.reads = told.reads + requests;
    next.writes = told.writes;
    next.queueMs = told.queueMs + Math.round(requests * stress.diskLatencyMs);
  }
  return next;
}

function nicOf(
  plain: NicReading,
  before: NicReading | undefined,
  told: NicReading | undefined,
  { stress, seconds }: Span,
): NicReading {
  if (before === undefined || told === undefined) return plain;
  const next = { ...told };
  for (const key of Object.keys(before) as Array<keyof NicReading>) // our own object of our own keys
    if (key !== 'name') next[key] += riseOf(plain[key], before[key]);
  if (stress.networkErrors !== undefined)
    next.rxErrors = told.rxErrors + Math.round((stress.networkErrors * seconds) / 60);
  if (stress.networkBytes !== undefined) {
    next.rxBytes = told.rxBytes + Math.round(stress.networkBytes * seconds);
    next.txBytes = told.txBytes + Math.round(stress.networkBytes * seconds);
  }
  return next;
}
