// What a simulated device measures at a moment: pure waves over the day and the minute, counters that are their integrals.
import type { DeviceModel } from './device-model.ts';

export interface CpuTicks {
  user: number;
  nice: number;
  system: number;
  idle: number;
  iowait: number;
  steal: number;
}

export interface DiskReading {
  device: string;
  reads: number;
  readSectors: number;
  writes: number;
  writeSectors: number;
  busyMs: number;
  /** Of all requests together, waiting and served. */
  queueMs: number;
}

export interface FilesystemReading {
  device: string;
  mount: string;
  sizeKb: number;
  usedKb: number;
  availableKb: number;
}

export interface NicReading {
  name: string;
  rxBytes: number;
  txBytes: number;
  rxPackets: number;
  txPackets: number;
  rxErrors: number;
  txErrors: number;
  rxDrops: number;
  txDrops: number;
}

/** One look at a device, in the units of its /proc. */
export interface Reading {
  uptimeCs: number;
  cpu: CpuTicks;
  /** Hundredths. */
  load: readonly [number, number, number];
  memory: {
    totalKb: number;
    freeKb: number;
    availableKb: number;
    cachedKb: number;
    swapTotalKb: number;
    swapFreeKb: number;
  };
  processes: { running: number; blocked: number; total: number };
  pressureUs: { cpu: number; memory: number; io: number };
  failedServices: number;
  filesystems: readonly FilesystemReading[];
  disks: readonly DiskReading[];
  nics: readonly NicReading[];
}

// A day, the minutes of batch jobs, and a fast one so that neighbouring polls differ. The amplitudes sum to 0.9: the wave stays above 0.
const WAVES = [
  { periodS: 86_400, amplitude: 0.45 },
  { periodS: 3_413, amplitude: 0.2 },
  { periodS: 409, amplitude: 0.15 },
  { periodS: 61, amplitude: 0.1 },
] as const;
const TAU = 2 * Math.PI;
/** Ticks per second of every Linux a relay meets. */
const HZ = 100;

const angle = (seconds: number, periodS: number, phase: number) => TAU * (seconds / periodS + phase);

/** Around 1, between 0.1 and 1.9. */
const wave = (seconds: number, phase: number): number =>
  WAVES.reduce((sum, { periodS, amplitude }) => sum + amplitude * Math.sin(angle(seconds, periodS, phase)), 1);

/** The integral of `wave` from `from` to `to`, in seconds: rises strictly, so counters built on it never fall. */
export function waveArea(from: number, to: number, phase: number): number {
  return WAVES.reduce((sum, { periodS, amplitude }) => {
    const swing = Math.cos(angle(from, periodS, phase)) - Math.cos(angle(to, periodS, phase));
    return sum + ((amplitude * periodS) / TAU) * swing;
  }, to - from);
}

function cpuTicks(model: DeviceModel, upS: number, area: number): CpuTicks {
  const busy = Math.floor(model.busy * area * HZ * model.cpuCount);
  const part = (share: number) => Math.floor(busy * share);
  const ticks = { user: part(0.68), nice: part(0.01), system: part(0.25), iowait: part(0.05), steal: part(0.01) };
  const used = ticks.user + ticks.nice + ticks.system + ticks.iowait + ticks.steal;
  return { ...ticks, idle: Math.floor(upS * HZ * model.cpuCount) - used };
}

function memoryOf(model: DeviceModel, level: number): Reading['memory'] {
  const used = Math.floor(model.memoryKb * Math.min(0.9, 0.25 + 0.2 * level));
  const cached = Math.floor((model.memoryKb - used) * 0.7);
  const swapUsed = Math.floor(model.swapKb * 0.05 * level);
  return {
    totalKb: model.memoryKb,
    freeKb: model.memoryKb - used - cached,
    availableKb: model.memoryKb - used,
    cachedKb: cached,
    swapTotalKb: model.swapKb,
    swapFreeKb: model.swapKb - swapUsed,
  };
}

function diskOf(disk: DeviceModel['disks'][number], rate: number, area: number): DiskReading {
  const reads = Math.floor(rate * 3 * area);
  const writes = Math.floor(rate * 8 * area);
  const busyMs = Math.floor(rate * 11 * area * 2); // 2 ms an access
  return {
    device: disk.device,
    reads,
    readSectors: reads * 48,
    writes,
    writeSectors: writes * 24,
    busyMs,
    queueMs: busyMs,
  };
}

function filesystemOf(disk: DeviceModel['disks'][number], level: number): FilesystemReading {
  const usedKb = Math.floor(disk.sizeKb * (disk.usedRatio + 0.01 * level));
  const reservedKb = Math.floor(disk.sizeKb * 0.05); // root's share on ext4
  return {
    device: `/dev/${disk.device}1`,
    mount: disk.mount,
    sizeKb: disk.sizeKb,
    usedKb,
    availableKb: Math.max(0, disk.sizeKb - usedKb - reservedKb),
  };
}

function nicOf(name: string, rate: number, area: number): NicReading {
  const rxPackets = Math.floor(rate * 120 * area);
  const txPackets = Math.floor(rate * 90 * area);
  const rare = Math.floor(area / 50_000);
  return {
    name,
    rxPackets,
    txPackets,
    rxBytes: rxPackets * 780,
    txBytes: txPackets * 410,
    rxErrors: rare,
    txErrors: 0,
    rxDrops: rare * 2,
    txDrops: 0,
  };
}

/** What `model`, booted at `bootedAt`, measures at `at` (both epoch ms). */
export function readingAt(model: DeviceModel, bootedAt: number, at: number): Reading {
  const upS = Math.max(0, (at - bootedAt) / 1000);
  const area = waveArea(bootedAt / 1000, at / 1000, model.phase);
  const level = wave(at / 1000, model.phase);
  const load = model.busy * model.cpuCount * level * HZ;
  return {
    uptimeCs: Math.floor(upS * 100),
    cpu: cpuTicks(model, upS, area),
    load: [Math.round(load), Math.round(load * 0.9 + model.busy), Math.round(model.busy * model.cpuCount * HZ)],
    memory: memoryOf(model, level),
    processes: { running: 1 + Math.floor(model.busy * level * 4), blocked: 0, total: 90 + Math.floor(60 * level) },
    pressureUs: {
      cpu: Math.floor(area * model.busy * 20_000),
      memory: Math.floor(area * 40),
      io: Math.floor(area * model.busy * 5_000),
    },
    failedServices: model.failedServices,
    filesystems: model.disks.map((disk) => filesystemOf(disk, level)),
    disks: model.disks.map((disk, i) => diskOf(disk, model.busy * (3 - i), area)),
    nics: model.nics.map((nic, i) => nicOf(nic.name, model.busy * (2 - i), area)),
  };
}

/** Audit mode: poll `n` of a device reads n in every series, so that what is stored can be counted against what was made. */
export function auditReading(model: DeviceModel, n: number): Reading {
  return {
    uptimeCs: n,
    cpu: { user: n, nice: n, system: n, idle: n, iowait: n, steal: n },
    load: [n, n, n],
    memory: { totalKb: n, freeKb: n, availableKb: n, cachedKb: n, swapTotalKb: n, swapFreeKb: n },
    processes: { running: n, blocked: n, total: n },
    pressureUs: { cpu: n, memory: n, io: n },
    failedServices: n,
    filesystems: model.disks.map((disk) => ({
      device: `/dev/${disk.device}1`,
      mount: disk.mount,
      sizeKb: n,
      usedKb: n,
      availableKb: n,
    })),
    disks: model.disks.map((disk) => ({
      device: disk.device,
      reads: n,
      readSectors: n,
      writes: n,
      writeSectors: n,
      busyMs: n,
      queueMs: n,
    })),
    nics: model.nics.map((nic) => ({
      name: nic.name,
      rxBytes: n,
      txBytes: n,
      rxPackets: n,
      txPackets: n,
      rxErrors: n,
      txErrors: n,
      rxDrops: n,
      txDrops: n,
    })),
  };
}
