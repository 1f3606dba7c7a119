// One simple condition on all instances of a device: keeps its subjects, and answers each piece of news with what now holds.
import type { EpochMs } from '#shared/base/clock.ts';
import type { ColumnNews, News } from './news.ts';
import { isIdle, type Rung, worstOf } from './rung.ts';
import { MAX_SUBJECTS, newSubject, restoreSubject, type SavedSubject, type Subject, saveSubject } from './subject.ts';
import type { Evidence, Verdict } from './verdict.ts';

/** A poll that is half an interval late is no gap; two that are missing are. */
const GAP_POLLS = 2.5;
/** A script that runs once a day says a series in its own time; what is rarer is no stretch. */
const MAX_SPACING_MS = 86_400_000;

/** What all values of one instance lie between; NaN where nobody knows. */
export interface Extremes {
  instance: string;
  lowest: number;
  highest: number;
}

export abstract class Probe {
  protected readonly subjects = new Map<string, Subject>();

  protected abstract makeRungs(): Rung[];
  /** Verdicts of the subjects that the news is about; none where it is about none. */
  abstract take(news: News): Verdict[];

  /** Does any of its limits hold on any subject? */
  get holds(): boolean {
    for (const { rungs } of this.subjects.values()) if (worstOf(rungs) !== undefined) return true;
    return false;
  }

  holdsOn(instance: string): boolean {
    return worstOf(this.subjects.get(instance)?.rungs ?? []) !== undefined;
  }

  /** Would no row with such values of a series change anything? Then who replays a past need not read them. */
  abstract ignores(series: string, extremes: readonly Extremes[]): boolean;

  /** Does it judge each instance's values by themselves, by nothing else? Then they may be told instance by instance. */
  get isByColumns(): boolean {
    return false;
  }

  /** The same as `take` of each poll one after the other, of what is by columns; only verdicts of another severity than before are told. */
  takeColumns(_news: ColumnNews, _onVerdict: (verdict: Verdict, at: EpochMs) => void): void {}

  /** Values that it ignores were told, until then. */
  passOver(_series: string, _at: EpochMs): void {}

  save(): SavedSubject[] {
    return [...this.subjects.values()].filter((one) => this.isWorthKeeping(one)).map(saveSubject);
  }

  restore(saved: readonly SavedSubject[]): void {
    for (const one of saved.slice(0, MAX_SUBJECTS))
      this.subjects.set(one.instance, restoreSubject(one, this.makeRungs()));
  }

  /** Undefined beyond the bound. */
  protected subject(instance: string): Subject | undefined {
    const known = this.subjects.get(instance);
    if (known !== undefined) return known;
    if (this.subjects.size >= MAX_SUBJECTS) return undefined;
    const subject = newSubject(instance, this.makeRungs());
    this.subjects.set(instance, subject);
    return subject;
  }

  protected isWorthKeeping({ rungs }: Subject): boolean {
    return !isIdle(rungs);
  }

  protected verdict({ instance, rungs }: Subject, at: EpochMs, { value, limit, unit, said }: Evidence): Verdict {
    const worst = worstOf(rungs);
    const since = worst?.from ?? rungs.at(-1)?.from ?? at;
    return { value, limit, unit, said, instance, severity: worst?.severity, since };
  }

  /** With the limit that holds, or of those the least. */
  protected measured(subject: Subject, at: EpochMs, { value, unit, said }: Evidence): Verdict {
    const { limit } = worstOf(subject.rungs) ?? subject.rungs.at(-1) ?? {};
    return this.verdict(subject, at, { value, limit, unit, said });
  }

  /** Its list is complete and this one is not in it. */
  protected gone(subject: Subject, at: EpochMs): Verdict {
    this.subjects.delete(subject.instance);
    return { instance: subject.instance, severity: undefined, since: at, isGone: true };
  }
}

/** Notes that a subject was told; after a gap, or where the clock went back, no stretch goes on. `pollMs`: how often it is told. */
export function markSeen(subject: Subject, at: EpochMs, pollMs: number): void {
  const elapsedMs = subject.seenAt === undefined ? 0 : at - subject.seenAt;
  if (elapsedMs < 0 || elapsedMs > GAP_POLLS * pollMs) for (const rung of subject.rungs) rung.turning = undefined;
  if (elapsedMs < 0) subject.points = [];
  subject.seenAt = at;
  if (elapsedMs > 0) subject.spacingMs = Math.min(elapsedMs, MAX_SPACING_MS);
}

/** A script says a series in its own time, which is read from its last two tellings. */
export const pollsOf = ({ spacingMs }: Subject, pollMs: number): number => Math.max(pollMs, spacingMs);

/** Not told for so long it was taken away; before two tellings a script may be of those that run once a day. */
export const goneAfterMs = ({ spacingMs }: Subject): number =>
  GAP_POLLS * (spacingMs === 0 ? MAX_SPACING_MS : spacingMs);
