// One check on one device: a simple condition, or several that are joined.
import type { EpochMs } from '#shared/base/clock.ts';
import type { Check, Condition } from '#shared/model/check.ts';
import { seriesOf } from './compile-checks.ts';
import { makeProbe } from './make-probe.ts';
import type { ColumnNews, News } from './news.ts';
import type { Extremes, Probe } from './probe.ts';
import { isIdle, newRung, type Rung, stepRung } from './rung.ts';
import { newSubject, restoreSubject, type SavedSubject, type Subject, saveSubject } from './subject.ts';
import type { Verdict } from './verdict.ts';

type Compound = Extract<Condition, { kind: 'compound' }>;

export class CheckJudge {
  readonly check: Check;
  /** What it reads. */
  readonly series: readonly string[];
  readonly #compound: Compound | undefined;
  readonly #parts: readonly Probe[];
  /** Of a compound: whether its parts, joined, hold. */
  #whole: Subject;

  constructor(check: Check, pollMs: number) {
    const { when } = check;
    this.check = check;
    this.series = seriesOf(check);
    this.#compound = when.kind === 'compound' ? when : undefined;
    this.#parts = (when.kind === 'compound' ? when.of : [when]).map((one) => makeProbe(one, pollMs));
    this.#whole = newSubject('', this.#wholeRungs());
  }

  /** See Probe; a compound changes with its parts alone, and by the clock, which brings no values. */
  ignores(series: string, extremes: readonly Extremes[]): boolean {
    return this.#parts.every((part) => part.ignores(series, extremes));
  }

  take(news: News): Verdict[] {
    const [only] = this.#parts;
    if (this.#compound === undefined) return only?.take(news) ?? [];
    const verdicts = this.#parts.flatMap((part) => part.take(news));
    const isChanged = verdicts.length > 0 || (news.type === 'tick' && !isIdle(this.#whole.rungs));
    return isChanged ? [this.#join(this.#compound, news.at)] : [];
  }

  /** See Probe; the parts of a compound are joined poll by poll. */
  get isByColumns(): boolean {
    return this.#compound === undefined && this.#parts.every((part) => part.isByColumns);
  }

  takeColumns(news: ColumnNews, onVerdict: (verdict: Verdict, at: EpochMs) => void): void {
    for (const part of this.#parts) part.takeColumns(news, onVerdict);
  }

  passOver(series: string, at: EpochMs): void {
    for (const part of this.#parts) part.passOver(series, at);
  }

  /** In the order of the parts; the last one is the whole of a compound. */
  save(): SavedSubject[][] {
    const parts = this.#parts.map((part) => part.save());
    return this.#compound === undefined ? parts : [...parts, [saveSubject(this.#whole)]];
  }

  restore(saved: readonly SavedSubject[][]): void {
    for (const [i, part] of this.#parts.entries()) part.restore(saved[i] ?? []);
    const whole = saved[this.#parts.length]?.[0];
    if (this.#compound !== undefined && whole !== undefined) this.#whole = restoreSubject(whole, this.#wholeRungs());
  }

  /** Does anything hold on this instance, as far as is known? */
  holdsOn(instance: string): boolean {
    if (this.#compound !== undefined) return this.#whole.rungs.some(({ holds }) => holds);
    return this.#parts.some((part) => part.holdsOn(instance));
  }

  #wholeRungs(): Rung[] {
    return this.#compound === undefined ? [] : [newRung(this.#compound.severity, 0)];
  }

  #join({ join, severity, forMs }: Compound, at: EpochMs): Verdict {
    const isBad = join === 'all' ? this.#parts.every(({ holds }) => holds) : this.#parts.some(({ holds }) => holds);
    const { rungs } = this.#whole;
    // Each part has its own way back; one that went it ends the whole.
    for (const rung of rungs) stepRung(rung, { at, isBad, isGood: !isBad, forMs: rung.holds ? 0 : forMs });
    const [rung] = rungs;
    return { instance: '', severity: rung?.holds === true ? severity : undefined, since: rung?.from ?? at };
  }
}
