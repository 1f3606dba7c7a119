// What is kept of one device, judged anew day after day; of its hours only the series are opened that may matter in them.
import { readable } from '#console/metrics/sealed-range.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { type FormerRow, lastRowOf } from '#shared/day-files/hour-columns.ts';
import { DERIVED } from '#shared/model/derive.ts';
import { DayExtremes } from './day-extremes.ts';
import type { ReplayDevice } from './replay-device.ts';
import type { ReplayedDevice } from './replay-message.ts';
import type { ReplayedDay } from './replayed-day.ts';

/** Reckoned from what counters rose by since the row before. */
const RISING: ReadonlySet<string> = new Set(
  DERIVED.flatMap(({ name, form }) => (form.kind === 'rise-share' || form.kind.startsWith('pace') ? [name] : [])),
);

export interface Counts {
  read: number;
  passed: number;
  unkept: number;
}

/** The day in hand and the one before it; undefined where nothing is kept. */
interface KeptDays {
  now: ReplayedDay | undefined;
  before: ReplayedDay | undefined;
}

export class ReplayPast {
  readonly #device: DeviceId;
  readonly #replaying: ReplayDevice;
  readonly #names: readonly string[];
  readonly #lists: Map<string, readonly string[]>;
  /** Of the series of `names` alone. */
  #former: { hour: number; row: FormerRow; names: readonly string[] } | undefined;

  /** `lists`: equal lists of names are one list, of all devices. */
  constructor(
    device: DeviceId,
    replaying: ReplayDevice,
    { names, lists }: { names: readonly string[]; lists: Map<string, readonly string[]> },
  ) {
    this.#device = device;
    this.#replaying = replaying;
    this.#names = names;
    this.#lists = lists;
  }

  /** Days come in order, and of each the hours [from, to] that lie in the span. */
  replayDay(day: number, days: KeptDays, [from, to]: readonly [from: number, to: number], counts: Counts): void {
    const { now } = days;
    const isAsked = now !== undefined && this.#names.length > 0;
    const extremes = isAsked ? readable(() => new DayExtremes(now, this.#device, this.#names)) : undefined;
    this.#replaying.beginDay(day, extremes);
    for (let hour = from; hour <= to; hour += 1) {
      const needed = this.#names.length === 0 ? [] : this.#replaying.needed(hour, extremes);
      counts[needed.length === 0 ? 'passed' : this.#rows(hour, days, this.#listOf(needed))] += 1;
      this.#replaying.endHour(hour);
    }
  }

  result(): ReplayedDevice {
    return this.#replaying.result(this.#device);
  }

  #rows(hour: number, days: KeptDays, needed: readonly string[]): keyof Counts {
    const { now } = days;
    const data = now && this.#read(now, hour, needed);
    if (now === undefined || data === undefined) return 'unkept';
    const { seriesOf } = now;
    this.#replaying.hour(data, seriesOf, this.#rowBefore(hour, days, needed), needed);
    this.#former = { hour, row: lastRowOf(data, seriesOf), names: needed };
    return 'read';
  }

  /** Levels need none. */
  #rowBefore(hour: number, { now, before }: KeptDays, needed: readonly string[]): FormerRow | undefined {
    const rising = needed.filter((name) => RISING.has(name));
    if (rising.length === 0) return undefined;
    const former = this.#former;
    if (former?.hour === hour - 1 && rising.every((name) => former.names.includes(name))) return former.row;
    const day = now !== undefined && Math.floor((hour - 1) / 24) === now.reader.day ? now : before;
    const data = day && this.#read(day, hour - 1, needed);
    return day === undefined || data === undefined ? undefined : lastRowOf(data, day.seriesOf);
  }

  #read(day: ReplayedDay, hour: number, names: readonly string[]) {
    return readable(() => day.reader.raw(this.#device, hour, day.numbersOf(names)));
  }

  #listOf(names: readonly string[]): readonly string[] {
    const key = names.join(' ');
    const known = this.#lists.get(key) ?? names;
    this.#lists.set(key, known);
    return known;
  }
}
