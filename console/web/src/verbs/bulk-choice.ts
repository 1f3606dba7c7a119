// A choice for many devices at once: what all have, some have or none has, and what is to change of it.

export type Had = 'all' | 'some' | 'none';

/** How many of the devices have each of the values. */
export function hadOf(sets: readonly (readonly string[])[]): (value: string) => Had {
  const counts = new Map<string, number>();
  for (const set of sets) for (const value of set) counts.set(value, (counts.get(value) ?? 0) + 1);
  return (value) => {
    const count = counts.get(value) ?? 0;
    return count === 0 ? 'none' : count === sets.length ? 'all' : 'some';
  };
}

/** Values that a person decided on; what is not in it stays as it is, also where only some have it. */
export type Decisions = ReadonlyMap<string, boolean>;

/** A press: onto all, then off all; back to how it was where only some have it. */
export function pressed(decisions: Decisions, value: string, had: Had): Decisions {
  const next = new Map(decisions);
  const now = decisions.get(value);
  if (now === undefined) next.set(value, had !== 'all');
  else if (now && had === 'some') next.set(value, false);
  else next.delete(value);
  return next;
}

export const isOn = (decisions: Decisions, value: string, had: Had): boolean => decisions.get(value) ?? had === 'all';
export const isMixed = (decisions: Decisions, value: string, had: Had): boolean =>
  !decisions.has(value) && had === 'some';

/** Only what changes something. */
export function changesOf(decisions: Decisions, had: (value: string) => Had): { add: string[]; remove: string[] } {
  const entries = [...decisions];
  return {
    add: entries.filter(([value, on]) => on && had(value) !== 'all').map(([value]) => value),
    remove: entries.filter(([value, on]) => !on && had(value) !== 'none').map(([value]) => value),
  };
}
