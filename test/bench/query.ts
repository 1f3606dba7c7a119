// `bench query`: charts and sums of days that are sealed, asked of the metrics worker cold and warm, and over HTTP of a whole console.
import { rmSync } from 'node:fs';
import os from 'node:os';
import type { Api } from '#console/cli/client.ts';
import { lastReadings } from '#console/metrics/last-readings.ts';
import { LastValues } from '#console/metrics/last-values.ts';
import { systemClock } from '#shared/base/clock.ts';
import { fromStored, metricById } from '#shared/model/metric-catalogue.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { type Limits, limitsOf } from '#test/limits.ts';
import type { Bench } from './bench.ts';
import { bundleConsole } from './console-bundle.ts';
import { stopChild } from './console-child.ts';
import { dropPageCache, makeEstate, type QueryEstate, type Shape, startConsole, startWorker } from './query-estate.ts';
import {
  coldFigures,
  type Figures,
  figuresOf,
  nameNo,
  type Question,
  seriesOver,
  sumOver,
  timed,
  warmFigures,
} from './query-questions.ts';
import { rounded } from './statistics.ts';

const SMALL: Shape = { sites: 1, devices: 500, templates: 50, rawHours: 168, totalsDays: 90 };
const LARGE: Shape = { sites: 50, devices: 500, templates: 50, rawHours: 24, totalsDays: 8 };
const QUICK: Shape = { sites: 1, devices: 50, templates: 10, rawHours: 168, totalsDays: 90 };

const SMALL_QUESTIONS = [
  seriesOver('series24h', 1),
  seriesOver('series7d', 7),
  seriesOver('series90d', 90),
  sumOver('site7d', 'site'),
];
const LARGE_QUESTIONS = [seriesOver('millionSeries24h', 1), sumOver('millionFleet7d', 'fleet')];

interface Times {
  warm: number;
  cold: number;
}

type Told = Record<string, number>;
type Say = (line: string) => void;

function tell(into: Told, what: string, { p50, p95, cpu }: Figures, say: Say): void {
  into[`${what}P50Ms`] = p50;
  into[`${what}P95Ms`] = p95;
  // What a console's own process costs is not seen from here.
  if (!what.endsWith('Api')) into[`${what}CpuMs`] = cpu;
  say(`${what}: p50 ${p50}, p95 ${p95} ms; processor ${cpu} ms`);
}

/** The newest polls are what the worker gives after a restart; every value of all devices, and one name of all devices as the API tells it. */
async function lastOfAll(estate: QueryEstate, { warm }: Times, into: Told, say: Say): Promise<void> {
  await using worker = await startWorker(estate);
  const [relay] = estate.relays;
  const devices = estate.places.filter(({ site }) => site === relay?.site).map(({ device }) => device);
  if (relay === undefined) return;
  const lastValues = new LastValues({ clock: systemClock });
  const today = Math.floor(estate.until / 24);
  lastValues.take({ relay: relay.relay, polls: await worker.call('lastPolls', { devices, today }) });
  const asked = devices.map((id) => ({ id, relayId: relay.relay }));
  const all = () => {
    let readings = 0;
    for (const { id, relayId } of asked) {
      const poll = lastValues.recent(relayId, id).at(-1);
      for (const [column, { metric }] of (poll?.series ?? []).entries()) {
        const known = metricById(metric);
        const stored = poll?.values[column];
        if (known !== undefined && stored !== undefined && fromStored(known, stored) >= 0) readings += 1;
      }
    }
    if (readings !== devices.length * 40) throw new Error(`${readings} last readings of ${devices.length} devices`);
  };
  tell(into, 'lastCold', figuresOf([await timed(all)]), say);
  tell(into, 'lastWarm', await warmFigures(async () => all(), warm), say);
  const one = async (n: number) => {
    if (lastReadings(lastValues, asked, nameNo(n)).length !== devices.length) throw new Error('a device says nothing');
  };
  tell(into, 'lastOfANameWarm', await warmFigures(one, warm), say);
}

async function engineFigures(estate: QueryEstate, questions: readonly Question[], times: Times, into: Told, say: Say) {
  for (const question of questions) {
    tell(into, `${question.name}Cold`, await coldFigures(question, estate, times.cold), say);
    await using worker = await startWorker(estate);
    const ask = (n: number) => question.engine(worker, estate, n);
    tell(into, `${question.name}Warm`, await warmFigures(ask, times.warm), say);
  }
}

/** The console has read back what was said last: until then it is busy with it. */
async function untilRestored(api: Api, devices: number): Promise<void> {
  const late = systemClock.monotonic() + 120_000;
  for (;;) {
    const { items } = await api.metrics.last({ name: 'load.1' });
    if (items.length >= devices) return;
    if (systemClock.monotonic() > late) throw new Error('last values were not read back in time');
    await systemClock.sleep(500);
  }
}

async function apiFigures(estate: QueryEstate, questions: readonly Question[], times: Times, into: Told, say: Say) {
  const { child, api } = await startConsole(estate.bundle, estate.data);
  try {
    await untilRestored(api, estate.places.length);
    for (const question of questions)
      tell(into, `${question.name}Api`, await warmFigures((n) => question.api(api, estate, n), times.warm), say);
    const last = async () => void (await api.metrics.last({ name: 'load.1' }));
    if (estate.relays.length === 1) tell(into, 'lastApi', await warmFigures(last, times.warm), say);
  } finally {
    await stopChild(child);
  }
}

async function allOf(shape: Shape, questions: readonly Question[], bundle: string, times: Times, say: Say) {
  await using folder = makeTempFolder('rmm-bench-query');
  const told: Told = {};
  const start = systemClock.monotonic();
  const estate = await makeEstate(bundle, folder.path, shape, say);
  say(`made in ${Math.round((systemClock.monotonic() - start) / 1_000)} s`);
  if (shape !== LARGE) await lastOfAll(estate, times, told, say);
  await engineFigures(estate, questions, times, told, say);
  await apiFigures(estate, questions, times, told, say);
  return told;
}

/** Under --quick there is one small site. */
const withoutMillion = (): Limits =>
  Object.fromEntries(Object.entries(limitsOf('bench query', true)).filter(([name]) => !name.startsWith('million')));

export const benchQuery: Bench = async ({ isQuick, say }) => {
  const start = systemClock.monotonic();
  const times = isQuick ? { warm: 20, cold: 1 } : { warm: 200, cold: 10 };
  const isCold = dropPageCache();
  const bundle = await bundleConsole();
  try {
    const small = await allOf(isQuick ? QUICK : SMALL, SMALL_QUESTIONS, bundle, times, say);
    const large = isQuick ? {} : await allOf(LARGE, LARGE_QUESTIONS, bundle, times, say);
    return {
      name: 'bench query',
      durationMs: systemClock.monotonic() - start,
      figures: { ...small, ...large },
      ...(isQuick ? { limits: withoutMillion() } : {}),
      details: { pageCacheDropped: isCold, load: rounded(os.loadavg()[0] ?? 0), ...times },
    };
  } finally {
    rmSync(bundle, { recursive: true, force: true });
  }
};
