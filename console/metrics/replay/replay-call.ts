// The call `replay`: some devices' kept past, judged anew by sets of checks. A few devices at a time, so that hours are sealed in between.
import { lookupOf, type Reading, readable } from '#console/metrics/sealed-range.ts';
import { namesOf as dictionaryOf } from '#console/metrics/sealed-sums.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { type FormerRow, lastRowOf } from '#shared/day-files/hour-columns.ts';
import { DERIVED } from '#shared/model/derive.ts';
import { DayExtremes, type ReplayedDay } from './day-extremes.ts';
import { hoursOf, ReplayDevice, type ReplaySet, replaySet } from './replay-device.ts';
import type { ReplayAnswer, ReplayAsk } from './replay-message.ts';

const HOURS_A_DAY = 24;

/** Reckoned from what counters rose by since the row before. */
const RISING: ReadonlySet<string> = new Set(
  DERIVED.flatMap(({ name, form }) => (form.kind === 'rise-share' || form.kind.startsWith('pace') ? [name] : [])),
);

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
  const days = new Days(store);
  for (const { device, pollMs, sets: own, news } of ask.devices) {
    const replaying = new ReplayDevice(
      own.flatMap((place) => sets[place] ?? []),
      pollMs,
      { span: ask, news },
    );
    const past = new Past(days, device, { lists, names: namesOf(own, sets) });
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

/** Each day is opened once for all devices of a call. */
class Days {
  readonly #store: Reading['store'];
  readonly #known = new Map<number, ReplayedDay | undefined>();

  constructor(store: Reading['store']) {
    this.#store = store;
  }

  of(hour: number): ReplayedDay | undefined {
    const day = Math.floor(hour / HOURS_A_DAY);
    if (this.#known.has(day)) return this.#known.get(day);
    const reader = this.#store.read(day);
    const opened = reader === undefined ? undefined : { reader, dictionary: dictionaryOf(reader) };
    this.#known.set(day, opened);
    return opened;
  }
}

/** What is kept of one device, hour after hour. */
class Past {
  readonly #days: Days;
  readonly #device: DeviceId;
  readonly #names: readonly string[];
  /** Equal lists of names are one list: what is worked out for a list is kept by it. */
  readonly #lists: Map<string, readonly string[]>;
  #day: { day: ReplayedDay | undefined; extremes: DayExtremes | undefined } | undefined;
  #former: { hour: number; row: FormerRow } | undefined;
  /** The day in hand. */
  #begun = -1;

  constructor(
    days: Days,
    device: DeviceId,
    { names, lists }: { names: readonly string[]; lists: Map<string, readonly string[]> },
  ) {
    this.#days = days;
    this.#device = device;
    this.#names = names;
    this.#lists = lists;
  }

  replayHour(hour: number, replaying: ReplayDevice): keyof Counts {
    const { day, extremes } = this.#dayOf(hour);
    const isBegun = this.#begun === Math.floor(hour / HOURS_A_DAY);
    this.#begun = Math.floor(hour / HOURS_A_DAY);
    if (!isBegun) replaying.beginDay(this.#begun, extremes);
    const needed = this.#names.length === 0 ? [] : replaying.needed(hour, extremes);
    const how = needed.length === 0 ? 'passed' : this.#rows(hour, day, { replaying, needed });
    replaying.endHour(hour);
    return how;
  }

  #rows(
    hour: number,
    day: ReplayedDay | undefined,
    { replaying, needed }: { replaying: ReplayDevice; needed: readonly string[] },
  ): keyof Counts {
    const data = day === undefined ? undefined : readable(() => day.reader.raw(this.#device, hour));
    if (day === undefined || data === undefined) return 'unkept';
    const seriesOf = lookupOf(day.reader);
    replaying.hour(data, seriesOf, this.#rowBefore(hour, needed), this.#listOf(needed));
    this.#former = { hour, row: lastRowOf(data, seriesOf) };
    return 'read';
  }

  #dayOf(hour: number) {
    const day = this.#days.of(hour);
    if (this.#day !== undefined && this.#day.day === day) return this.#day;
    const isAsked = day !== undefined && this.#names.length > 0;
    const extremes = isAsked ? readable(() => new DayExtremes(day, this.#device, this.#names)) : undefined;
    this.#day = { day, extremes };
    return this.#day;
  }

  /** Levels need none. */
  #rowBefore(hour: number, needed: readonly string[]): FormerRow | undefined {
    if (this.#former?.hour === hour - 1) return this.#former.row;
    if (!needed.some((name) => RISING.has(name))) return undefined;
    const reader = this.#days.of(hour - 1)?.reader;
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
