// How much harm an action can do: the tier whose rule its order must meet. Nothing the console says chooses a tier.
import type { Action } from './manifest.ts';

/** t1: reversible. t2: what was reviewed before, and what opens a way in. t3: ad hoc, or what changes who may do what. */
export const TIERS = ['t1', 't2', 't3'] as const;
export type Tier = (typeof TIERS)[number];

/** Every action has its line; the compiler asks for it. */
const TIER_OF: Readonly<Record<Action['name'], Tier>> = {
  'command.run': 't3',
  'identity.accept': 't2',
  'service.restart': 't1',
  'session.open': 't2',
};

export const tierOf = (action: Pick<Action, 'name'>): Tier => TIER_OF[action.name];
