// A condition on how far away a moment is: ends of certificates, the last backup, patches, a restart that waits.
import type { EpochMs } from '#shared/base/clock.ts';
import type { SimpleCondition } from '#shared/model/check.ts';
import { type Moment, momentsOf } from './fact-news.ts';
import type { News } from './news.ts';
import { fitsPattern } from './pattern.ts';
import { Probe } from './probe.ts';
import { type Rung, rungsOf, stepRung } from './rung.ts';
import type { SeriesValue } from './series-values.ts';
import type { Subject } from './subject.ts';
import type { Verdict } from './verdict.ts';

type AgeCondition = Extract<SimpleCondition, { kind: 'age' }>;

/** Series whose value is an age, so that a script can tell of what no system knows: "backup.age h nightly 26". */
export const AGE_SERIES: Readonly<Partial<Record<AgeCondition['of'], string>>> = {
  backup: 'backup.age',
  boot: 'system.uptime',
};
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };
/** A moment is reckoned from two clocks at each poll: within a minute it is the same. */
const SAME_MOMENT_MS = 60_000;

export class AgeProbe extends Probe {
  readonly #when: AgeCondition;
  readonly #fits: (instance: string) => boolean;

  constructor(when: AgeCondition) {
    super();
    this.#when = when;
    this.#fits = fitsPattern(when.instance);
  }

  protected makeRungs(): Rung[] {
    return rungsOf(this.#when.limits);
  }

  /** Facts are told once and not again until they change. */
  protected override isWorthKeeping(): boolean {
    return true;
  }

  ignores(series: string): boolean {
    return series !== AGE_SERIES[this.#when.of];
  }

  take(news: News): Verdict[] {
    switch (news.type) {
      case 'fact':
        return momentsOf(news.fact).flatMap(({ of, moments }) =>
          of === this.#when.of ? this.#seeAll(moments, news.at) : [],
        );
      case 'values':
        return (news.values.get(AGE_SERIES[this.#when.of] ?? '') ?? []).flatMap((one) => this.#seeAge(one, news.at));
      case 'tick':
        return [...this.subjects.values()].map((subject) => this.#judge(subject, news.at));
      default:
        return [];
    }
  }

  #seeAll(moments: readonly Moment[], at: EpochMs): Verdict[] {
    const told = moments.filter(({ instance }) => this.#fits(instance));
    const names = new Set(told.map(({ instance }) => instance));
    const gone = [...this.subjects.values()].filter(({ instance }) => !names.has(instance));
    return [...told.flatMap((one) => this.#see(one, at)), ...gone.map((subject) => this.gone(subject, at))];
  }

  #seeAge({ instance, value, unit }: SeriesValue, at: EpochMs): Verdict[] {
    const ageMs = value === undefined ? Number.NaN : value * (UNIT_MS[unit] ?? Number.NaN);
    const moment = Math.round(at - ageMs);
    return this.#fits(instance) && moment >= 0 ? this.#see({ instance, moment }, at) : [];
  }

  #see({ instance, moment }: Moment, at: EpochMs): Verdict[] {
    const subject = this.subject(instance);
    if (subject === undefined) return [];
    const former = subject.moment;
    const next = moment ?? former ?? at;
    if (former === undefined || Math.abs(next - former) > SAME_MOMENT_MS) subject.moment = next;
    return [this.#judge(subject, at)];
  }

  #judge(subject: Subject, at: EpochMs): Verdict {
    const { above } = this.#when;
    const moment = subject.moment ?? at;
    const awayMs = above ? at - moment : moment - at;
    for (const rung of subject.rungs) {
      const isBad = above ? awayMs >= rung.limit : awayMs <= rung.limit;
      stepRung(rung, { at, isBad, isGood: !isBad, forMs: 0 });
    }
    return this.measured(subject, at, { value: awayMs, unit: 'ms' });
  }
}
