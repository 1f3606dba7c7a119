// Judges one device by its checks: each poll, state, fact and event goes in, and what opened, changed and cleared comes out.
import type { EpochMs } from '#shared/base/clock.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { CheckJudge } from './check-judge.ts';
import { detailOf } from './check-words.ts';
import type { CompiledChecks } from './compile-checks.ts';
import type { FactNews } from './fact-news.ts';
import { type JudgeState, MAX_OPEN_CHECKS, type OpenCheck, subjectsOf } from './judge-state.ts';
import type { ColumnNews, EventWords, News } from './news.ts';
import type { Extremes } from './probe.ts';
import type { SeriesReader } from './series-values.ts';
import type { Transition, Verdict } from './verdict.ts';

/** A count that grows is told at most so often: a flood of events is no flood of findings. */
export const COUNT_TOLD_EVERY_MS = 30_000;

export class DeviceJudge {
  #judges: readonly CheckJudge[];
  #reader: SeriesReader;
  readonly #pollMs: number;
  readonly #open = new Map<string, OpenCheck>();

  /** `saved`: what `save` gave before the restart. `pollMs`: how often the device is polled. */
  constructor({ checks, pollMs, saved }: { checks: CompiledChecks; pollMs: number; saved?: JudgeState | undefined }) {
    this.#pollMs = pollMs;
    this.#reader = checks.reader;
    this.#judges = makeJudges(checks, pollMs, saved);
    for (const open of saved?.open ?? []) this.#open.set(keyOf(open.check, open.instance), { ...open });
  }

  /** `former`: the device's poll before this one, or undefined. */
  poll(former: PollRecord | undefined, record: PollRecord): Transition[] {
    const { at } = record;
    const values = this.#reader.read(former, record);
    return [...this.take({ type: 'values', at, values }), ...this.tick(at)];
  }

  /** `up`, `down`, `away`, `identity-changed`. */
  status(status: string, at: EpochMs, said?: string): Transition[] {
    return this.take({ type: 'status', at, status, said });
  }

  fact(fact: FactNews): Transition[] {
    return this.take({ type: 'fact', at: fact.at, fact });
  }

  /** `at`: when the relay read it; the event has its own time. */
  event(event: EventWords, at: EpochMs): Transition[] {
    return this.take({ type: 'event', at, event });
  }

  /** Time went by: durations, ages and spans end by themselves. Polls bring it; a device that does not answer needs it told. */
  tick(at: EpochMs): Transition[] {
    return this.take({ type: 'tick', at });
  }

  /** Other checks from now on: what was seen still counts where limits and durations alone differ. */
  setChecks(checks: CompiledChecks, at: EpochMs): Transition[] {
    const saved = this.save();
    this.#reader = checks.reader;
    this.#judges = makeJudges(checks, this.#pollMs, saved);
    return this.settle(at);
  }

  /** Clears what is open and of which no check holds any more: call it once after a restart, in which the checks may have changed. */
  settle(at: EpochMs): Transition[] {
    const judges = new Map<string, CheckJudge>(this.#judges.map((judge) => [judge.check.id, judge]));
    return this.open.flatMap((open): Transition[] => {
      const judge = judges.get(open.check);
      if (judge?.holdsOn(open.instance) === true) return [];
      this.#open.delete(keyOf(open.check, open.instance));
      const detail = `${judge?.check.name ?? open.check}: not watched in this way any more`;
      return [told('clear', { ...open, since: at }, {}, { at, detail })];
    });
  }

  /** Would values between these change nothing at all? Who replays a past leaves out whole hours by it. */
  ignores(series: string, extremes: readonly Extremes[]): boolean {
    return this.#judges.every((judge) => judge.ignores(series, extremes));
  }

  /** Values of a series that it ignores were told, until then. */
  passOver(series: string, at: EpochMs): void {
    for (const judge of this.#judges) judge.passOver(series, at);
  }

  /** Takes polls one by one by those of its checks that read one of these series and need that; undefined where none does. */
  takerOf(series: readonly string[]): ((news: News) => Transition[]) | undefined {
    const judges = this.#readersOf(series).filter(({ isByColumns }) => !isByColumns);
    return judges.length === 0 ? undefined : (news) => this.#takeBy(judges, news);
  }

  /** Takes many polls at once by the others of them, check after check: what is told is in no order of time. */
  takeColumns(series: readonly string[], news: ColumnNews): Transition[] {
    const told: Transition[] = [];
    for (const judge of this.#readersOf(series))
      if (judge.isByColumns)
        judge.takeColumns(news, (verdict, at) => {
          const transition = this.#compare(judge, verdict, at);
          if (transition !== undefined) told.push(transition);
        });
    return told;
  }

  #readersOf(series: readonly string[]): CheckJudge[] {
    return this.#judges.filter((judge) => judge.series.some((name) => series.includes(name)));
  }

  /** What is open now, for whoever keeps findings of it. */
  get open(): readonly Readonly<OpenCheck>[] {
    return [...this.#open.values()];
  }

  save(): JudgeState {
    const checks = this.#judges.flatMap((judge) => {
      const parts = judge.save();
      if (parts.every((one) => one.length === 0)) return [];
      return [{ check: judge.check.id, subjectsOf: subjectsOf(judge.check), parts }];
    });
    return { v: 1, checks, open: this.open.map((one) => ({ ...one })) };
  }

  /** Any news; the methods above are shorter ways to say it. */
  take(news: News): Transition[] {
    return this.#takeBy(this.#judges, news);
  }

  #takeBy(judges: readonly CheckJudge[], news: News): Transition[] {
    const told: Transition[] = [];
    for (const judge of judges)
      for (const verdict of judge.take(news)) {
        const transition = this.#compare(judge, verdict, news.at);
        if (transition !== undefined) told.push(transition);
      }
    return told;
  }

  #compare({ check }: CheckJudge, verdict: Verdict, at: EpochMs): Transition | undefined {
    const key = keyOf(check.id, verdict.instance);
    const open = this.#open.get(key);
    const { severity, since, more = 0 } = verdict;
    if (open === undefined) {
      if (severity === undefined || this.#open.size >= MAX_OPEN_CHECKS) return undefined;
      const count = more > 0 ? Math.max(1, verdict.value ?? 1) : 1;
      const made = { check: check.id, instance: verdict.instance, severity, since, count, toldAt: at, isGrown: false };
      this.#open.set(key, made);
      return told('open', made, verdict, { at, detail: detailOf(check, verdict) });
    }
    open.count += more;
    if (severity === undefined) {
      this.#open.delete(key);
      return told('clear', { ...open, since }, verdict, { at, detail: detailOf(check, verdict) });
    }
    if (more > 0) open.isGrown = true;
    const isDue = open.isGrown && Math.abs(at - open.toldAt) >= COUNT_TOLD_EVERY_MS;
    if (severity === open.severity && !isDue) return undefined;
    open.severity = severity;
    open.toldAt = at;
    open.isGrown = false;
    return told('change', open, verdict, { at, detail: detailOf(check, verdict) });
  }
}

const keyOf = (check: string, instance: string): string => `${check} ${instance}`;

function makeJudges({ checks }: CompiledChecks, pollMs: number, saved: JudgeState | undefined): CheckJudge[] {
  const known = new Map(saved?.checks.map((one) => [one.check, one]));
  return checks.map((check) => {
    const judge = new CheckJudge(check, pollMs);
    const former = known.get(check.id);
    if (former?.subjectsOf === subjectsOf(check)) judge.restore(former.parts);
    return judge;
  });
}

function told(
  state: Transition['state'],
  { check, instance, severity, since, count }: OpenCheck,
  { value, limit, unit }: Pick<Verdict, 'value' | 'limit' | 'unit'>,
  { at, detail }: Pick<Transition, 'at' | 'detail'>,
): Transition {
  return { check, instance, state, severity, at, since, value, limit, unit, detail, count };
}
