// What an undone import puts back of a thing: what still stands as the import left it. What somebody changed since stays theirs. Pure.

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

interface Stand<T> {
  before: T;
  /** As the import left it. */
  after: T;
  now: T;
}

export interface PutBack<T> {
  value: T;
  /** Members that the import had changed, and somebody changed again. */
  kept: string[];
}

/** Of words and groups each one for itself; of all else the whole member. */
function member(before: unknown, after: unknown, now: unknown): { value: unknown; isKept: boolean } {
  if (isSame(before, after) || isSame(before, now)) return { value: now, isKept: false };
  if (isSame(now, after)) return { value: before, isKept: false };
  if (!isWords(before) || !isWords(after) || !isWords(now)) return { value: now, isKept: true };
  const added = after.filter((word) => !before.includes(word));
  const rest = now.filter((word) => !added.includes(word));
  return { value: [...rest, ...before.filter((word) => !after.includes(word) && !rest.includes(word))], isKept: false };
}

const isWords = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

export function putBack<T extends object>({ before, after, now }: Stand<T>): PutBack<T> {
  const kept: string[] = [];
  const entries = Object.entries(now).map(([key, value]) => {
    const merged = member(Reflect.get(before, key), Reflect.get(after, key), value);
    if (merged.isKept) kept.push(key);
    return [key, merged.value];
  });
  return { value: Object.fromEntries(entries) as T, kept }; // the same members as `now`
}
