// The questions of `bench query`, as the worker is asked them and as the API is; every question is of other devices and names.
import type { Api } from '#console/cli/client.ts';
import { stepOf } from '#console/metrics/metric-query.ts';
import type { MetricsWorker } from '#console/metrics/metrics-worker.ts';
import { HOUR_MS, systemClock } from '#shared/base/clock.ts';
import type { DevicePlace } from '#shared/day-files/day-store.ts';
import { dropPageCache, type QueryEstate, startWorker } from './query-estate.ts';
import { median, percentile, rounded } from './statistics.ts';

/** One instance each: a level, a ratio that totals keep for themselves, a rest of two levels, a rate of a counter. */
const NAMES = ['load.1', 'memory.used_ratio', 'memory.used', 'network.rx_rate'] as const;
/** A chart's width where nobody says another. */
const MAX_POINTS = 600;
const INTERVAL_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;

export interface Question {
  name: string;
  engine: (worker: MetricsWorker, estate: QueryEstate, n: number) => Promise<void>;
  api: (api: Api, estate: QueryEstate, n: number) => Promise<void>;
}

export const nameNo = (n: number): string => NAMES[n % NAMES.length] ?? NAMES[0];

/** Spread over all sites; 7,919 is a prime. */
const placeNo = ({ places }: QueryEstate, n: number): DevicePlace => {
  const place = places[(n * 7_919 + 13) % places.length];
  if (place === undefined) throw new Error('no devices');
  return place;
};

const spanOf = ({ until }: QueryEstate, days: number) => {
  const to = (until + 1) * HOUR_MS - 1;
  return { from: to - days * DAY_MS + 1, to };
};

/** An answer that holds nothing is soon given. */
function expectFull(what: string, known: number, least: number): void {
  if (known < least) throw new Error(`${what}: ${known} of at least ${least} points`);
}

const knownIn = (values: ArrayLike<number | null>): number =>
  Array.from(values).filter((value) => value !== null && value > 0).length;

export const seriesOver = (name: string, days: number): Question => ({
  name,
  engine: async (worker, estate, n) => {
    const span = spanOf(estate, days);
    const { device, site } = placeNo(estate, n);
    const relays = estate.relays.filter((one) => one.site === site).map(({ relay }) => relay);
    const shape = { device, site, relays, names: [nameNo(n)], maxPoints: MAX_POINTS, intervalMs: INTERVAL_MS, ...span };
    const stepMs = stepOf(shape);
    const { lines } = await worker.call('range', { device, relays, names: [nameNo(n)], ...span, stepMs, apart: [] });
    const places = Math.min(MAX_POINTS, (days * DAY_MS) / stepMs);
    expectFull(name, knownIn(lines[0]?.count ?? []), places * 0.95);
  },
  api: async (api, estate, n) => {
    const { device } = placeNo(estate, n);
    const { lines } = await api.metrics.range({ devices: device, name: nameNo(n), ...spanOf(estate, days) });
    expectFull(name, lines[0]?.avg.filter((value) => value !== null).length ?? 0, MAX_POINTS * 0.8);
  },
});

/** The sites one after the other; of the fleet all of them at once. */
export const sumOver = (name: string, over: 'site' | 'fleet'): Question => ({
  name,
  engine: async (worker, estate, n) => {
    const sites = [...new Set(estate.places.map(({ site }) => site))];
    const some = over === 'fleet' ? sites : sites.slice(n % sites.length, (n % sites.length) + 1);
    const span = { from: estate.until + 1 - 168, to: estate.until + 1 };
    const { line } = await worker.call('sum', { name: nameNo(n), sites: some, devices: [], ...span, open: [] });
    expectFull(name, knownIn(line?.count ?? []), 160);
  },
  api: async (api, estate, n) => {
    const { site } = placeNo(estate, n);
    const asked = over === 'fleet' ? 'fleet' : `site:${site}`;
    const { count } = await api.metrics.sum({ name: nameNo(n), over: asked, ...spanOf(estate, 7), by: 'hour' });
    expectFull(name, knownIn(count), 160);
  },
});

export interface Figures {
  p50: number;
  p95: number;
  /** Processor time of this process, the worker's thread with it: what a neighbour's work does not change much. */
  cpu: number;
}

interface Taken {
  ms: number;
  cpuMs: number;
}

export const figuresOf = (taken: readonly Taken[]): Figures => {
  const ms = taken.map((one) => one.ms);
  const cpuMs = taken.map((one) => one.cpuMs);
  return { p50: rounded(median(ms)), p95: rounded(percentile(ms, 0.95)), cpu: rounded(median(cpuMs)) };
};

export async function timed(act: () => unknown): Promise<Taken> {
  const before = process.cpuUsage();
  const start = systemClock.monotonic();
  await act();
  const ms = systemClock.monotonic() - start;
  const { user, system } = process.cpuUsage(before);
  return { ms, cpuMs: (user + system) / 1_000 };
}

/** What the compiler has not met yet costs most of the first answers. */
const WARM_UP = 20;

export async function warmFigures(ask: (n: number) => Promise<void>, times: number): Promise<Figures> {
  for (let n = 0; n < WARM_UP; n += 1) await ask(n);
  const taken: Taken[] = [];
  for (let n = 0; n < times; n += 1) taken.push(await timed(() => ask(WARM_UP + n)));
  return figuresOf(taken);
}

/**
 * The first question to a thread that has just begun. As each thread does by itself, it has opened the newest days and practised on some
 * devices; then the page cache of the machine is emptied, so what this device's chart needs comes from the disk.
 */
export async function coldFigures(question: Question, estate: QueryEstate, times: number): Promise<Figures> {
  const taken: Taken[] = [];
  for (let n = 0; n < times; n += 1) {
    await using worker = await startWorker(estate);
    dropPageCache();
    taken.push(await timed(() => question.engine(worker, estate, n)));
  }
  return figuresOf(taken);
}
