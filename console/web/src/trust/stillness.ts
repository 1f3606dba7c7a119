// How far a freeze came: which relays of frozen sites confirmed it, which were told, and which hear of it when they are back.
import type { RelayRow } from '#console/web/src/fleet/relays.ts';

export interface StillnessOf {
  still: string[];
  told: string[];
  away: string[];
}

/** By what the relays say of themselves; `frozen` holds the ids of frozen sites. */
export function stillnessOf(
  relays: ReadonlyArray<Pick<RelayRow, 'name' | 'siteId' | 'isConnected' | 'health'>>,
  frozen: ReadonlySet<string>,
): StillnessOf {
  const found: StillnessOf = { still: [], told: [], away: [] };
  for (const { name, siteId, isConnected, health } of relays) {
    if (!frozen.has(siteId)) continue;
    if (!isConnected) found.away.push(name);
    else if (health?.frozenAt === undefined) found.told.push(name);
    else found.still.push(name);
  }
  return found;
}
