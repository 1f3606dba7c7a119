// What judges said of a device and no disk took yet: kept short, so that what holds is never forgotten while the disk is full.
import type { Transition } from '#shared/judge/checks/verdict.ts';
import type { OpenFinding } from './watch-table.ts';

export type Told = Transition & Pick<OpenFinding, 'because'>;

/**
 * Of one device, what began and ended meanwhile included. What holds, and what ended of what is on disk, is kept beyond it: it is as much
 * as a judge holds open, which is bounded.
 */
export const MAX_UNTOLD = 200;

/** Of one check on one instance, in order: the end of what is on disk, stretches that are over, and what holds. */
interface Said {
  first: Told | undefined;
  over: Array<[open: Told, clear: Told]>;
  holds: Told | undefined;
}

/** The same in fewer words: a change goes into what it changed. Beyond the bound the oldest stretches that are over go first. */
export function shortened(all: readonly Told[], max = MAX_UNTOLD): Told[] {
  const said = new Map<string, Said>();
  for (const one of all) {
    const key = `${one.check} ${one.instance}`;
    const known = said.get(key) ?? { first: undefined, over: [], holds: undefined };
    said.set(key, known);
    add(known, one);
  }
  const kept = [...said.values()];
  const stretches = kept.flatMap(({ over }) => over).sort(([a], [b]) => a.at - b.at);
  const others = kept.reduce((sum, { first, holds }) => sum + (first ? 1 : 0) + (holds ? 1 : 0), 0);
  const room = Math.max(0, Math.floor((max - others) / 2));
  const newest = new Set(room === 0 ? [] : stretches.slice(-room));
  return kept.flatMap(({ first, over, holds }) => [
    ...(first === undefined ? [] : [first]),
    ...over.filter((stretch) => newest.has(stretch)).flat(),
    ...(holds === undefined ? [] : [holds]),
  ]);
}

function add(said: Said, one: Told): void {
  const { holds } = said;
  if (one.state === 'clear') {
    if (holds === undefined) said.first = one;
    else said.over.push([holds, one]);
    said.holds = undefined;
  } else if (holds !== undefined) said.holds = { ...one, state: holds.state, at: holds.at };
  // Of what is on disk the newest word counts.
  else if (one.state === 'change') said.first = one;
  else said.holds = one;
}
