// Conditions on series: beyond a limit, changing too fast, or told no more.
import type { EpochMs } from '#shared/base/clock.ts';
import type { SimpleCondition } from '#shared/model/check.ts';
import { metricByName } from '#shared/model/metric-catalogue.ts';
import { isScriptName } from '#shared/model/script-series.ts';
import type { ColumnNews, News, SeriesColumn } from './news.ts';
import { fitsPattern } from './pattern.ts';
import { type Extremes, goneAfterMs, markSeen, Probe, pollsOf } from './probe.ts';
import { isIdle, newRung, type Rung, rungsOf, stepRung, worstOf } from './rung.ts';
import type { SeriesValue } from './series-values.ts';
import { MAX_POINTS, type Subject } from './subject.ts';
import type { Verdict } from './verdict.ts';

/** Nobody told of an instance for so long, while the device goes on telling others of its series: it was unplugged or unmounted. */
const GONE_MS = 900_000;
/** Less of a span than this says nothing of it. */
const LEAST_SPAN = 0.8;

export type SeriesCondition = Extract<SimpleCondition, { kind: 'threshold' | 'rate' }>;
type AbsenceCondition = Extract<SimpleCondition, { kind: 'absence' }>;

type OnVerdict = (verdict: Verdict, at: EpochMs) => void;

/** A threshold, or a rate, which is a threshold on what a level changed by in each second of a span. */
export class SeriesProbe extends Probe {
  readonly #when: SeriesCondition;
  readonly #pollMs: number;
  readonly #fits: (instance: string) => boolean;
  readonly #isCounter: boolean;
  readonly #isScript: boolean;
  /** Short of it nothing fails. */
  readonly #least: number;
  /** Instances that were not told while others were: since when without a break, and when last. */
  readonly #missed = new Map<string, { from: EpochMs; at: EpochMs }>();

  constructor(when: SeriesCondition, pollMs: number) {
    super();
    this.#when = when;
    this.#fits = fitsPattern(when.instance);
    this.#isCounter = metricByName(when.series)?.kind === 'counter';
    this.#isScript = isScriptName(when.series);
    this.#pollMs = pollMs;
    const limits = Object.values(when.limits);
    this.#least = when.above ? Math.min(...limits) : Math.max(...limits);
  }

  protected makeRungs(): Rung[] {
    return rungsOf(this.#when.limits);
  }

  /** A rate's window goes on over a restart. */
  protected override isWorthKeeping(subject: Subject): boolean {
    return subject.points.length > 0 || super.isWorthKeeping(subject);
  }

  take(news: News): Verdict[] {
    if (news.type !== 'values') return [];
    const told = news.values.get(this.#when.series) ?? [];
    const verdicts: Verdict[] = [];
    for (const one of told) {
      const verdict = this.#see(one, news.at);
      if (verdict !== undefined) verdicts.push(verdict);
    }
    if (this.subjects.size > 0) verdicts.push(...this.#unplugged(told, news.at));
    return verdicts;
  }

  /** One value of one instance; undefined where it is none of this condition's, not known, or nothing to remember. */
  #see({ instance, value, unit }: SeriesValue, at: EpochMs): Verdict | undefined {
    if (value === undefined || !this.#fits(instance)) return undefined;
    const isHarmless = this.#when.above ? value < this.#least : value > this.#least;
    // Nearly every value of nearly every device ends here.
    if (isHarmless && !this.#isScript && this.#when.kind === 'threshold' && !this.subjects.has(instance))
      return undefined;
    const subject = this.subject(instance);
    if (subject === undefined) return undefined;
    markSeen(subject, at, this.#isScript ? pollsOf(subject, this.#pollMs) : this.#pollMs);
    const measured = this.#when.kind === 'rate' ? this.#changeOf(subject, at, value, this.#when.withinMs) : value;
    if (measured === undefined) return undefined;
    const held = worstOf(subject.rungs);
    this.#step(subject, at, measured);
    // Nothing held and nothing holds: there is nothing to say, and of a past that is judged anew this is nearly every row.
    if (held === undefined && worstOf(subject.rungs) === undefined) return undefined;
    return this.measured(subject, at, { value: measured, unit: this.#when.kind === 'rate' ? rateUnit(unit) : unit });
  }

  /** A script's series says by its own spacing what a gap is, and a rate needs its window. */
  override get isByColumns(): boolean {
    return this.#when.kind === 'threshold' && !this.#isScript;
  }

  override takeColumns(news: ColumnNews, onVerdict: OnVerdict): void {
    const told = news.columns.get(this.#when.series) ?? [];
    for (const column of told) if (this.#fits(column.instance)) this.#seeColumn(column, news, onVerdict);
    if (this.subjects.size > 0) this.#unpluggedIn(told, news, onVerdict);
  }

  #seeColumn({ instance, unit, values }: SeriesColumn, { times, from, to }: ColumnNews, onVerdict: OnVerdict): void {
    const { above } = this.#when;
    let subject = this.subjects.get(instance);
    for (let row = from; row < to; row += 1) {
      const value = values[row] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      if (subject === undefined) {
        if (above ? value < this.#least : value > this.#least) continue;
        subject = this.subject(instance);
        if (subject === undefined) return;
      }
      const at = times[row] ?? 0;
      const held = worstOf(subject.rungs)?.severity;
      markSeen(subject, at, this.#pollMs);
      this.#step(subject, at, value);
      if (worstOf(subject.rungs)?.severity !== held) onVerdict(this.measured(subject, at, { value, unit }), at);
    }
  }

  /** What does not fail goes on so, and what fails too. A rate needs each value. */
  ignores(series: string, extremes: readonly Extremes[]): boolean {
    if (series !== this.#when.series) return true;
    if (this.#when.kind === 'rate') return false;
    for (const one of extremes) if (this.#fits(one.instance) && !this.#isSteady(one)) return false;
    // What fails and was not told may be gone.
    for (const { instance, rungs } of this.subjects.values())
      if (!isIdle(rungs) && !extremes.some((one) => one.instance === instance)) return false;
    return true;
  }

  override passOver(series: string, at: EpochMs): void {
    if (series !== this.#when.series) return;
    this.#missed.clear();
    for (const subject of this.subjects.values()) subject.seenAt = at;
  }

  #isSteady({ instance, lowest, highest }: Extremes): boolean {
    const { above, margin } = this.#when;
    const rungs = this.subjects.get(instance)?.rungs;
    if (rungs === undefined) return above ? highest < this.#least : lowest > this.#least;
    return rungs.every(({ holds, turning, limit }) => {
      if (turning !== undefined) return false;
      if (holds) return above ? lowest > limit - margin : highest < limit + margin;
      return above ? highest < limit : lowest > limit;
    });
  }

  #step({ rungs }: Subject, at: EpochMs, value: number): void {
    const { above, margin } = this.#when;
    const forMs = this.#when.kind === 'threshold' ? this.#when.forMs : 0;
    for (const rung of rungs) {
      const isBad = above ? value >= rung.limit : value <= rung.limit;
      const isGood = !isBad && (above ? value <= rung.limit - margin : value >= rung.limit + margin);
      stepRung(rung, { at, isBad, isGood, forMs });
    }
  }

  /** A second's change over the span; undefined until most of the span is known. */
  #changeOf(subject: Subject, at: EpochMs, value: number, withinMs: number): number | undefined {
    const { points } = subject;
    const newest = points.at(-1);
    // A counter that fell began anew.
    if (this.#isCounter && newest !== undefined && value < newest[1]) points.length = 0;
    const oldest = points.find(([then]) => then >= at - withinMs);
    if (newest === undefined || at - newest[0] >= withinMs / MAX_POINTS) points.push([at, value]);
    while ((points[0]?.[0] ?? at) < at - withinMs || points.length > MAX_POINTS) points.shift();
    if (oldest === undefined || at - oldest[0] < withinMs * LEAST_SPAN) return undefined;
    return ((value - oldest[1]) / (at - oldest[0])) * 1_000;
  }

  #goneMs(subject: Subject): number {
    return this.#isScript ? Math.max(GONE_MS, goneAfterMs(subject)) : GONE_MS;
  }

  /**
   * Instances with something to say that the device tells no more, while it tells others. Where it tells none, a script did not run,
   * a tool hung or this relay was away: nobody asked, and what failed goes on failing.
   */
  #unplugged(told: readonly SeriesValue[], at: EpochMs): Verdict[] {
    if (!told.some(({ value }) => value !== undefined)) return [];
    // Nearly every poll tells all of them.
    if (this.subjects.size <= told.length && told.every(({ instance }) => this.subjects.has(instance))) {
      this.#missed.clear();
      return [];
    }
    const names = new Set(told.map(({ instance }) => instance));
    const gone = [...this.subjects.values()].filter((one) => !names.has(one.instance) && this.#isGone(one, at));
    for (const name of this.#missed.keys()) if (names.has(name) || !this.subjects.has(name)) this.#missed.delete(name);
    return gone.map((subject) => this.gone(subject, at));
  }

  /** The same over polls of which each has these columns. */
  #unpluggedIn(told: readonly SeriesColumn[], { times, from, to }: ColumnNews, onVerdict: OnVerdict): void {
    const names = new Set(told.map(({ instance }) => instance));
    const missing = [...this.subjects.values()].filter(({ instance }) => !names.has(instance));
    const isTold = (row: number) => told.some(({ values }) => !Number.isNaN(values[row] ?? Number.NaN));
    if (missing.length === 0 && this.#missed.size === 0) return;
    for (let row = from; row < to; row += 1) {
      if (!isTold(row)) continue;
      for (const name of names) this.#missed.delete(name);
      if (missing.length === 0) return;
      const at = times[row] ?? 0;
      for (const subject of missing) {
        if (this.subjects.get(subject.instance) !== subject || !this.#isGone(subject, at)) continue;
        this.#missed.delete(subject.instance);
        onVerdict(this.gone(subject, at), at);
      }
    }
  }

  #isGone(subject: Subject, at: EpochMs): boolean {
    const goneMs = this.#goneMs(subject);
    const seenAt = subject.seenAt ?? at;
    const former = this.#missed.get(subject.instance) ?? { from: seenAt, at: seenAt };
    // Not told for so long, others neither: it counts from now.
    const from = at < former.at || at - former.at > goneMs ? at : former.from;
    this.#missed.set(subject.instance, { from, at });
    return at - from >= goneMs;
  }
}

const rateUnit = (unit: string): string => `${unit}/s`.slice(0, 16);

/** A series that was said before and is not said for so long, while the device says others: its own silence is another check's. */
export class AbsenceProbe extends Probe {
  readonly #when: AbsenceCondition;
  readonly #fits: (instance: string) => boolean;

  constructor(when: AbsenceCondition) {
    super();
    this.#when = when;
    this.#fits = fitsPattern(when.instance);
  }

  protected makeRungs(): Rung[] {
    return [newRung(this.#when.severity, this.#when.forMs)];
  }

  /** That it was once said is what it rests on. */
  protected override isWorthKeeping(): boolean {
    return true;
  }

  ignores(series: string): boolean {
    return series !== this.#when.series;
  }

  take(news: News): Verdict[] {
    if (news.type !== 'values') return [];
    const { at } = news;
    for (const { instance, value } of news.values.get(this.#when.series) ?? []) {
      if (value === undefined || !this.#fits(instance)) continue;
      const subject = this.subject(instance);
      if (subject !== undefined) subject.seenAt = at;
    }
    return [...this.subjects.values()].map((subject) => this.#judge(subject, at));
  }

  #judge(subject: Subject, at: EpochMs): Verdict {
    const { rungs, seenAt = at } = subject;
    // The clock went back: its silence counts from now.
    if (seenAt > at) subject.seenAt = at;
    const silentMs = Math.max(0, at - seenAt);
    for (const rung of rungs) {
      const isBad = silentMs > 0 && silentMs >= this.#when.forMs;
      stepRung(rung, { at, isBad, isGood: silentMs === 0, forMs: 0 });
      // It began with the first silent moment, not when that was long enough.
      if (rung.holds && rung.from === at) rung.from = seenAt;
    }
    const holds = worstOf(rungs) !== undefined;
    return this.measured(subject, at, holds ? { value: silentMs, unit: 'ms' } : { unit: 'ms' });
  }
}
