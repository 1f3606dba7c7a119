// Reads the hot script's sections into samples: pure, and hostile text at worst leaves a metric unknown.
import type { HotReading } from '#relay/collect/collector.ts';
import type { Sections } from '#relay/collect/framed-output.ts';
import { addFilesystems } from '#relay/collect/parse-df.ts';
import { boundInstances, decimalNumber, SampleSet, wholeNumber } from '#relay/collect/sample-set.ts';

/** The kernel counts disk traffic in these, whatever the disk's own sectors are. */
const SECTOR_BYTES = 512;
const KIB = 1_024;
const BYTES_A_MEGABIT = 125_000;

export function parseLinuxHot(sections: Sections): HotReading {
  const set = new SampleSet();
  const notices: string[] = [];
  const uptimeMs = addUptime(fields(sections.get('uptime')), set);
  const bootTime = addStat(sections.get('stat'), set);
  addLoad(fields(sections.get('loadavg')), set);
  addMemory(sections.get('meminfo'), set);
  addPressure(sections.get('pressure'), set);
  set.set('system.boot', bootNumber(sections.get('boot')?.[0]));
  set.set('service.failed', failedUnits(sections.get('failed')));
  addFilesystems(sections.get('df'), set, notices);
  addDisks(sections.get('disks'), set, notices);
  addInterfaces(sections, set, notices);
  addSensors(sections.get('sensors'), set, notices);
  if (sections.has('more-filesystems')) notices.push('more than 64 filesystems: the first 64 are kept');
  const wallClockMs = bootTime === undefined || uptimeMs === undefined ? undefined : bootTime * 1_000 + uptimeMs;
  return { samples: set.samples(), wallClockMs, notices };
}

const words = (line: string): string[] => line.trim().split(/[ \t]+/);
const fields = (lines: readonly string[] | undefined): string[] => (lines?.[0] === undefined ? [] : words(lines[0]));

function addUptime([seconds]: string[], set: SampleSet): number | undefined {
  const value = decimalNumber(seconds);
  const uptimeMs = value === undefined ? undefined : Math.round(value * 1_000);
  set.set('system.uptime', uptimeMs);
  return uptimeMs;
}

/** The boot's time in seconds, for the device's own clock. */
function addStat(lines: readonly string[] | undefined, set: SampleSet): number | undefined {
  let bootTime: number | undefined;
  for (const line of lines ?? []) {
    const [key, ...rest] = words(line);
    if (key === 'cpu') addCpu(rest.map(wholeNumber), set);
    else if (key === 'procs_running') set.set('process.running', wholeNumber(rest[0]));
    else if (key === 'procs_blocked') set.set('process.blocked', wholeNumber(rest[0]));
    else if (key === 'btime') bootTime = wholeNumber(rest[0]);
  }
  return bootTime;
}

/** user nice system idle iowait irq softirq steal guest guest_nice; guests are inside user and nice already. */
function addCpu(
  [user, nice, system, idle, iowait, irq, softirq, steal]: Array<number | undefined>,
  set: SampleSet,
): void {
  set.set('cpu.user', user);
  set.set('cpu.nice', nice);
  if (system !== undefined && irq !== undefined && softirq !== undefined) set.set('cpu.system', system + irq + softirq);
  set.set('cpu.idle', idle);
  set.set('cpu.iowait', iowait);
  set.set('cpu.steal', steal);
}

/** "0.52 0.58 0.59 3/602 12345": three loads, then running and all tasks. */
function addLoad([one, five, fifteen, tasks]: string[], set: SampleSet): void {
  set.set('load.1', decimalNumber(one));
  set.set('load.5', decimalNumber(five));
  set.set('load.15', decimalNumber(fifteen));
  set.set('process.total', wholeNumber(tasks?.split('/')[1]));
}

function addMemory(lines: readonly string[] | undefined, set: SampleSet): void {
  const bytes = new Map<string, number>();
  for (const line of lines ?? []) {
    const [, key, blocks] = /^(\w+):[ \t]+(\d{1,13}) kB[ \t]*$/.exec(line) ?? [];
    if (key !== undefined) bytes.set(key, Number(blocks) * KIB);
  }
  set.set('memory.total', bytes.get('MemTotal'));
  set.set('memory.available', bytes.get('MemAvailable'));
  const [buffers, cached, slab] = [bytes.get('Buffers'), bytes.get('Cached'), bytes.get('SReclaimable')];
  if (buffers !== undefined && cached !== undefined && slab !== undefined) {
    set.set('memory.cached', buffers + cached + slab);
  }
  set.set('swap.total', bytes.get('SwapTotal'));
  set.set('swap.free', bytes.get('SwapFree'));
}

function addPressure(lines: readonly string[] | undefined, set: SampleSet): void {
  for (const line of lines ?? []) {
    const [, what, total] = /^(cpu|memory|io) avg10=[^=]*avg60=[^=]*avg300=[^=]*total=(\d{1,16})$/.exec(line) ?? [];
    if (what !== undefined) set.set(`pressure.${what}`, wholeNumber(total));
  }
}

/** The first 32 bits of the boot's UUID: enough to tell one boot from the next, and a small integer. */
function bootNumber(line: string | undefined): number | undefined {
  const [, first] = /^([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\s*$/.exec(line ?? '') ?? [];
  return first === undefined ? undefined : Number.parseInt(first, 16);
}

function failedUnits(lines: readonly string[] | undefined): number | undefined {
  const [, count] = /^NFailedUnits=(\d{1,6})\s*$/.exec(lines?.[0] ?? '') ?? [];
  return wholeNumber(count);
}

/** name, then: reads merged sectors ms, writes merged sectors ms, in flight, busy ms, ms of all requests together, ... */
function addDisks(lines: readonly string[] | undefined, set: SampleSet, notices: string[]): void {
  const disks = (lines ?? []).flatMap((line) => {
    const [name = '', ...rest] = words(line);
    const [reads, , sectorsRead, , writes, , sectorsWritten, , , busy, queueTime] = rest.map(wholeNumber);
    // A slot nobody ever used (an empty card reader, a network block device) is no disk yet.
    const isUsed = reads !== 0 || writes !== 0;
    return isUsed && !isPartition(name) ? [{ name, reads, sectorsRead, writes, sectorsWritten, busy, queueTime }] : [];
  });
  for (const disk of boundInstances('disks', disks, notices)) {
    set.setInstance(disk.name, {
      'disk.read_bytes': times(disk.sectorsRead, SECTOR_BYTES),
      'disk.write_bytes': times(disk.sectorsWritten, SECTOR_BYTES),
      'disk.reads': disk.reads,
      'disk.writes': disk.writes,
      'disk.busy': disk.busy,
      'disk.queue_time': disk.queueTime,
    });
  }
}

/** By name, for devices whose /sys is hidden: sda1, xvda1, nvme0n1p1, mmcblk0p1, cciss/c0d0p1. */
const isPartition = (name: string): boolean =>
  /^(?:(?:[shv]|xv)d[a-z]+\d+|(?:nvme\d+n\d+|mmcblk\d+|[a-z]+\/c\d+d\d+)p\d+)$/.test(name);

const times = (count: number | undefined, unit: number): number | undefined =>
  count === undefined ? undefined : count * unit;

/** "eth0: bytes packets errs drop fifo frame compressed multicast" received, and eight sent. */
function addInterfaces(sections: Sections, set: SampleSet, notices: string[]): void {
  const speeds = speedsOf(sections.get('speeds'));
  const interfaces = (sections.get('net') ?? []).flatMap((line) => {
    // Old kernels print no blank after the colon, and a name may hold one: the last colon ends it.
    const colon = line.lastIndexOf(':');
    const numbers = words(line.slice(colon + 1)).map(wholeNumber);
    return colon > 0 && numbers.length === 16 ? [{ name: line.slice(0, colon).trim(), numbers }] : [];
  });
  for (const { name, numbers } of boundInstances('interfaces', interfaces, notices)) {
    const [rxBytes, , rxErrors, rxDrops, , , , , txBytes, , txErrors, txDrops] = numbers;
    const speed = speeds.get(name);
    set.setInstance(name, {
      'network.rx_bytes': rxBytes,
      'network.tx_bytes': txBytes,
      'network.rx_errors': rxErrors,
      'network.tx_errors': txErrors,
      'network.rx_drops': rxDrops,
      'network.tx_drops': txDrops,
      // A virtual machine's card has none: no column.
      ...(speed === undefined ? {} : { 'network.speed': speed * BYTES_A_MEGABIT }),
    });
  }
}

/** "eth0 1000": megabits a second, each way; -1 where the driver does not know. */
function speedsOf(lines: readonly string[] | undefined): Map<string, number> {
  const speeds = new Map<string, number>();
  for (const line of lines ?? []) {
    const [name = '', speed] = words(line);
    const known = wholeNumber(speed);
    if (known !== undefined && known > 0) speeds.set(name, known);
  }
  return speeds;
}

/** "45500 coretemp Package id 0": thousandths of a degree. Chips of one name are told apart by their number. */
function addSensors(lines: readonly string[] | undefined, set: SampleSet, notices: string[]): void {
  const known = new Map<string, number>();
  const sensors = (lines ?? []).flatMap((line) => {
    const [, milli, name = ''] = /^(\d{1,6}) (\S.*)$/.exec(line) ?? [];
    const value = wholeNumber(milli);
    if (value === undefined) return [];
    const plain = name.replace(/_input$/, '').trim();
    const copy = (known.get(plain) ?? 0) + 1;
    known.set(plain, copy);
    return [{ name: copy === 1 ? plain : `${plain} #${copy}`, celsius: value / 1_000 }];
  });
  for (const { name, celsius } of boundInstances('sensors', sensors, notices))
    set.setInstance(name, { 'sensor.temperature': celsius });
}
