// The call `replay`: some devices' kept past, judged anew by sets of checks. Day after day, each opened once for all of them; hours are
// sealed in between.
import type { Reading } from '#console/metrics/sealed-range.ts';
import { hoursOf, ReplayDevice, type ReplaySet, replaySet } from './replay-device.ts';
import type { ReplayAnswer, ReplayAsk } from './replay-message.ts';
import { type Counts, ReplayPast } from './replay-past.ts';
import { ReplayedDay } from './replayed-day.ts';

const HOURS_A_DAY = 24;

export async function replay(ask: ReplayAsk, { store, giveWay }: Reading): Promise<ReplayAnswer> {
  const sets = ask.sets.map(replaySet);
  const counts: Counts = { read: 0, passed: 0, unkept: 0 };
  // Equal lists of names are one list: what is worked out for a list is kept by it.
  const lists = new Map<string, readonly string[]>();
  const pasts = ask.devices.map(({ device, pollMs, sets: own, news }) => {
    const mine = own.flatMap((place) => sets[place] ?? []);
    const replaying = new ReplayDevice(mine, pollMs, { span: ask, news });
    return new ReplayPast(device, replaying, { lists, names: namesOf(mine) });
  });
  const [first, last] = hoursOf(ask);
  let before: ReplayedDay | undefined;
  for (let day = Math.floor(first / HOURS_A_DAY); day <= Math.floor(last / HOURS_A_DAY); day += 1) {
    const reader = store.read(day);
    const now = reader === undefined ? undefined : new ReplayedDay(reader);
    before ??= dayOf(store, day - 1);
    const hours = [Math.max(first, day * HOURS_A_DAY), Math.min(last, (day + 1) * HOURS_A_DAY - 1)] as const;
    for (const past of pasts) {
      past.replayDay(day, { now, before }, hours, counts);
      await giveWay();
    }
    before = now;
  }
  return { devices: pasts.map((past) => past.result()), ...counts };
}

function dayOf(store: Reading['store'], day: number): ReplayedDay | undefined {
  const reader = store.read(day);
  return reader === undefined ? undefined : new ReplayedDay(reader);
}

const namesOf = (sets: readonly ReplaySet[]): string[] => [...new Set(sets.flatMap(({ names }) => names))];
