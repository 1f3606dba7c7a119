// Made-up readings of several devices, of sites and of the fleet, in the shapes of the contract: what the metrics pages show.
import type { MetricRow, MetricSource, MetricTopRow } from '#shared/contract/metric-contract.ts';
import { DERIVED } from '#shared/model/derive.ts';
import { numberOf } from './fixture-changes.ts';
import type { Guarded } from './fixture-console.ts';
import { device, deviceId, history, siteId } from './fixture-fleet.ts';

const DAY_MS = 86_400_000;
/** Spans of more than this are made of totals of hours, as the console does it. */
const RAW_MS = 3 * DAY_MS;
/** What is older is kept nowhere. */
const KEPT_MS = 200 * DAY_MS;
/** Devices a sum is reckoned from: all would only cost time. */
const MOST_SUMMED = 40;

const shows: Readonly<Record<string, MetricRow['show']['as']>> = {
  ratio: 'percent',
  bytes: 'bytes',
  'bytes/s': 'bytes/s',
  ms: 'duration',
  '1/s': 'per-second',
};

const catalogue = (): MetricRow[] =>
  DERIVED.map(({ name, unit, scope }) => ({
    ...{ name, unit, kind: 'derived' as const, scope },
    show: { decimals: 1, as: shows[unit] ?? 'number' },
  }));

/** Half an hour of each site is away, and beyond its time nothing is kept. */
export function fixtureSource(from: number, to: number, now: number): MetricSource {
  const hour = Math.floor((now - 26 * 3_600_000) / 3_600_000) * 3_600_000;
  const missing = [
    { from, to: Math.min(to, now - KEPT_MS) },
    { from: Math.max(from, hour), to: Math.min(to, hour + 6 * 3_600_000) },
  ].filter((part) => part.to > part.from);
  return { resolution: to - from > RAW_MS ? 'hours' : 'raw', missing, away: missing.length > 0 };
}

interface Ask {
  name: string;
  from: number;
  to: number;
  maxPoints: number;
}

const linesOf = (n: number, { name, ...ask }: Ask, now: number) =>
  tornHistory(n, { ...ask, names: new Set([name]) }, now);

/** Series of a device with nothing in what is missing. */
export function tornHistory(n: number, ask: Parameters<typeof history>[2], now: number) {
  const { missing } = fixtureSource(ask.from, ask.to, now);
  const isMissing = (at: number) => missing.some((part) => at >= part.from && at < part.to);
  return history(n, now, ask).map((line) => {
    const emptied = (values: ReadonlyArray<number | null>) =>
      values.map((value, index) => (isMissing(line.at[index] ?? 0) ? null : value));
    return { ...line, min: emptied(line.min), avg: emptied(line.avg), max: emptied(line.max) };
  });
}

const membersOf = (over: string, devices: number): number[] => {
  const all = Array.from({ length: devices }, (_, n) => n);
  const [kind = '', id = ''] = over.split(':');
  return kind === 'site' ? all.filter((n) => siteId(n % 4) === id) : all;
};

function sum(over: string, ask: Ask, devices: number, now: number) {
  const members = membersOf(over, devices);
  const lines = members.slice(0, MOST_SUMMED).flatMap((n) => linesOf(n, ask, now));
  const at = lines[0]?.at ?? [];
  const column = (pick: (values: number[]) => number, of: 'min' | 'avg' | 'max') =>
    at.map((_, index) => {
      const values = lines.map((line) => line[of][index] ?? null).filter((value) => value !== null);
      return values.length === 0 ? null : pick(values);
    });
  const total = (values: number[]) => values.reduce((all, value) => all + value, 0);
  const step = (at[1] ?? 0) - (at[0] ?? 0);
  return {
    unit: DERIVED.find(({ name }) => name === ask.name)?.unit ?? 'count',
    at,
    until: ask.to,
    min: column((values) => Math.min(...values), 'min'),
    avg: column((values) => total(values) / values.length, 'avg'),
    max: column((values) => Math.max(...values), 'max'),
    sum: column((values) => (total(values) * step) / 1_000, 'avg'),
    count: at.map(() => lines.length),
    devices: members.length,
    by: 'sites' as const,
    source: fixtureSource(ask.from, ask.to, now),
  };
}

function top(over: string, ask: Omit<Ask, 'maxPoints'> & { limit: number }, devices: number, now: number) {
  const rows = membersOf(over, devices).flatMap((n) => {
    const { name, siteName } = device(n, now, new Set());
    return linesOf(n, { ...ask, maxPoints: 2 }, ask.to).map(
      (line): MetricTopRow => ({
        ...{ device: deviceId(n), deviceName: name, siteName, instance: line.instance, at: ask.to },
        value: line.avg.find((value) => value !== null) ?? 0,
      }),
    );
  });
  return rows.sort((a, b) => b.value - a.value).slice(0, ask.limit);
}

export function metricRoutes(guarded: Guarded, devices: number, now: () => number) {
  const unitOf = (wanted: string) => DERIVED.find(({ name }) => name === wanted)?.unit ?? 'count';
  return {
    metrics: {
      catalogue: guarded.metrics.catalogue.handler(() => ({ items: catalogue() })),
      range: guarded.metrics.range.handler(({ input }) => ({
        lines: input.devices.split(',').flatMap((id) => {
          const n = numberOf(id);
          if (n >= devices) return [];
          const { name } = device(n, now(), new Set());
          return linesOf(n, input, now())
            .filter(({ instance }) => input.instance === undefined || instance === input.instance)
            .map((line) => ({ ...line, device: deviceId(n), deviceName: name }));
        }),
        source: fixtureSource(input.from, input.to, now()),
      })),
      sum: guarded.metrics.sum.handler(({ input }) => sum(input.over, input, devices, now())),
      top: guarded.metrics.top.handler(({ input }) => {
        const { from = now() - DAY_MS, to = now(), name, limit } = input;
        const rows = top(input.over, { name, from, to, limit }, devices, now());
        return { unit: unitOf(name), rows, source: fixtureSource(from, to, now()) };
      }),
    },
  };
}
