// A condition on event logs: so many entries that match, within a span.
import type { EpochMs } from '#shared/base/clock.ts';
import type { SimpleCondition } from '#shared/model/check.ts';
import type { EventWords, News } from './news.ts';
import { fitsPattern } from './pattern.ts';
import { Probe } from './probe.ts';
import { type Rung, rungsOf, stepRung } from './rung.ts';
import { MAX_POINTS, type Subject } from './subject.ts';
import type { Verdict } from './verdict.ts';

type EventsCondition = Extract<SimpleCondition, { kind: 'events' }>;

/** The newest message is the evidence; a finding has room for it. */
const MAX_SAID_CHARS = 200;

export class EventProbe extends Probe {
  readonly #when: EventsCondition;
  readonly #matches: (event: EventWords) => boolean;

  constructor(when: EventsCondition) {
    super();
    this.#when = when;
    this.#matches = eventTest(when);
  }

  protected makeRungs(): Rung[] {
    return rungsOf(this.#when.limits);
  }

  /** Counted ones count on after a restart. */
  protected override isWorthKeeping({ points }: Subject): boolean {
    return points.length > 0;
  }

  ignores(): boolean {
    return true;
  }

  take(news: News): Verdict[] {
    if (news.type === 'event') return this.#matches(news.event) ? this.#see(news.event, news.at) : [];
    const subject = news.type === 'tick' ? this.subjects.get('') : undefined;
    return subject === undefined ? [] : [this.#judge(subject, news.at, 0)];
  }

  #see(event: EventWords, at: EpochMs): Verdict[] {
    const subject = this.subject('');
    return subject !== undefined && this.#count(subject, event, at) ? [this.#judge(subject, at, 1)] : [];
  }

  /** False for one that is older than the span: it was read late, and its hour is over. */
  #count(subject: Subject, event: EventWords, now: EpochMs): boolean {
    // A device whose clock is ahead has no events of tomorrow.
    const at = Math.min(event.at, now);
    const { withinMs } = this.#when;
    if (at <= now - withinMs) return false;
    // As many steps as there is room for: a flood of one step is one number.
    const step = Math.max(1, Math.ceil(withinMs / (MAX_POINTS - 1)));
    const slot = Math.floor(at / step) * step;
    const known = subject.points.find(([then]) => then === slot);
    if (known === undefined) subject.points.push([slot, 1]);
    else known[1] += 1;
    subject.said = `${event.source} ${event.code}: ${event.message}`.slice(0, MAX_SAID_CHARS);
    return true;
  }

  #judge(subject: Subject, at: EpochMs, more: number): Verdict {
    const { withinMs } = this.#when;
    // A clock that went back leaves no events of tomorrow behind.
    subject.points = subject.points.filter(([then]) => then > at - withinMs && then <= at);
    const count = subject.points.reduce((sum, [, one]) => sum + one, 0);
    for (const rung of subject.rungs) {
      const isBad = count >= rung.limit;
      stepRung(rung, { at, isBad, isGood: !isBad, forMs: 0 });
    }
    const verdict = this.measured(subject, at, { value: count, unit: 'events', said: subject.said });
    if (count === 0) this.subjects.delete('');
    return { ...verdict, more };
  }
}

function eventTest({ log, source, codes, levels, text }: EventsCondition): (event: EventWords) => boolean {
  const fitsLog = fitsPattern(log);
  const fitsSource = fitsPattern(source);
  const words = text?.toLowerCase();
  const wantedLevels = levels?.map((level) => level.toLowerCase());
  return (event) =>
    (codes === undefined || codes.includes(event.code)) &&
    (wantedLevels === undefined || wantedLevels.includes(event.level)) &&
    fitsLog(event.log) &&
    fitsSource(event.source) &&
    (words === undefined || event.message.toLowerCase().includes(words));
}
