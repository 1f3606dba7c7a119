// What the worker does before it is asked anything: opens the charts that people look at first, and draws them until their code is compiled.
import { HOUR_MS } from '#shared/base/clock.ts';
import type { DevicePlace } from '#shared/day-files/day-store.ts';
import { type Reading, sealedRange } from './sealed-range.ts';
import { sealedSum } from './sealed-sums.ts';

const HOURS_A_DAY = 24;
/** Of the sums of the fleet. */
const WEEK = 7;
/** Whose charts are drawn, spread over the fleet. */
const DEVICES = 16;
/**
 * Of practice: a chart of a day takes three times the processor after one round that it takes after these, a sum of the fleet four times.
 * They cost the start of a console a second of one processor, beside what else it does.
 */
const ROUNDS = 4;
/** Sums are reckoned from less, and meet their code less often in a round. */
const SUMS_A_ROUND = 3;
/** Devices of a round whose week is drawn. */
const WEEKS_A_ROUND = 2;
/** A level, a rest of two and a rate: each is reckoned in another way. Where one is not kept, nothing is lost. */
const NAMES = ['poll.duration', 'memory.used', 'network.rx_rate'] as const;

export type AheadStore = Reading['store'] & { states(): ReadonlyArray<{ day: number }> };

interface Newest {
  places: readonly DevicePlace[];
  /** The hour after the newest day. */
  to: number;
}

function newestOf(store: AheadStore): Newest | undefined {
  const day = store.states().at(-1)?.day;
  const places = day === undefined ? [] : (store.read(day)?.devices() ?? []);
  return day === undefined || places.length === 0 ? undefined : { places, to: (day + 1) * HOURS_A_DAY };
}

/** A day of some devices and a week of all sites, up to the newest day that is kept. */
export async function readAhead(store: AheadStore): Promise<void> {
  const newest = newestOf(store);
  const reading = { store, giveWay: () => Promise.resolve() };
  if (newest === undefined) return;
  await drawDays(newest, reading);
  await addUp(newest, reading);
}

/** The same again and again, and weeks of some devices: what is asked next meets code that is fast. */
export async function practise(store: AheadStore, giveWay: () => Promise<void>): Promise<void> {
  const newest = newestOf(store);
  if (newest === undefined) return;
  const reading = { store, giveWay };
  for (let round = 0; round < ROUNDS; round += 1) {
    await drawDays(newest, reading);
    for (const device of devicesIn(newest, WEEKS_A_ROUND))
      await sealedRange({ device, ...lastDays(newest, WEEK), stepMs: HOUR_MS }, reading);
    for (let n = 0; n < SUMS_A_ROUND; n += 1) await addUp(newest, reading);
  }
}

const devicesIn = ({ places }: Newest, most: number) =>
  Array.from(
    { length: Math.min(most, places.length) },
    (_, n) => places[Math.floor((n * places.length) / most)],
  ).flatMap((place) => place?.device ?? []);

const lastDays = ({ to }: Newest, days: number) => ({
  ...{ relays: [], names: NAMES, apart: [] },
  from: (to - days * HOURS_A_DAY) * HOUR_MS,
  to: to * HOUR_MS - 1,
});

async function drawDays(newest: Newest, reading: Reading): Promise<void> {
  for (const device of devicesIn(newest, DEVICES))
    await sealedRange({ device, ...lastDays(newest, 2), stepMs: HOUR_MS / 20 }, reading);
}

/** Of all sites, and of one by itself, which is read in another way. */
async function addUp({ places, to }: Newest, reading: Reading): Promise<void> {
  const all = [...new Set(places.map(({ site }) => site))];
  const week = { devices: [], from: to - WEEK * HOURS_A_DAY, to, open: [] };
  for (const name of NAMES)
    for (const sites of all.length > 1 ? [all, all.slice(0, 1)] : [all])
      await sealedSum({ name, sites, ...week }, reading);
}
