// Judges the figures of a run against the limits of its command: pure, so that a test can tighten each limit.
import { type Limits, limitsOf } from './limits.ts';

/** Figures a command measured; members without a limit are printed and not judged. */
export type Figures = Readonly<Record<string, number>>;

export interface Judgement {
  pass: boolean;
  /** One sentence for each limit that does not hold. */
  broken: string[];
}

/** `limits` are those of a full run unless given; pass `limitsOf(name, true)` under --quick. */
export function judge(name: string, figures: Figures, limits: Limits = limitsOf(name)): Judgement {
  const broken = Object.entries(limits).flatMap(([figure, { max, min, why }]) => {
    const value = figures[figure];
    if (value === undefined || Number.isNaN(value)) return [`${name}: ${figure} was not measured (${why})`];
    if (max !== undefined && value > max) return [`${name}: ${figure} is ${value}, over ${max} (${why})`];
    if (min !== undefined && value < min) return [`${name}: ${figure} is ${value}, under ${min} (${why})`];
    return [];
  });
  return { pass: broken.length === 0, broken };
}
