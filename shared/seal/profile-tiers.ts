// What each profile asks of each tier, and the rule a charter sets: the profile's, as its owners changed it, within its caps.
import type { Tier } from '#shared/model/action-tier.ts';
import { type Charter, TierRule } from '#shared/model/charter.ts';

const MINUTE_MS = 60_000;
/** As long as an order may be valid at all: no rule of its own. */
const ANY_AGE_MS = 86_400_000;
/** More than any site has: the charter's caps alone decide. */
const BY_CAPS = 100_000;

const rule = (
  people: number,
  rendered: number,
  devices: number,
  change: Partial<Pick<TierRule, 'stopMs' | 'freshMs' | 'canary' | 'haltPercent'>> = {},
): TierRule => ({
  people,
  rendered,
  devicesPerBatch: devices,
  devicesPerTenMinutes: devices,
  stopMs: 0,
  freshMs: ANY_AGE_MS,
  canary: 0,
  haltPercent: 100,
  ...change,
});

export const PROFILE_TIERS: Readonly<Record<Charter['profile'], Readonly<Record<Tier, TierRule>>>> = {
  // One person: what they cannot ask of a second person they get as half a minute to think again.
  solo: {
    t1: rule(1, 0, BY_CAPS),
    t2: rule(1, 0, BY_CAPS),
    t3: rule(1, 1, BY_CAPS, { stopMs: 30_000, freshMs: 5 * MINUTE_MS }),
  },
  team: {
    t1: rule(1, 0, 25),
    t2: rule(1, 0, 50),
    // Fifteen minutes: the second person has to be found.
    t3: rule(2, 1, 25, { freshMs: 15 * MINUTE_MS, canary: 1, haltPercent: 20 }),
  },
  strict: {
    t1: rule(1, 0, 10),
    t2: rule(2, 1, 25, { freshMs: 15 * MINUTE_MS }),
    t3: rule(2, 2, 10, { freshMs: 15 * MINUTE_MS, canary: 1, haltPercent: 10 }),
  },
};

/** The rule of `tier` under `charter`. The smaller of the tier's numbers and the charter's caps holds. */
export function tierRule(charter: Pick<Charter, 'profile' | 'tiers' | 'caps'>, tier: Tier): TierRule {
  const merged = TierRule.parse({ ...PROFILE_TIERS[charter.profile][tier], ...charter.tiers?.[tier] });
  return {
    ...merged,
    devicesPerBatch: Math.min(merged.devicesPerBatch, charter.caps.devicesPerManifest),
    devicesPerTenMinutes: Math.min(merged.devicesPerTenMinutes, charter.caps.devicesPerTenMinutes),
  };
}
