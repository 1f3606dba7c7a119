// One device's past, judged anew by several sets of checks in one pass: hours whose totals show that nothing can have happened are passed over.
import { HOUR_MS, hourOf } from '#shared/base/clock.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import { type DerivedColumn, deriveColumns } from '#shared/day-files/derive-hour.ts';
import { ColumnRoom, type FormerRow, HourColumns, type SeriesLookup } from '#shared/day-files/hour-columns.ts';
import { compileChecks, seriesOf } from '#shared/judge/checks/compile-checks.ts';
import { DeviceJudge } from '#shared/judge/checks/device-judge.ts';
import { Episodes } from '#shared/judge/checks/episodes.ts';
import type { ColumnNews } from '#shared/judge/checks/news.ts';
import type { SeriesValue } from '#shared/judge/checks/series-values.ts';
import type { Check } from '#shared/model/check.ts';
import type { DayExtremes } from './day-extremes.ts';
import type { OtherNews, ReplayedDevice } from './replay-message.ts';

/** What the clock alone changes is found within so long; a live relay looks at each poll. */
const TICK_MS = 300_000;

/** Made ready once for all devices that have it. */
export interface ReplaySet {
  compiled: ReturnType<typeof compileChecks>;
  names: readonly string[];
  needsClock: boolean;
}

export function replaySet(checks: readonly Check[]): ReplaySet {
  const compiled = compileChecks(checks);
  const names = [...new Set(compiled.checks.flatMap(seriesOf))];
  const needsClock = compiled.checks.some(({ when }) => when.kind !== 'threshold' && when.kind !== 'rate');
  return { compiled, names, needsClock };
}

const HOURS_A_DAY = 24;

interface Run {
  set: ReplaySet;
  judge: DeviceJudge;
  episodes: Episodes;
  /** Series that may matter on the day in hand. */
  watched: readonly string[];
  /** Series of which it wants every row of the hour in hand; all, until it is asked. */
  needed: readonly string[];
}

type Rows = Pick<ColumnNews, 'times' | 'from' | 'to'>;

interface Span {
  from: number;
  to: number;
}

export class ReplayDevice {
  readonly #runs: readonly Run[];
  readonly #span: Span;
  readonly #news: readonly OtherNews[];
  readonly #needsClock: boolean;
  /** A judge keeps numbers, never columns: those of one hour lie where those of the hour before lay. */
  readonly #room = new ColumnRoom();
  #newsAt = 0;
  #tickedAt: number;

  constructor(sets: readonly ReplaySet[], pollMs: number, { span, news }: { span: Span; news: readonly OtherNews[] }) {
    this.#runs = sets.map((set) => ({
      ...{ set, judge: new DeviceJudge({ checks: set.compiled, pollMs }), episodes: new Episodes() },
      ...{ watched: set.names, needed: set.names },
    }));
    this.#span = span;
    this.#news = news;
    this.#needsClock = news.length > 0 || sets.some(({ needsClock }) => needsClock);
    this.#tickedAt = span.from;
  }

  /** Series in which nothing can begin or end in the whole day need not be looked at hour by hour. */
  beginDay(day: number, extremes: DayExtremes | undefined): void {
    for (const run of this.#runs)
      run.watched = run.set.names.filter((name) => {
        const known = extremes?.ofDay(name);
        if (known === undefined || !run.judge.ignores(name, known)) return true;
        run.judge.passOver(name, (day + 1) * HOURS_A_DAY * HOUR_MS);
        return false;
      });
  }

  /** The series of which rows of the hour are needed. */
  needed(hour: number, extremes: DayExtremes | undefined): string[] {
    const endsAt = (hour + 1) * HOUR_MS;
    for (const run of this.#runs) {
      run.needed = run.watched.filter((name) => {
        const known = extremes?.of(name, hour);
        if (known === undefined || !run.judge.ignores(name, known)) return true;
        run.judge.passOver(name, endsAt);
        return false;
      });
    }
    return [...new Set(this.#runs.flatMap(({ needed }) => needed))];
  }

  /** The rows of an hour; hours come in order. `names`: the series of it that were opened. */
  hour(data: DeviceHour, seriesOf: SeriesLookup, former: FormerRow | undefined, names: readonly string[]): void {
    this.#room.clear();
    const columns = deriveColumns(new HourColumns(data, seriesOf, former, this.#room), names);
    const rows = { ...this.#rowsOf(data.times), times: data.times };
    this.#byRows(columns, names, rows);
    const news: ColumnNews = { ...rows, columns: byName(columns) };
    for (const { judge, episodes, needed } of this.#runs)
      episodes.take(judge.takeColumns(needed, news).sort((a, b) => a.at - b.at));
  }

  /** What has to see the polls one by one, with the clock between them. */
  #byRows(columns: readonly DerivedColumn[], names: readonly string[], { times, from, to }: Rows): void {
    const takers = this.#runs.flatMap(({ judge, episodes, needed }) => {
      const take = judge.takerOf(needed);
      return take === undefined ? [] : [{ take, episodes }];
    });
    if (takers.length === 0) return;
    const rows = new HourRows(columns, names);
    for (let row = from; row < to; row += 1) {
      const at = times[row] ?? 0;
      this.#until(at);
      const values = rows.at(row);
      for (const { take, episodes } of takers) episodes.take(take({ type: 'values', at, values }));
    }
  }

  /** Those in the span. */
  #rowsOf(times: Float64Array): Pick<Rows, 'from' | 'to'> {
    let [from, to] = [0, times.length];
    while (from < to && (times[from] ?? 0) < this.#span.from) from += 1;
    while (to > from && (times[to - 1] ?? 0) >= this.#span.to) to -= 1;
    return { from, to };
  }

  /** Until the end of an hour, whether it has rows or not. */
  endHour(hour: number): void {
    this.#until(Math.min(this.#span.to, (hour + 1) * HOUR_MS) - 1);
  }

  result(device: ReplayedDevice['device']): ReplayedDevice {
    this.#until(this.#span.to);
    const runs = this.#runs.map(({ episodes: { all, more } }) => ({
      episodes: all.sort((a, b) => a.openedAt - b.openedAt),
      more,
    }));
    return { device, runs };
  }

  /** What else was told, and the clock, up to a time. */
  #until(at: number): void {
    if (!this.#needsClock) return;
    while (true) {
      const news = this.#news[this.#newsAt];
      const tickAt = this.#tickedAt + TICK_MS;
      if (news !== undefined && news.at <= at && news.at <= tickAt) {
        this.#newsAt += 1;
        this.#tell(news);
      } else if (tickAt <= at) {
        this.#tickedAt = tickAt;
        this.#tell({ type: 'tick', at: tickAt });
      } else return;
    }
  }

  #tell(news: OtherNews): void {
    for (const { judge, episodes } of this.#runs) episodes.take(judge.take(news));
  }
}

/** The first and the last hour of a span. */
export const hoursOf = ({ from, to }: Span): [first: number, last: number] => [hourOf(from), hourOf(to - 1)];

function byName(columns: readonly DerivedColumn[]): ReadonlyMap<string, readonly DerivedColumn[]> {
  const named = new Map<string, DerivedColumn[]>();
  for (const column of columns) {
    const known = named.get(column.name);
    if (known === undefined) named.set(column.name, [column]);
    else known.push(column);
  }
  return named;
}

/** The same few objects for each row: a judge keeps numbers, never these. */
class HourRows {
  readonly #values = new Map<string, SeriesValue[]>();
  readonly #cells: Array<{ value: SeriesValue; column: Float64Array }> = [];

  constructor(columns: readonly DerivedColumn[], names: readonly string[]) {
    // A series without a column was not told in this hour; which of its instances are gone is found by that.
    for (const name of names) this.#values.set(name, []);
    for (const { name, instance, unit, values } of columns) {
      const value: SeriesValue = { instance, unit, value: undefined };
      this.#values.get(name)?.push(value);
      this.#cells.push({ value, column: values });
    }
  }

  at(row: number): ReadonlyMap<string, readonly SeriesValue[]> {
    for (const { value, column } of this.#cells) {
      const number = column[row] ?? Number.NaN;
      value.value = Number.isNaN(number) ? undefined : number;
    }
    return this.#values;
  }
}
