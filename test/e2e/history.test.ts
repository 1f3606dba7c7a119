// A console that lost days gets them back from its relay, two real programs: 0 samples lost, 0 twice, 0 wrong; and what only the relay has is read through it.
import { cpSync, existsSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOUR_MS, hourOf, systemClock } from '#shared/base/clock.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { DayStore } from '#shared/day-files/day-store.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { knownIn } from '#shared/day-files/fit-hour.ts';
import { HourRows, numberingOf } from '#shared/day-files/hour-rows.ts';
import { storedSeries } from '#shared/day-files/stored-series.ts';
import { pollsOfMix } from '#test/fixtures/metric-mix.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { freePort, processesNaming, type RunningUp, startUp } from './running-up.ts';

/** Days for which this console keeps raw values; the relay has twice as many. */
const RAW_DAYS = 4;
const DAYS = 8;
const RETENTION = 'RMM_METRICS_RETENTION_RAW_DAYS';

const folder = makeTempFolder('rmm-history');
const own = () => path.join(folder.path, 'metrics');
const last = hourOf(systemClock.now()) - 2;
const first = last - DAYS * 24;
let up: RunningUp;
/** A relay goes back to where it was enrolled. */
let relayPort = '';
let place: { device: DeviceId; site: SiteId; relay: RelayId };

const open = (at: string): DayStore => new FileDayStore({ folder: at, onDamage: (text) => expect.fail(text) });

/** Hours of the mix as the device's; every third row alone where `isThin`. */
function fill(store: DayStore, hours: readonly number[], isThin = false): void {
  for (const hour of hours) {
    const sweeps = pollsOfMix({ devices: 1, columns: 40, seed: hour, from: hour * HOUR_MS });
    const rows = new HourRows();
    for (let minute = 0; minute < 60; minute += 1)
      for (const poll of sweeps.next().value ?? []) if (!isThin || minute % 3 === 0) rows.add(poll);
    const { device, site, relay } = place;
    store.write(Math.floor(hour / 24), (writer) => {
      const data = rows.hour((list) => numberingOf(list, (one) => writer.numberOf(storedSeries(one))));
      writer.putRaw({ device, site }, hour, data);
      writer.cover({ relay, hour, devices: 1, samples: knownIn(data) });
    });
  }
}

/** Every sample of the device in these hours, in words. */
function samplesOf(store: DayStore, hours: readonly number[]): string[] {
  return hours.flatMap((hour) => {
    const reader = store.read(Math.floor(hour / 24));
    const data = reader?.raw(place.device, hour);
    const rows = data?.times.length ?? 0;
    return Array.from(data?.values ?? [], (value, i) => {
      const { name, instance } = reader?.seriesOf(data?.series[Math.floor(i / rows)] ?? -1) ?? {};
      return `${data?.times[i % rows]} ${name} ${instance} ${value}`;
    }).filter((line) => !line.endsWith('NaN'));
  });
}

const hoursFrom = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
/** Within the retention, from the first hour the console may ask for. */
const kept = () => hoursFrom(Math.max(first, last + 2 - (RAW_DAYS - 1) * 24), last);
const counters = async () => (await up.api.system.status({})).counters;

beforeAll(async () => {
  process.env[RETENTION] = String(RAW_DAYS);
  relayPort = String(await freePort());
  up = await startUp(folder.path, ['--relay-port', relayPort]);
  const [device] = (await up.api.devices.list({})).items;
  if (device?.relayId === undefined || device.relayId === null) throw new Error('this machine is no device yet');
  place = { device: device.id, site: device.siteId, relay: device.relayId };
  await up.stop();
  // What a relay and a console that ran for days have: the console then lost two days, and most rows of an hour.
  const [relay, console_] = [open(path.join(folder.path, 'relay', 'history')), open(own())];
  fill(relay, hoursFrom(first, last));
  const there = kept().filter((hour) => Math.floor(hour / 24) !== Math.floor(last / 24) - 1);
  fill(console_, there.slice(0, -3));
  fill(console_, there.slice(-3, -2), true);
  relay.stop();
  console_.stop();
  const db = new Database(path.join(folder.path, 'console.db'));
  db.prepare('update device set created_at = ?').run(first * HOUR_MS);
  db.close();
  up = await startUp(folder.path, ['--relay-port', relayPort]);
}, 300_000);

afterAll(async () => {
  delete process.env[RETENTION];
  await up.stop();
  await folder[Symbol.asyncDispose]();
});

test('every hour within the retention is here again, sample by sample, and is not fetched twice', async () => {
  const done = async () => {
    const { historyHoursLeft, historyHours } = await counters();
    return historyHoursLeft === 0 ? historyHours : 0;
  };
  await expect.poll(done, { timeout: 90_000, interval: 500 }).toBeGreaterThan(24);
  const hours = await done();
  await up.stop();
  const [relay, console_] = [open(path.join(folder.path, 'relay', 'history')), open(own())];
  const said = samplesOf(relay, kept());
  expect(said.length).toBeGreaterThan(100_000);
  expect(samplesOf(console_, kept())).toEqual(said);
  relay.stop();
  console_.stop();
  expect(hours).toBe(24 + 3);
}, 120_000);

test('a console that came back from a copy is filled again', async () => {
  const day = Math.floor(last / 24) - 2;
  const copy = path.join(folder.path, 'copy');
  cpSync(own(), copy, { recursive: true });
  const name = new Date(day * 86_400_000).toISOString().slice(0, 10);
  for (const tier of ['hours/.db', 'raw/.day', 'days/.day'])
    rmSync(path.join(own(), tier.replace('/', `/${name}`)), { force: true });
  up = await startUp(folder.path, ['--relay-port', relayPort]);
  const filled = async () => (await counters()).historyHours;
  const lost = kept().filter((hour) => Math.floor(hour / 24) === day).length;
  await expect.poll(filled, { timeout: 90_000, interval: 500 }).toBe(lost);
  await up.stop();
  const [before, after] = [open(copy), open(own())];
  expect(samplesOf(after, kept())).toEqual(samplesOf(before, kept()));
  before.stop();
  after.stop();
  up = await startUp(folder.path, ['--relay-port', relayPort]);
}, 240_000);

test('a span that only the relay has is read through it, and is said to be away when nobody answers', async () => {
  const span = { from: (first + 24) * HOUR_MS, to: (first + 30) * HOUR_MS - 1 };
  const ask = (more: object) => up.api.devices.metrics({ id: place.device, names: 'load.1', ...span, ...more });
  const linked = async () => (await counters()).links;
  await expect.poll(linked, { timeout: 30_000 }).toBe(1);
  const known = async () => (await ask({})).series.flatMap(({ at }) => at).length;
  await expect.poll(known, { timeout: 30_000 }).toBeGreaterThanOrEqual(300);
  expect((await ask({})).source).toMatchObject({ missing: [], away: false });
  expect(existsSync(path.join(own(), 'hours', `${new Date(span.from).toISOString().slice(0, 10)}.db`))).toBe(false);

  const pids = await processesNaming(path.join(folder.path, 'relay'));
  const words = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8')));
  const stopped = pids.filter((_, i) => words[i]?.split('\0').includes('relay'));
  expect(stopped.length).toBeGreaterThan(0);
  for (const pid of stopped) process.kill(pid, 'SIGSTOP');
  try {
    const other = { from: (first + 48) * HOUR_MS, to: (first + 54) * HOUR_MS - 1 };
    const answer = await ask(other);
    expect(answer.source).toMatchObject({ missing: [{ from: other.from, to: other.to + 1 }], away: true });
  } finally {
    for (const pid of stopped) process.kill(pid, 'SIGCONT');
  }
}, 120_000);
