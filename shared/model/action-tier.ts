// How much harm an action can do: the tier whose rule its order must meet. Nothing the console says chooses a tier.
import { CATALOGUE, isCatalogueName } from './actions/catalogue.ts';
import type { CatalogueName } from './actions/catalogue-actions.ts';
import type { Action } from './manifest.ts';

/** t1: reversible. t2: what was reviewed before, and what opens a way in. t3: ad hoc, or what changes who may do what. */
export const TIERS = ['t1', 't2', 't3'] as const;
export type Tier = (typeof TIERS)[number];

/** Actions that are none of the catalogue; the compiler asks for each. */
const OTHERS: Readonly<Record<Exclude<Action['name'], CatalogueName>, Tier>> = {
  'command.run': 't3',
  'identity.accept': 't2',
  'session.open': 't2',
  // Reviewed by the people that t3 asks for, which the relay proves; the other is as ad hoc as any command.
  'script.run': 't2',
  'script.try': 't3',
};

export const tierOf = ({ name }: Pick<Action, 'name'>): Tier =>
  isCatalogueName(name) ? CATALOGUE[name].tier : OTHERS[name];
