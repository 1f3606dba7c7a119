// `bench backtest`: drafts of checks tried on a month of a thousand devices, asked of a whole console over HTTP, with real incidents planted.
import { rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Api } from '#console/cli/client.ts';
import { openStore, type Store } from '#console/store/database.ts';
import { HOUR_MS, systemClock } from '#shared/base/clock.ts';
import type { DevicePlace } from '#shared/day-files/day-store.ts';
import { SHIPPED_CHECKS } from '#shared/judge/shipped-checks.ts';
import { Check } from '#shared/model/check.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { Bench } from './bench.ts';
import { bundleConsole } from './console-bundle.ts';
import { stopChild } from './console-child.ts';
import { processUse } from './process-meter.ts';
import { dropPageCache, makeEstate, type QueryEstate, type Shape, startConsole } from './query-estate.ts';
import { rounded } from './statistics.ts';

const DAYS = 30;
const FULL: Shape = { sites: 2, devices: 500, templates: 50, rawHours: DAYS * 24, totalsDays: DAYS + 1 };
const QUICK: Shape = { sites: 2, devices: 20, templates: 10, rawHours: 7 * 24, totalsDays: 8 };

const shipped = (id: string): Check => Check.parse(SHIPPED_CHECKS.find((check) => check.id === id));
const limited = (id: string, limits: Record<string, number>): Check => {
  const check = shipped(id);
  return Check.parse({ ...check, when: { ...check.when, limits } });
};

/** What somebody would try who is woken too often: most of what ships, with other limits, and one that asks for every value. */
const DRAFT: readonly Check[] = [
  limited('cpu.used', { medium: 0.9, high: 0.98 }),
  limited('memory.used', { medium: 0.9, critical: 0.97 }),
  limited('disk.free', { medium: 0.85, critical: 0.95 }),
  limited('disk.queue', { medium: 20, high: 40 }),
  limited('disk.latency', { medium: 50, high: 100 }),
  limited('network.receive-errors', { high: 100 }),
  limited('network.send-errors', { high: 100 }),
  limited('service.failed', { high: 2 }),
  limited('log.errors', { medium: 20 }),
];

type BackTested = Awaited<ReturnType<Api['checks']['backTest']>>;

interface Span {
  from: number;
  to: number;
}

interface Measured {
  answer: BackTested;
  seconds: number;
  cpuSeconds: number;
}

async function measured(
  estate: QueryEstate,
  span: Span,
  draft: { checks?: Check[]; off?: string[] },
): Promise<Measured> {
  const { child, api } = await startConsole(estate.bundle, estate.data);
  try {
    // Its fleet is read, and the worker has opened its files.
    await api.devices.list({});
    dropPageCache();
    const [start, cpu] = [systemClock.monotonic(), processUse(child.pid ?? 0).cpuS];
    const answer = await api.checks.backTest({ over: 'fleet', ...span, ...draft });
    const seconds = (systemClock.monotonic() - start) / 1_000;
    return { answer, seconds: rounded(seconds), cpuSeconds: rounded(processUse(child.pid ?? 0).cpuS - cpu) };
  } finally {
    await stopChild(child);
  }
}

interface Planted extends DevicePlace {
  check: string;
  instance: string;
  from: number;
  to: number;
}

/** Real incidents: what a check found on some devices in the last days, as alerts that a person took. */
async function plant(estate: QueryEstate, span: Span, check: Check, devices: number): Promise<Planted[]> {
  const { child, api } = await startConsole(estate.bundle, estate.data);
  const planted: Planted[] = [];
  try {
    await api.devices.list({});
    const from = Math.max(span.from, span.to - 2 * 24 * HOUR_MS);
    for (const place of estate.places.slice(0, devices)) {
      const { episodes } = await api.checks.preview({ device: place.device, check, from, to: span.to });
      for (const { instance, since, clearedAt } of episodes.slice(0, 1))
        planted.push({ ...place, check: check.id, instance, from: since, to: clearedAt ?? span.to });
    }
  } finally {
    await stopChild(child);
  }
  const store = await openStore({ engine: 'sqlite', file: path.join(estate.data, 'console.db') });
  try {
    for (const [n, one] of planted.entries()) await plantOne(store, n, one);
    return planted;
  } finally {
    await store.close();
  }
}

async function plantOne(store: Store, n: number, { device, site, check, instance, from, to }: Planted): Promise<void> {
  const about = { site_id: site, device_id: device, severity: 'medium', state: 'resolved' };
  const times = { opened_at: from, received_at: from, changed_at: to, resolved_at: to };
  await store.transaction(async (tx) => {
    await tx
      .insertInto('incident')
      .values({
        ...{ id: `bench-incident-${n}`, cause: 'device', title: 'planted', severity_rank: 2, ...about, ...times },
        ...{ is_past: 0, is_muted: 0, is_told: 1, acknowledged_by: 'person:bench', acknowledged_at: from },
      })
      .execute();
    await tx
      .insertInto('alert')
      .values({
        ...{
          id: `bench-alert-${n}`,
          incident_id: `bench-incident-${n}`,
          subject: `device:${device}`,
          ...about,
          ...times,
        },
        ...{ check_id: check, instance, type: 'performance', detail: '', is_failing: 0, count: 1, openings: '[]' },
        is_muted: 0,
      })
      .execute();
  });
}

export const benchBacktest: Bench = async ({ isQuick, say }) => {
  const start = systemClock.monotonic();
  const bundle = await bundleConsole();
  try {
    await using folder = makeTempFolder('rmm-bench-backtest');
    const shape = isQuick ? QUICK : FULL;
    const estate = await makeEstate(bundle, folder.path, shape, say);
    const to = (estate.until + 1) * HOUR_MS;
    const span = { from: to - shape.rawHours * HOUR_MS, to };
    const first = await measured(estate, span, { checks: [...DRAFT] });
    const { before, after, hours } = first.answer;
    say(
      `found ${before.findings} now, ${after.findings} as drafted; told ${before.notifications}, ${after.notifications}`,
    );
    say(`hours read ${hours.read}, passed over ${hours.passed}, no longer kept ${hours.unkept}; ${first.seconds} s`);
    const [most] = first.answer.checks.filter((line) => line.before.findings > 0);
    const planted = most === undefined ? [] : await plant(estate, span, shipped(most.check), isQuick ? 5 : 20);
    say(`${planted.length} incidents of ${most?.check} were taken by a person`);
    const second = await measured(estate, span, { off: most === undefined ? [] : [most.check] });
    return {
      name: 'bench backtest',
      durationMs: systemClock.monotonic() - start,
      figures: {
        ...{ devices: first.answer.changedDevices, seconds: first.seconds, cpuSeconds: first.cpuSeconds },
        ...{ hours: hours.read + hours.passed, unkept: hours.unkept },
        ...{ findingsBefore: before.findings, findingsAfter: after.findings },
        ...{ toldBefore: before.notifications, toldAfter: after.notifications },
        ...{ planted: planted.length, truths: second.answer.truths },
        missedLosses: planted.length - second.answer.lostCount,
        offSeconds: second.seconds,
      },
      details: { hoursRead: hours.read, load: rounded(os.loadavg()[0] ?? 0), check: most?.check ?? 'none' },
    };
  } finally {
    rmSync(bundle, { recursive: true, force: true });
  }
};
