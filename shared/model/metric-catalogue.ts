// Every metric of the product: number on the wire, unit, kind, resolution and sane range. Numbers never change their meaning.

/** `counter`: raw and ever-rising, a fall is a reset. `gauge`: a level. */
export type MetricKind = 'gauge' | 'counter';

/** What one instance of the metric stands for; `device` metrics have the instance "". */
export type MetricScope = 'device' | 'filesystem' | 'disk' | 'interface' | 'sensor';

export interface Metric {
  id: number;
  name: string;
  unit: 'ms' | 'us' | 'bytes' | 'bytes/s' | 'ticks' | 'count' | 'load' | 'celsius';
  kind: MetricKind;
  scope: MetricScope;
  /** Stored integers are value / resolution, rounded; a value is exact within it. */
  resolution: number;
  /** Values outside [min, max] are dropped as unknown, never clamped. */
  min: number;
  max: number;
}

const MAX = Number.MAX_SAFE_INTEGER;
const metric = (
  id: number,
  name: string,
  unit: Metric['unit'],
  kind: MetricKind,
  scope: MetricScope,
  resolution = 1,
): Metric => ({ id, name, unit, kind, scope, resolution, min: 0, max: MAX * Math.min(resolution, 1) });

/** Append only: a number is never given to another metric. */
export const METRICS: readonly Metric[] = [
  metric(1, 'system.uptime', 'ms', 'counter', 'device', 10), // /proc/uptime has centiseconds
  metric(2, 'cpu.user', 'ticks', 'counter', 'device'),
  metric(3, 'cpu.nice', 'ticks', 'counter', 'device'),
  metric(4, 'cpu.system', 'ticks', 'counter', 'device'), // with irq and softirq
  metric(5, 'cpu.idle', 'ticks', 'counter', 'device'),
  metric(6, 'cpu.iowait', 'ticks', 'counter', 'device'),
  metric(7, 'cpu.steal', 'ticks', 'counter', 'device'),
  metric(8, 'load.1', 'load', 'gauge', 'device', 0.01),
  metric(9, 'load.5', 'load', 'gauge', 'device', 0.01),
  metric(10, 'load.15', 'load', 'gauge', 'device', 0.01),
  metric(11, 'memory.total', 'bytes', 'gauge', 'device', 1024),
  metric(12, 'memory.available', 'bytes', 'gauge', 'device', 1024),
  metric(13, 'memory.cached', 'bytes', 'gauge', 'device', 1024),
  metric(14, 'swap.total', 'bytes', 'gauge', 'device', 1024),
  metric(15, 'swap.free', 'bytes', 'gauge', 'device', 1024),
  metric(16, 'process.running', 'count', 'gauge', 'device'),
  metric(17, 'process.blocked', 'count', 'gauge', 'device'),
  metric(18, 'process.total', 'count', 'gauge', 'device'),
  metric(19, 'pressure.cpu', 'us', 'counter', 'device'),
  metric(20, 'pressure.memory', 'us', 'counter', 'device'),
  metric(21, 'pressure.io', 'us', 'counter', 'device'),
  metric(22, 'service.failed', 'count', 'gauge', 'device'),
  metric(23, 'poll.duration', 'ms', 'gauge', 'device'),
  metric(24, 'system.boot', 'count', 'gauge', 'device'), // 32 bits of the boot's own id: another number is another boot, whatever the uptime says
  metric(30, 'filesystem.size', 'bytes', 'gauge', 'filesystem', 1024),
  metric(31, 'filesystem.used', 'bytes', 'gauge', 'filesystem', 1024),
  metric(32, 'filesystem.available', 'bytes', 'gauge', 'filesystem', 1024),
  metric(40, 'disk.read_bytes', 'bytes', 'counter', 'disk', 512), // whole sectors
  metric(41, 'disk.write_bytes', 'bytes', 'counter', 'disk', 512),
  metric(42, 'disk.reads', 'count', 'counter', 'disk'),
  metric(43, 'disk.writes', 'count', 'counter', 'disk'),
  metric(44, 'disk.busy', 'ms', 'counter', 'disk'),
  metric(45, 'disk.queue_time', 'ms', 'counter', 'disk'), // of all requests together, waiting and served: rises by the queue's length each millisecond
  metric(50, 'network.rx_bytes', 'bytes', 'counter', 'interface'),
  metric(51, 'network.tx_bytes', 'bytes', 'counter', 'interface'),
  metric(52, 'network.rx_errors', 'count', 'counter', 'interface'),
  metric(53, 'network.tx_errors', 'count', 'counter', 'interface'),
  metric(54, 'network.rx_drops', 'count', 'counter', 'interface'),
  metric(55, 'network.tx_drops', 'count', 'counter', 'interface'),
  metric(56, 'network.speed', 'bytes/s', 'gauge', 'interface', 125_000), // whole megabits a second, each way
  metric(65, 'sensor.temperature', 'celsius', 'gauge', 'sensor', 0.1), // below zero is unknown: no machine works there
];

/**
 * What a script says of its device, whatever it calls it: the column's instance holds name, unit and instance (script-series.ts).
 * No metric of its own name, so it is in none of the lists. Within ±2^52 stored, which a gauge's column takes.
 */
export const SCRIPT_VALUE: Metric = {
  ...{ id: 60, name: 'script.value', unit: 'count', kind: 'gauge', scope: 'device', resolution: 0.001 },
  min: -(2 ** 52) / 1_000,
  max: 2 ** 52 / 1_000,
};

const byId = new Map([...METRICS, SCRIPT_VALUE].map((m) => [m.id, m]));
const byName = new Map(METRICS.map((m) => [m.name, m]));

export const metricById = (id: number): Metric | undefined => byId.get(id);
export const metricByName = (name: string): Metric | undefined => byName.get(name);

/** One column of a device's record: a metric and the instance it is of ("" for the device itself). */
export interface Series {
  metric: number;
  /** Mount point, disk or interface name as the device says it: hostile text, at most 255 bytes of UTF-8. */
  instance: string;
}

/** Series a device may have; 40 disks, 40 interfaces and the rest fit. More is an error that names the device. */
export const MAX_SERIES_PER_DEVICE = 1_024;
export const MAX_INSTANCE_BYTES = 255;

/** The integer that is stored for `value`, or undefined when it is no number in the metric's range. */
export function toStored(metric: Metric, value: number): number | undefined {
  if (!Number.isFinite(value) || value < metric.min || value > metric.max) return undefined;
  const stored = Math.round(value / metric.resolution);
  return Number.isSafeInteger(stored) ? stored : undefined;
}

/** The value a stored integer stands for. */
export const fromStored = (metric: Metric, stored: number): number =>
  // Division is exact where 1 / resolution is an integer (0.01), multiplication where the resolution is (512).
  metric.resolution < 1 ? stored / Math.round(1 / metric.resolution) : stored * metric.resolution;
