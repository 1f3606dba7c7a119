// The call `replay`: some devices' kept past, judged anew by sets of checks. A few devices at a time, so that hours are sealed in between.
import { lookupOf, type Reading, readable } from '#console/metrics/sealed-range.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { DayReader } from '#shared/day-files/day-store.ts';
import { type FormerRow, lastRowOf } from '#shared/day-files/hour-columns.ts';
import { DayExtremes } from './day-extremes.ts';
import { hoursOf, ReplayDevice, type ReplaySet, replaySet } from './replay-device.ts';
import type { ReplayAnswer, ReplayAsk } from './replay-message.ts';

const HOURS_A_DAY = 24;

interface Counts {
  read: number;
  passed: number;
  unkept: number;
}

export async function replay(ask: ReplayAsk, { store, giveWay }: Reading): Promise<ReplayAnswer> {
  const sets = ask.sets.map(replaySet);
  const counts: Counts = { read: 0, passed: 0, unkept: 0 };
  const devices: ReplayAnswer['devices'] = [];
  const lists = new Map<string, readonly string[]>();
  for (const { device, pollMs, sets: own, news } of ask.devices) {
    const replaying = new ReplayDevice(
      own.flatMap((place) => sets[place] ?? []),
      pollMs,
      { span: ask, news },
    );
    const past = new Past(store, device, { lists, names: namesOf(own, sets) });
    const [first, last] = hoursOf(ask);
    for (let hour = first; hour <= last; hour += 1) {
      counts[past.replayHour(hour, replaying)] += 1;
      if (hour % HOURS_A_DAY === HOURS_A_DAY - 1) await giveWay();
    }
    devices.push(replaying.result(device));
    await giveWay();
  }
  return { devices, ...counts };
}

const namesOf = (own: readonly number[], sets: readonly ReplaySet[]): string[] => [
  ...new Set(own.flatMap((place) => sets[place]?.names ?? [])),
];

/** What is kept of one device, hour after hour. */
class Past {
  readonly #store: Reading['store'];
  readonly #device: DeviceId;
  readonly #names: readonly string[];
  /** Equal lists of names are one list: what is worked out for a list is kept by it. */
  readonly #lists: Map<string, readonly string[]>;
  #day: { day: number; reader: DayReader | undefined; extremes: DayExtremes | undefined } | undefined;
  #former: { hour: number; row: FormerRow } | undefined;

  constructor(
    store: Reading['store'],
    device: DeviceId,
    { names, lists }: { names: readonly string[]; lists: Map<string, readonly string[]> },
  ) {
    this.#store = store;
    this.#device = device;
    this.#names = names;
    this.#lists = lists;
  }

  replayHour(hour: number, replaying: ReplayDevice): keyof Counts {
    const { reader, extremes } = this.#dayOf(hour);
    const needed = this.#names.length === 0 ? [] : replaying.needed(hour, extremes);
    const how = needed.length === 0 ? 'passed' : this.#rows(hour, reader, { replaying, needed });
    replaying.endHour(hour);
    return how;
  }

  #rows(
    hour: number,
    reader: DayReader | undefined,
    { replaying, needed }: { replaying: ReplayDevice; needed: readonly string[] },
  ): keyof Counts {
    const data = reader === undefined ? undefined : readable(() => reader.raw(this.#device, hour));
    if (reader === undefined || data === undefined) return 'unkept';
    const former = this.#former?.hour === hour - 1 ? this.#former.row : this.#rowBefore(hour);
    replaying.hour(data, lookupOf(reader), former, this.#listOf(needed));
    this.#former = { hour, row: lastRowOf(data, lookupOf(reader)) };
    return 'read';
  }

  #dayOf(hour: number) {
    const day = Math.floor(hour / HOURS_A_DAY);
    if (this.#day?.day === day) return this.#day;
    const reader = this.#store.read(day);
    const isAsked = reader !== undefined && this.#names.length > 0;
    const extremes = isAsked ? readable(() => new DayExtremes(reader, this.#device, this.#names)) : undefined;
    this.#day = { day, reader, extremes };
    return this.#day;
  }

  #rowBefore(hour: number): FormerRow | undefined {
    const reader = this.#store.read(Math.floor((hour - 1) / HOURS_A_DAY));
    const data = reader === undefined ? undefined : readable(() => reader.raw(this.#device, hour - 1));
    return reader === undefined || data === undefined ? undefined : lastRowOf(data, lookupOf(reader));
  }

  #listOf(names: readonly string[]): readonly string[] {
    const key = names.join(' ');
    const known = this.#lists.get(key) ?? names;
    this.#lists.set(key, known);
    return known;
  }
}
