// What the worker does before it is asked anything: the charts that people look at first, so that no one waits for files to be opened.
import { HOUR_MS } from '#shared/base/clock.ts';
import type { DayStore } from '#shared/day-files/day-store.ts';
import { sealedRange } from './sealed-range.ts';
import { sealedSum } from './sealed-sums.ts';

const HOURS_A_DAY = 24;
/** Of the sums of the fleet. */
const WEEK = 7;
/** So that the code of a chart is compiled: spread over the fleet. */
const DEVICES = 16;
/** A level, a rest of two and a rate: each is reckoned in another way. Where one is not kept, nothing is lost. */
const NAMES = ['poll.duration', 'memory.used', 'network.rx_rate'] as const;

/** A day of some devices and a week of all sites, up to the newest day that is kept. */
export async function readAhead(store: Pick<DayStore, 'states' | 'read'>): Promise<void> {
  const newest = store.states().at(-1)?.day;
  const places = newest === undefined ? [] : (store.read(newest)?.devices() ?? []);
  if (newest === undefined || places.length === 0) return;
  const reading = { store, giveWay: () => Promise.resolve() };
  const to = (newest + 1) * HOURS_A_DAY;
  for (let n = 0; n < Math.min(DEVICES, places.length); n += 1) {
    const device = places[Math.floor((n * places.length) / DEVICES)]?.device ?? places[0]?.device;
    const span = { from: (to - 2 * HOURS_A_DAY) * HOUR_MS, to: to * HOUR_MS - 1, stepMs: HOUR_MS / 20 };
    if (device !== undefined) await sealedRange({ device, relays: [], names: NAMES, ...span, apart: [] }, reading);
  }
  const sites = [...new Set(places.map(({ site }) => site))];
  const week = { sites, devices: [], from: to - WEEK * HOURS_A_DAY, to, open: [] };
  for (const name of NAMES) await sealedSum({ name, ...week }, reading);
}
