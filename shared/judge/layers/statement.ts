// One thing that layers may say something about, and whose word counts.
import { LAYER_LEVELS, type WatchLayer } from '#shared/model/watch-policy.ts';

export type LayerLevel = (typeof LAYER_LEVELS)[number];

/** Who said it: what ships with the product, or a layer. */
export type Source =
  | { level: 'shipped' }
  | { level: LayerLevel; layer: WatchLayer['id']; name: string; priority: number; isEnforced: boolean };

/**
 * `wins`: this is what holds. `overruled`: a more special level, or a higher layer of the same level, says something else.
 * `blocked`: a more general level enforces what it says.
 */
export interface Statement<T> {
  source: Source;
  value: T;
  fate: 'wins' | 'overruled' | 'blocked';
  /** Who overruled or blocked it. */
  by?: Source;
}

export const sourceOf = ({ id, name, level, priority, isEnforced }: WatchLayer): Source => ({
  level,
  layer: id,
  name,
  priority,
  isEnforced,
});

const rankOf = (level: LayerLevel): number => LAYER_LEVELS.indexOf(level);

/** General before special; within a level the lower priority first, and of equal ones the one made first, so that no order is chance. */
export const byWeight = (a: WatchLayer, b: WatchLayer): number =>
  rankOf(a.level) - rankOf(b.level) || a.priority - b.priority || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const enforces = (source: Source): boolean => source.level !== 'shipped' && source.isEnforced;

/** Says of each statement what became of it; `said` is in the order of weight, and exactly one of it wins. */
export function settle<T>(said: readonly { source: Source; value: T }[]): Statement<T>[] {
  let winner = 0;
  said.forEach(({ source }, at) => {
    const holds = said[winner]?.source;
    if (holds !== undefined && enforces(holds) && holds.level !== source.level) return;
    winner = at;
  });
  const by = said[winner]?.source;
  return said.map((one, at) => {
    if (at === winner) return { ...one, fate: 'wins' };
    return { ...one, fate: at < winner ? 'overruled' : 'blocked', ...(by === undefined ? {} : { by }) };
  });
}
