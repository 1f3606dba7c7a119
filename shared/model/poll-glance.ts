// A device's glance straight from its last two polls: what derive.ts says of the same readings, without making any of them.
import { emptyGlance, type Glance } from './glance.ts';
import { fromStored, type Metric, metricById, metricByName, type Series } from './metric-catalogue.ts';
import type { PollRecord } from './poll-record.ts';

/** Columns of a device's polls; -1 where it has none. */
interface Plan {
  boot: number;
  uptime: number;
  load: number;
  memoryTotal: number;
  memoryAvailable: number;
  /** All six, used ones first. */
  cpu: readonly number[];
  filesystems: ReadonlyArray<{ mount: string; used: number; available: number }>;
  interfaces: ReadonlyMap<string, { rx: number; tx: number }>;
}

const CPU_USED = ['cpu.user', 'cpu.nice', 'cpu.system', 'cpu.steal'];
const CPU = [...CPU_USED, 'cpu.idle', 'cpu.iowait'];

function named(name: string): Metric {
  const metric = metricByName(name);
  if (metric === undefined) throw new Error(`no metric ${name}`);
  return metric;
}
const [UPTIME, LOAD, MEMORY, FILESYSTEM] = [
  named('system.uptime'),
  named('load.1'),
  named('memory.total'),
  named('filesystem.used'),
];

/** A device keeps its series array from poll to poll, so its columns are read once. */
const known = new WeakMap<readonly Series[], Plan>();

function planOf(series: readonly Series[]): Plan {
  const former = known.get(series);
  if (former !== undefined) return former;
  const columns = new Map<string, number>();
  const mounts = new Set<string>();
  const names = new Set<string>();
  for (const [column, { metric, instance }] of series.entries()) {
    const definition = metricById(metric);
    if (definition === undefined) continue;
    columns.set(`${definition.name} ${instance}`, column);
    if (definition.scope === 'filesystem') mounts.add(instance);
    if (definition.scope === 'interface') names.add(instance);
  }
  const column = (name: string, instance = '') => columns.get(`${name} ${instance}`) ?? -1;
  const plan: Plan = {
    boot: column('system.boot'),
    uptime: column('system.uptime'),
    load: column('load.1'),
    memoryTotal: column('memory.total'),
    memoryAvailable: column('memory.available'),
    cpu: CPU.map((name) => column(name)),
    filesystems: Array.from(mounts, (mount) => ({
      mount,
      used: column('filesystem.used', mount),
      available: column('filesystem.available', mount),
    })),
    interfaces: new Map(
      Array.from(names, (name) => [
        name,
        { rx: column('network.rx_bytes', name), tx: column('network.tx_bytes', name) },
      ]),
    ),
  };
  known.set(series, plan);
  return plan;
}

/** `prev` is undefined for a first poll: rates are unknown then. */
export function glanceOfPolls(prev: PollRecord | undefined, next: PollRecord): Glance {
  const glance = emptyGlance();
  const plan = planOf(next.series);
  glance.load = read(next, plan.load, LOAD);
  glance.uptime = read(next, plan.uptime, UPTIME);
  const total = read(next, plan.memoryTotal, MEMORY);
  const available = read(next, plan.memoryAvailable, MEMORY);
  if (total > 0 && available <= total) glance.memory = (total - available) / total;
  for (const { mount, used, available: free } of plan.filesystems) {
    const part = read(next, used, FILESYSTEM);
    const whole = part + read(next, free, FILESYSTEM);
    if (!(whole > 0) || glance.disk >= part / whole) continue;
    glance.disk = part / whole;
    glance.mount = mount;
  }
  if (prev !== undefined) paces(glance, { prev, former: planOf(prev.series), next, now: plan });
  return glance;
}

interface Pair {
  prev: PollRecord;
  former: Plan;
  next: PollRecord;
  now: Plan;
}

/** What counters rose by in the time of one boot between the polls. */
function paces(glance: Glance, { prev, former, next, now }: Pair): void {
  const [bootThen, bootNow] = [prev.values[former.boot], next.values[now.boot]];
  if (bootThen !== undefined && bootNow !== undefined && bootThen !== bootNow) return;
  const elapsedMs = read(next, now.uptime, UPTIME) - read(prev, former.uptime, UPTIME);
  if (!(elapsedMs > 0)) return;
  let used = 0;
  let all = 0;
  for (let i = 0; i < CPU.length; i += 1) {
    const rise = riseOf(prev.values[former.cpu[i] ?? -1], next.values[now.cpu[i] ?? -1]);
    if (i < CPU_USED.length) used += rise;
    all += rise;
  }
  // Without the steal column, for one, `used` is unknown, and a sum with an unknown part is none.
  if (all > 0) glance.cpu = used / all;
  for (const [name, { rx, tx }] of now.interfaces) {
    const before = former.interfaces.get(name);
    if (before === undefined) continue;
    glance.rx = larger(glance.rx, riseOf(prev.values[before.rx], next.values[rx]) / (elapsedMs / 1_000));
    glance.tx = larger(glance.tx, riseOf(prev.values[before.tx], next.values[tx]) / (elapsedMs / 1_000));
  }
}

/** NaN is unknown: also at a reset. Only of counters with resolution 1. */
const riseOf = (from: number | undefined, to: number | undefined): number =>
  from === undefined || to === undefined || to < from ? Number.NaN : to - from;

function read(poll: PollRecord, column: number, metric: Metric): number {
  const stored = poll.values[column];
  return stored === undefined ? Number.NaN : fromStored(metric, stored);
}

/** NaN is smaller than all. */
const larger = (before: number, value: number): number => (before >= value || Number.isNaN(value) ? before : value);
