// Reads a Windows machine's raw counters into samples: pure, and what it did not tell is unknown.
import type { HotReading } from '#relay/collect/collector.ts';
import { boundInstances, SampleSet } from '#relay/collect/sample-set.ts';
import { type Answers, type Rows, rowsOf } from './ask-cim.ts';
import { safeNumber } from './big-number.ts';
import type { Boot } from './boot.ts';
import { diskLabel } from './device-names.ts';
import type { PERFORMANCE } from './performance-questions.ts';

const KIB = 1_024n;
/** Windows counts time in units of 100 ns. */
const UNITS_PER_MS = 10_000n;

export type HotAnswers = Answers<typeof PERFORMANCE>;

export interface HotExtras {
  /** Which boot the machine is in, and since when. */
  boot: Boot | undefined;
  /** From a question that is asked more seldom. */
  failedServices: number | undefined;
}

export function parseWindowsHot(answers: HotAnswers, { boot, failedServices }: HotExtras): HotReading {
  const set = new SampleSet();
  const notices: string[] = [];
  const [system] = rowsOf(answers.system) ?? [];
  set.set('system.uptime', boot?.uptimeMs);
  set.set('system.boot', boot?.number);
  set.set('process.total', system?.NumberOfProcesses);
  set.set('service.failed', failedServices);
  addCpu(rowsOf(answers.processor), set);
  addMemory(answers, set);
  addFilesystems(rowsOf(answers.filesystems), set, notices);
  addDisks(rowsOf(answers.disks), set, notices);
  addInterfaces(rowsOf(answers.interfaces), set, notices);
  for (const [name, answer] of Object.entries(answers)) {
    if (!answer.ok) notices.push(`${name}: ${answer.reason}: ${answer.detail.slice(0, 200)}`);
  }
  return { samples: set.samples(), wallClockMs: system?.LocalDateTime, notices };
}

const times = (value: bigint | undefined, unit: bigint): number | undefined =>
  value === undefined ? undefined : safeNumber(value * unit);

/** Windows knows no nice and no stolen time, and counts waiting for disks as idle: parts that do not exist take nothing of the whole. */
function addCpu(rows: Rows<(typeof PERFORMANCE)['processor']> | undefined, set: SampleSet): void {
  const [total] = rows ?? [];
  if (total === undefined) return;
  set.set('cpu.user', safeNumber(total.PercentUserTime));
  set.set('cpu.nice', 0);
  set.set('cpu.system', safeNumber(total.PercentPrivilegedTime));
  set.set('cpu.idle', safeNumber(total.PercentProcessorTime));
  set.set('cpu.iowait', 0);
  set.set('cpu.steal', 0);
}

function addMemory(answers: HotAnswers, set: SampleSet): void {
  const [system] = rowsOf(answers.system) ?? [];
  set.set('memory.total', times(system?.TotalVisibleMemorySize, KIB));
  set.set('memory.available', times(system?.FreePhysicalMemory, KIB));
  set.set('swap.total', times(system?.SizeStoredInPagingFiles, KIB));
  set.set('swap.free', times(system?.FreeSpaceInPagingFiles, KIB));
  const [memory] = rowsOf(answers.memory) ?? [];
  if (memory === undefined) return;
  // As the task manager reckons "cached": pages of files that wait to be used again, and those that wait to be written.
  const parts = [
    memory.StandbyCacheCoreBytes,
    memory.StandbyCacheNormalPriorityBytes,
    memory.StandbyCacheReserveBytes,
    memory.ModifiedPageListBytes,
  ];
  const known = parts.filter((part) => part !== undefined);
  if (known.length === parts.length) set.set('memory.cached', safeNumber(known.reduce((sum, part) => sum + part, 0n)));
}

function addFilesystems(
  rows: Rows<(typeof PERFORMANCE)['filesystems']> | undefined,
  set: SampleSet,
  notices: string[],
): void {
  // A card reader without a card has a letter and no size.
  const known = (rows ?? []).filter(({ Size }) => Size !== undefined && Size > 0n);
  for (const { DeviceID, Size, FreeSpace } of boundInstances('filesystems', known, notices)) {
    const hasUsed = Size !== undefined && FreeSpace !== undefined && FreeSpace <= Size;
    set.setInstance(DeviceID ?? '', {
      'filesystem.size': safeNumber(Size),
      'filesystem.used': hasUsed ? safeNumber(Size - FreeSpace) : undefined,
      'filesystem.available': safeNumber(FreeSpace),
    });
  }
}

function addDisks(rows: Rows<(typeof PERFORMANCE)['disks']> | undefined, set: SampleSet, notices: string[]): void {
  for (const disk of boundInstances('disks', rows ?? [], notices)) {
    set.setInstance(diskName(disk.Name), {
      'disk.read_bytes': safeNumber(disk.DiskReadBytesPersec),
      'disk.write_bytes': safeNumber(disk.DiskWriteBytesPersec),
      'disk.reads': safeNumber(disk.DiskReadsPersec),
      'disk.writes': safeNumber(disk.DiskWritesPersec),
      'disk.busy': busyMs(disk.PercentIdleTime, disk.PercentIdleTime_Base),
      'disk.queue_time': safeNumber(inMs(disk.AvgDiskQueueLength)),
    });
  }
}

/** "0 C: D:" is the number of the disk and the letters on it now; as the inventory names it, whatever letters it has. */
function diskName(name: string | undefined): string {
  const [, number] = /^(\d{1,4})(?: |$)/.exec(name ?? '') ?? [];
  return number === undefined ? (name ?? '') : diskLabel(number);
}

const inMs = (units: bigint | undefined): bigint | undefined =>
  units === undefined ? undefined : units / UNITS_PER_MS;

/**
 * All time but the idle: the base is the machine's time in units of 100 ns since 1601, above what a number holds, and the difference
 * in milliseconds is below it. Only its rise means anything.
 */
function busyMs(idle: bigint | undefined, base: bigint | undefined): number | undefined {
  return idle === undefined || base === undefined ? undefined : safeNumber(inMs(base - idle));
}

/** In bytes a second; 0 is unknown: no column. */
const speedOf = (bits: bigint | undefined) =>
  bits === undefined || bits <= 0n ? {} : { 'network.speed': safeNumber(bits / 8n) };

/** Tunnels that every machine has and none uses. */
const NO_INTERFACE = /^(?:isatap|teredo|6to4|microsoft (?:isatap|teredo|6to4|ip-https))|loopback/i;

function addInterfaces(
  rows: Rows<(typeof PERFORMANCE)['interfaces']> | undefined,
  set: SampleSet,
  notices: string[],
): void {
  const real = (rows ?? []).filter(({ Name }) => Name !== undefined && !NO_INTERFACE.test(Name));
  for (const one of boundInstances('interfaces', real, notices)) {
    set.setInstance(one.Name ?? '', {
      'network.rx_bytes': safeNumber(one.BytesReceivedPersec),
      'network.tx_bytes': safeNumber(one.BytesSentPersec),
      'network.rx_errors': safeNumber(one.PacketsReceivedErrors),
      'network.tx_errors': safeNumber(one.PacketsOutboundErrors),
      'network.rx_drops': safeNumber(one.PacketsReceivedDiscarded),
      'network.tx_drops': safeNumber(one.PacketsOutboundDiscarded),
      ...speedOf(one.CurrentBandwidth),
    });
  }
}
