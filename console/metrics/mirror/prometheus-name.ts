// How a series is called in Prometheus' world: the same in the mirror and in what is scraped, so that one dashboard reads both.
import { type MetricKind, metricByName } from '#shared/model/metric-catalogue.ts';

export interface PrometheusName {
  /** Legal everywhere: letters, digits and underscores. */
  name: string;
  type: 'counter' | 'gauge';
  /** One line for people, without line breaks. */
  help: string;
  /** The label that the series' own instance stands in. */
  instanceLabel: string;
  /** In base units (seconds, bytes, ratio); `stored` is the series' whole number. */
  inBaseUnits: (stored: number) => number;
}

export interface NamedSeries {
  name: string;
  unit: string;
  kind: MetricKind;
  resolution: number;
}

/** Longer than any name of ours; a script's name is bounded before, and legal letters take no more places than it has. */
const MAX_NAME = 200;

/** What the rules below would call against the customs of Prometheus. */
const OTHERWISE = new Map<string, { name: string; type: PrometheusName['type'] }>([
  // It falls at each boot, as a level does, and every dashboard of the world reads it as one.
  ['system.uptime', { name: 'rmm_system_uptime_seconds', type: 'gauge' }],
  // "_total" is the end of a counter's name.
  ['process.total', { name: 'rmm_processes', type: 'gauge' }],
]);

/** Units by the words Prometheus has for them, and what one of ours is of theirs. */
const BASE_UNITS = new Map<string, { suffix: string; per: number }>([
  ['ms', { suffix: 'seconds', per: 1_000 }],
  ['us', { suffix: 'seconds', per: 1_000_000 }],
  ['s', { suffix: 'seconds', per: 1 }],
  ['bytes', { suffix: 'bytes', per: 1 }],
  ['bytes/s', { suffix: 'bytes_per_second', per: 1 }],
  ['ratio', { suffix: 'ratio', per: 1 }],
  ['%', { suffix: 'ratio', per: 100 }],
  ['ticks', { suffix: 'ticks', per: 1 }],
  ['celsius', { suffix: 'celsius', per: 1 }],
]);

const INSTANCE_LABELS = {
  device: 'item',
  filesystem: 'mountpoint',
  disk: 'disk',
  interface: 'interface',
  sensor: 'sensor',
} as const;

/** Endings that promise a kind which a gauge is not. */
const RESERVED_END = /_(total|count|sum|bucket|info|created)$/;

const legal = (text: string): string =>
  text
    .replaceAll(/[^a-zA-Z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, MAX_NAME);

const known = new Map<string, PrometheusName>();
/** Names of scripts are bounded for each device alone; above this the memory begins anew. */
const MAX_KNOWN = 10_000;

export function prometheusName(series: NamedSeries): PrometheusName {
  const key = `${series.name} ${series.unit} ${series.kind} ${series.resolution}`;
  const former = known.get(key);
  if (former !== undefined) return former;
  const made = makeName(series);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(key, made);
  return made;
}

function makeName({ name, unit, kind, resolution }: NamedSeries): PrometheusName {
  const base = BASE_UNITS.get(unit);
  const { name: called, type } = OTHERWISE.get(name) ?? { name: regularName(name, base?.suffix, kind), type: kind };
  const per = base?.per ?? 1;
  const scale = scaleOf(resolution, per);
  return {
    name: called,
    type,
    help: `${name} of a device${unit === '' || unit === 'count' ? '' : `, from ${unit.replaceAll(/[^!-~]/g, '?')}`}.`,
    instanceLabel: INSTANCE_LABELS[metricByName(name)?.scope ?? 'device'],
    inBaseUnits: scale,
  };
}

function regularName(name: string, suffix: string | undefined, kind: MetricKind): string {
  const plain = `rmm_${legal(name)}`;
  const isSaid = suffix === undefined || plain.endsWith(`_${suffix}`);
  const withUnit = isSaid ? plain : `${plain}_${suffix}`;
  if (kind === 'counter') return withUnit.endsWith('_total') ? withUnit : `${withUnit}_total`;
  return RESERVED_END.test(withUnit) ? `${withUnit}_value` : withUnit;
}

/** One division or one multiplication wherever whole numbers allow, so that the double is the nearest one there is. */
function scaleOf(resolution: number, per: number): (stored: number) => number {
  if (resolution < 1) {
    const divisor = Math.round(1 / resolution) * per;
    return (stored) => stored / divisor;
  }
  return (stored) => (stored * resolution) / per;
}
