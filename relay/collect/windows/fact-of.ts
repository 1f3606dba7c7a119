// Makes facts out of answers: what was refused is said to be unknown, what was not answered in time is left as it was known.
import type { Fact, FactValue } from '#relay/collect/collector.ts';
import { byKey } from '#relay/collect/fact-text.ts';
import type { FailureReason, Outcome } from '#shared/base/outcome.ts';
import type { WindowsFacts } from '#shared/model/windows-facts.ts';
import { safeNumber } from './big-number.ts';

/** The next reading may know: until then the console keeps what it was told before. */
const TRANSIENT: ReadonlySet<FailureReason> = new Set(['timed-out', 'lost', 'cancelled', 'unreachable']);

type Body = { [member: string]: FactValue };

/** One fact, or none where nothing is to be said. */
export function factOf<T>(kind: string, answer: Outcome<T>, bodyOf: (value: T) => Body): Fact[] {
  if (answer.ok) return [{ kind, body: bodyOf(answer.value) }];
  return TRANSIENT.has(answer.reason) ? [] : [{ kind, body: { unknown: answer.reason } }];
}

/** The same for a kind whose body is written down. */
export const windowsFact = <K extends keyof WindowsFacts, T>(
  kind: K,
  answer: Outcome<T>,
  bodyOf: (value: T) => WindowsFacts[K],
): Fact[] => factOf(kind, answer, bodyOf);

/** Far below the 512 Ki of a fact, whatever names a device gives its things. */
const MAX_LIST_CHARS = 400_000;

export interface Bounded<T> {
  list: T[];
  isTruncated: boolean;
}

/** Sorted, so that the same things are the same fact; cut at a number of items and of characters. */
export function bounded<T>(items: readonly T[], key: (item: T) => string, max: number): Bounded<T> {
  const list: T[] = [];
  let chars = 0;
  for (const item of [...items].sort(byKey(key))) {
    chars += JSON.stringify(item).length;
    if (list.length >= max || chars > MAX_LIST_CHARS) return { list, isTruncated: true };
    list.push(item);
  }
  return { list, isTruncated: false };
}

export const orNull = <T>(value: T | undefined): T | null => value ?? null;

/** A count or size of 64 bits, times a unit. */
export const sizeOf = (value: bigint | undefined, unit = 1n): number | null =>
  orNull(value === undefined ? undefined : safeNumber(value * unit));

/** Of a table of the platform's numbers. */
export const wordOf = (words: Readonly<Record<number, string>>, value: number | undefined): string | null =>
  value === undefined ? null : (words[value] ?? null);

/** The day of a time, as 2024-05-31; null where it is no time of a calendar. */
export function dayOf(at: number | undefined): string | null {
  return at === undefined || Math.abs(at) > 8.64e15 ? null : new Date(at).toISOString().slice(0, 10);
}
