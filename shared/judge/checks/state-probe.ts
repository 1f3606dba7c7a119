// A condition on a word: what the relay holds of the device, or what a fact says of a service, a restart, a security check.
import type { EpochMs } from '#shared/base/clock.ts';
import type { SimpleCondition } from '#shared/model/check.ts';
import { wordsOf } from './fact-news.ts';
import type { News } from './news.ts';
import { fitsPattern } from './pattern.ts';
import { Probe } from './probe.ts';
import { isIdle, newRung, type Rung, stepRung } from './rung.ts';
import type { Subject } from './subject.ts';
import type { Verdict } from './verdict.ts';

type StateCondition = Extract<SimpleCondition, { kind: 'state' }>;

/** What is kept of a device's word or reason. */
const MAX_WORD_CHARS = 80;
const MAX_SAID_CHARS = 255;

export class StateProbe extends Probe {
  readonly #when: StateCondition;
  readonly #fits: (instance: string) => boolean;
  readonly #bad: ReadonlySet<string>;

  constructor(when: StateCondition) {
    super();
    this.#when = when;
    this.#fits = fitsPattern(when.instance);
    this.#bad = new Set(when.is.map((word) => word.toLowerCase()));
  }

  protected makeRungs(): Rung[] {
    return [newRung(this.#when.severity, 0)];
  }

  /** Told once and not again until it changes: a word that is on its way to hold is kept with its time. */
  protected override isWorthKeeping({ rungs, word }: Subject): boolean {
    return !isIdle(rungs) || (word !== undefined && this.#bad.has(word));
  }

  ignores(): boolean {
    return true;
  }

  take(news: News): Verdict[] {
    switch (news.type) {
      case 'status':
        return this.#when.of === 'device' ? this.#see('', news.status, news) : [];
      case 'fact':
        return wordsOf(news.fact).flatMap(({ of, words }) =>
          of === this.#when.of ? this.#seeAll(words, news.at) : [],
        );
      case 'tick':
        return [...this.subjects.values()].flatMap((subject) =>
          isIdle(subject.rungs) ? [] : [this.#judge(subject, news.at)],
        );
      default:
        return [];
    }
  }

  #seeAll(words: ReturnType<typeof wordsOf>[number]['words'], at: EpochMs): Verdict[] {
    const told = words.filter(({ instance }) => this.#fits(instance));
    const verdicts = told.flatMap(({ instance, word }) =>
      word === undefined ? [] : this.#see(instance.slice(0, 255), word, { at }),
    );
    const names = new Set(told.map(({ instance }) => instance.slice(0, 255)));
    const gone = [...this.subjects.values()].filter(({ instance }) => !names.has(instance));
    return [...verdicts, ...gone.map((subject) => this.gone(subject, at))];
  }

  #see(instance: string, word: string, { at, said }: { at: EpochMs; said?: string | undefined }): Verdict[] {
    // A thousand services that run leave nothing behind.
    if (!this.#bad.has(word) && !this.subjects.has(instance)) return [];
    const subject = this.subject(instance);
    if (subject === undefined) return [];
    subject.word = word.slice(0, MAX_WORD_CHARS);
    subject.said = said?.slice(0, MAX_SAID_CHARS);
    return [this.#judge(subject, at)];
  }

  #judge(subject: Subject, at: EpochMs): Verdict {
    const isBad = this.#bad.has(subject.word ?? '');
    // One word ends it: the duration is there to let what passes by itself pass.
    for (const rung of subject.rungs)
      stepRung(rung, { at, isBad, isGood: !isBad, forMs: rung.holds ? 0 : this.#when.forMs });
    const verdict = this.verdict(subject, at, { said: saidOf(subject) });
    if (isIdle(subject.rungs)) this.subjects.delete(subject.instance);
    return verdict;
  }
}

const saidOf = ({ word = '', said }: Subject): string =>
  said === undefined || said === '' ? word : `${word}: ${said}`;
