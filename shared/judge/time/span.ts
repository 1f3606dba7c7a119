// Stretches of time: which are left when others are taken out, and how long they last together.
import type { EpochMs } from '#shared/base/clock.ts';

/** From its begin up to, and without, its end. */
export interface Span {
  from: EpochMs;
  to: EpochMs;
}

export const holds = ({ from, to }: Span, at: EpochMs): boolean => from <= at && at < to;

/** In order, those that touch made one. */
export function joined(spans: readonly Span[]): Span[] {
  const found: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = found.at(-1);
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else if (span.from < span.to) found.push({ ...span });
  }
  return found;
}

/** What of `spans` is in none of `holes`; both as `joined` makes them. */
export function without(spans: readonly Span[], holes: readonly Span[]): Span[] {
  let left = [...spans];
  for (const hole of holes)
    left = left.flatMap(({ from, to }) => {
      if (hole.to <= from || hole.from >= to) return [{ from, to }];
      return [
        { from, to: Math.min(to, hole.from) },
        { from: Math.max(from, hole.to), to },
      ].filter((one) => one.from < one.to);
    });
  return left;
}

export const clipped = (spans: readonly Span[], from: EpochMs, to: EpochMs): Span[] =>
  spans
    .map((span) => ({ from: Math.max(span.from, from), to: Math.min(span.to, to) }))
    .filter((span) => span.from < span.to);
