// What people read, computed from raw polls: ratios and rates over the device's own uptime. Relay and console share these rules.
import { fromStored, type MetricScope, metricById, metricByName, type Series } from './metric-catalogue.ts';
import type { PollRecord } from './poll-record.ts';

export type DerivedUnit = 'ratio' | 'bytes' | 'bytes/s' | '1/s' | 'ms' | 'load' | 'count' | 'celsius';

export interface Derived {
  name: string;
  unit: DerivedUnit;
  scope: MetricScope;
  /** Names of the catalogue's metrics the rule reads, beside `system.uptime` where it divides by time. */
  inputs: readonly string[];
  form: DerivedForm;
}

export interface DerivedValue {
  name: string;
  /** "" for the device itself, else the instance as the device says it. */
  instance: string;
  /** Undefined is unknown: an input is missing, or the device or counter began anew between the two polls. */
  value: number | undefined;
}

/** What a rule may ask of one instance. */
interface View {
  /** The value now. */
  level(name: string): number | undefined;
  /** What a counter rose by since the former poll; undefined at a reset. */
  rise(name: string): number | undefined;
  /** The device's own time between the polls; undefined at a reboot. */
  readonly elapsedMs: number | undefined;
}

/** How a rule reckons: shared/day-files/derive-hour.ts does the same for whole hours. */
export type DerivedForm =
  /** The catalogue's gauge as it is, so that a page needs one list only. */
  | { kind: 'level'; of: string }
  /** `whole - part`. */
  | { kind: 'rest'; whole: string; part: string }
  /** `(whole - part) / whole`. */
  | { kind: 'rest-share'; whole: string; part: string }
  /** The share of one level in the sum of several. */
  | { kind: 'level-share'; part: string; whole: readonly string[] }
  /** What some counters rose by, divided by what others rose by. */
  | { kind: 'rise-share'; parts: readonly string[]; whole: readonly string[] }
  /** What a counter rose by in each unit of the device's own time; at most `cap`. */
  | { kind: 'pace'; of: string; per: 'second' | 'ms' | 'us'; cap?: number }
  /** A pace by the second as the share of a level; at most 1. */
  | { kind: 'pace-share'; of: string; whole: string };

const CPU = ['cpu.user', 'cpu.nice', 'cpu.system', 'cpu.idle', 'cpu.iowait', 'cpu.steal'] as const;

const inputsOf = (form: DerivedForm): readonly string[] => {
  switch (form.kind) {
    case 'level':
    case 'pace':
      return [form.of];
    case 'rest':
    case 'rest-share':
      return [form.whole, form.part];
    case 'pace-share':
      return [form.of, form.whole];
    case 'level-share':
      return form.whole;
    case 'rise-share':
      return [...new Set([...form.parts, ...form.whole])];
  }
};

function rule(name: string, unit: DerivedUnit, form: DerivedForm): Derived {
  const inputs = inputsOf(form);
  return { name, unit, scope: metricByName(inputs[0] ?? '')?.scope ?? 'device', inputs, form };
}

/** The share of all processor time that went to `parts`. */
const cpuShare = (name: string, parts: readonly string[]): Derived =>
  rule(name, 'ratio', { kind: 'rise-share', parts, whole: CPU });
const level = (name: string, unit: DerivedUnit): Derived => rule(name, unit, { kind: 'level', of: name });
/** `total - free`, in bytes. */
const used = (name: string, whole: string, part: string): Derived => rule(name, 'bytes', { kind: 'rest', whole, part });
const usedRatio = (name: string, whole: string, part: string): Derived =>
  rule(name, 'ratio', { kind: 'rest-share', whole, part });
const perSecond = (name: string, of: string, unit: 'bytes/s' | '1/s'): Derived =>
  rule(name, unit, { kind: 'pace', of, per: 'second' });
/** The share of time a time counter covers; at most 1, because counter and uptime are not read at the same instant. */
const timeShare = (name: string, of: string, per: 'ms' | 'us'): Derived =>
  rule(name, 'ratio', { kind: 'pace', of, per, cap: 1 });

export const DERIVED: readonly Derived[] = [
  cpuShare('cpu.used_ratio', ['cpu.user', 'cpu.nice', 'cpu.system', 'cpu.steal']),
  cpuShare('cpu.user_ratio', ['cpu.user', 'cpu.nice']),
  cpuShare('cpu.system_ratio', ['cpu.system']),
  cpuShare('cpu.iowait_ratio', ['cpu.iowait']),
  cpuShare('cpu.steal_ratio', ['cpu.steal']),
  level('load.1', 'load'),
  level('load.5', 'load'),
  level('load.15', 'load'),
  level('memory.total', 'bytes'),
  used('memory.used', 'memory.total', 'memory.available'),
  usedRatio('memory.used_ratio', 'memory.total', 'memory.available'),
  level('swap.total', 'bytes'),
  used('swap.used', 'swap.total', 'swap.free'),
  usedRatio('swap.used_ratio', 'swap.total', 'swap.free'),
  timeShare('pressure.cpu_ratio', 'pressure.cpu', 'us'),
  timeShare('pressure.memory_ratio', 'pressure.memory', 'us'),
  timeShare('pressure.io_ratio', 'pressure.io', 'us'),
  level('system.uptime', 'ms'),
  level('process.running', 'count'),
  level('process.blocked', 'count'),
  level('process.total', 'count'),
  level('service.failed', 'count'),
  level('poll.duration', 'ms'),
  level('filesystem.size', 'bytes'),
  level('filesystem.used', 'bytes'),
  level('filesystem.available', 'bytes'),
  // As df reckons it: blocks reserved for root are neither used nor available.
  rule('filesystem.used_ratio', 'ratio', {
    kind: 'level-share',
    part: 'filesystem.used',
    whole: ['filesystem.used', 'filesystem.available'],
  }),
  perSecond('disk.read_rate', 'disk.read_bytes', 'bytes/s'),
  perSecond('disk.write_rate', 'disk.write_bytes', 'bytes/s'),
  perSecond('disk.reads_rate', 'disk.reads', '1/s'),
  perSecond('disk.writes_rate', 'disk.writes', '1/s'),
  timeShare('disk.busy_ratio', 'disk.busy', 'ms'),
  // Requests in the queue and under way, on average over the time between the polls.
  rule('disk.queue', 'load', { kind: 'pace', of: 'disk.queue_time', per: 'ms' }),
  // What one request takes, by Little's law; without a request nobody knows.
  rule('disk.latency', 'ms', {
    kind: 'rise-share',
    parts: ['disk.queue_time'],
    whole: ['disk.reads', 'disk.writes'],
  }),
  perSecond('network.rx_rate', 'network.rx_bytes', 'bytes/s'),
  perSecond('network.tx_rate', 'network.tx_bytes', 'bytes/s'),
  rule('network.rx_used_ratio', 'ratio', { kind: 'pace-share', of: 'network.rx_bytes', whole: 'network.speed' }),
  rule('network.tx_used_ratio', 'ratio', { kind: 'pace-share', of: 'network.tx_bytes', whole: 'network.speed' }),
  perSecond('network.rx_error_rate', 'network.rx_errors', '1/s'),
  perSecond('network.tx_error_rate', 'network.tx_errors', '1/s'),
  perSecond('network.rx_drop_rate', 'network.rx_drops', '1/s'),
  perSecond('network.tx_drop_rate', 'network.tx_drops', '1/s'),
  level('network.speed', 'bytes/s'),
  level('sensor.temperature', 'celsius'),
];

const ratio = (part: number | undefined, whole: number | undefined): number | undefined =>
  part === undefined || whole === undefined || whole <= 0 ? undefined : part / whole;

/** Of several numbers, all must be known. */
function sum(numbers: ReadonlyArray<number | undefined>): number | undefined {
  let total = 0;
  for (const number of numbers) {
    if (number === undefined) return undefined;
    total += number;
  }
  return total;
}

/** A part never exceeds its whole; where a device says so, the truth is unknown. */
function difference(whole: number | undefined, part: number | undefined): number | undefined {
  return whole === undefined || part === undefined || part > whole ? undefined : whole - part;
}

/** The device's own time in the unit of a pace. */
export function timeIn(per: 'second' | 'ms' | 'us', elapsedMs: number): number {
  if (per === 'second') return elapsedMs / 1_000;
  return per === 'ms' ? elapsedMs : elapsedMs * 1_000;
}

function reckon(form: DerivedForm, view: View): number | undefined {
  switch (form.kind) {
    case 'level':
      return view.level(form.of);
    case 'rest':
      return difference(view.level(form.whole), view.level(form.part));
    case 'rest-share':
      return ratio(difference(view.level(form.whole), view.level(form.part)), view.level(form.whole));
    case 'level-share':
      return ratio(view.level(form.part), sum(form.whole.map((name) => view.level(name))));
    case 'rise-share':
      return ratio(sum(form.parts.map((name) => view.rise(name))), sum(form.whole.map((name) => view.rise(name))));
    case 'pace': {
      const { elapsedMs } = view;
      const pace = ratio(view.rise(form.of), elapsedMs === undefined ? undefined : timeIn(form.per, elapsedMs));
      return pace === undefined || form.cap === undefined ? pace : Math.min(form.cap, pace);
    }
    case 'pace-share': {
      const pace = ratio(
        view.rise(form.of),
        view.elapsedMs === undefined ? undefined : timeIn('second', view.elapsedMs),
      );
      const share = ratio(pace, view.level(form.whole));
      return share === undefined ? undefined : Math.min(1, share);
    }
  }
}

/**
 * The derived values of `next`, one per rule and instance that `next` has; rules of the device always.
 * `prev` is the device's former poll, or undefined for its first: then only levels are known.
 */
export const derive = (prev: PollRecord | undefined, next: PollRecord): DerivedValue[] => deriveBy(DERIVED, prev, next);

/** The same for some of the rules: where a few numbers are wanted of every poll, the rest costs five times as much. */
export function deriving(names: readonly string[]): typeof derive {
  const rules = DERIVED.filter(({ name }) => names.includes(name));
  return (prev, next) => deriveBy(rules, prev, next);
}

function deriveBy(rules: readonly Derived[], prev: PollRecord | undefined, next: PollRecord): DerivedValue[] {
  const now = columnsOf(next.series);
  const lookNow = lookup(next, now);
  const lookThen = prev === undefined ? () => undefined : lookup(prev, columnsOf(prev.series));
  const elapsedMs = elapsed(lookThen, lookNow);
  return rules.flatMap((rule) => {
    const instances = rule.scope === 'device' ? [''] : (now.instances.get(rule.scope) ?? []);
    return instances.map((instance) => ({
      name: rule.name,
      instance,
      value: reckon(rule.form, viewOf(instance, lookThen, lookNow, elapsedMs)),
    }));
  });
}

type Lookup = (name: string, instance: string) => number | undefined;

function viewOf(instance: string, then: Lookup, now: Lookup, elapsedMs: number | undefined): View {
  return {
    elapsedMs,
    level: (name) => now(name, instance),
    rise: (name) => {
      // Without a known stretch of uptime a reboot cannot be told from a rise.
      if (elapsedMs === undefined) return undefined;
      const from = then(name, instance);
      const to = now(name, instance);
      return from === undefined || to === undefined || to < from ? undefined : to - from;
    },
  };
}

/** The stretch of one boot between the polls; undefined when it is another boot or the device does not tell. */
function elapsed(then: Lookup, now: Lookup): number | undefined {
  const [bootThen, bootNow] = [then('system.boot', ''), now('system.boot', '')];
  if (bootThen !== undefined && bootNow !== undefined && bootThen !== bootNow) return undefined;
  const [from, to] = [then('system.uptime', ''), now('system.uptime', '')];
  return from === undefined || to === undefined || to <= from ? undefined : to - from;
}

interface Columns {
  index: ReadonlyMap<string, number>;
  instances: ReadonlyMap<MetricScope, readonly string[]>;
}

/** A device keeps its series array from poll to poll, so its columns are read once. */
const known = new WeakMap<readonly Series[], Columns>();

function columnsOf(series: readonly Series[]): Columns {
  const former = known.get(series);
  if (former !== undefined) return former;
  const index = new Map<string, number>();
  const instances = new Map<MetricScope, Set<string>>();
  series.forEach(({ metric, instance }, column) => {
    const definition = metricById(metric);
    if (definition === undefined) return;
    index.set(`${definition.name} ${instance}`, column);
    const scope = instances.get(definition.scope) ?? new Set();
    instances.set(definition.scope, scope.add(instance));
  });
  const columns = { index, instances: new Map([...instances].map(([scope, names]) => [scope, [...names]])) };
  known.set(series, columns);
  return columns;
}

const lookup =
  (record: PollRecord, { index }: Columns): Lookup =>
  (name, instance) => {
    const column = index.get(`${name} ${instance}`);
    const stored = column === undefined ? undefined : record.values[column];
    const metric = metricByName(name);
    return stored === undefined || metric === undefined ? undefined : fromStored(metric, stored);
  };
