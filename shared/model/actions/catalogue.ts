// The action catalogue: all that an order of it can ask for, each with its tier, systems and parameters.
import type { z } from 'zod';
import type { DeviceSystem } from '#shared/model/device.ts';
import type { ActionFacts } from './action-facts.ts';
import { LOOK_ACTIONS, LOOK_FACTS } from './look-actions.ts';
import { POWER_ACTIONS, POWER_FACTS } from './power-actions.ts';
import { SERVICE_ACTIONS, SERVICE_FACTS } from './service-actions.ts';
import { UPKEEP_ACTIONS, UPKEEP_FACTS } from './upkeep-actions.ts';
import { USER_ACTIONS, USER_FACTS } from './user-actions.ts';
import { WINDOWS_ACTIONS, WINDOWS_FACTS } from './windows-actions.ts';

export const CATALOGUE_ACTIONS = [
  ...POWER_ACTIONS,
  ...USER_ACTIONS,
  ...SERVICE_ACTIONS,
  ...UPKEEP_ACTIONS,
  ...LOOK_ACTIONS,
  ...WINDOWS_ACTIONS,
] as const;

export type CatalogueAction = z.infer<(typeof CATALOGUE_ACTIONS)[number]>;
export type CatalogueName = CatalogueAction['name'];
export type ArgumentsOf<Name extends CatalogueName> = Extract<CatalogueAction, { name: Name }>['arguments'];

export const CATALOGUE: Readonly<Record<CatalogueName, ActionFacts>> = {
  ...POWER_FACTS,
  ...USER_FACTS,
  ...SERVICE_FACTS,
  ...UPKEEP_FACTS,
  ...LOOK_FACTS,
  ...WINDOWS_FACTS,
};

export const CATALOGUE_NAMES = Object.keys(CATALOGUE) as CatalogueName[]; // of the literal above

export const isCatalogueName = (name: string): name is CatalogueName => Object.hasOwn(CATALOGUE, name);

/** What a relay may run it on: a system nobody has seen yet may turn out to be one of them. */
export const fitsSystem = (name: CatalogueName, system: DeviceSystem): boolean =>
  CATALOGUE[name].systems.includes(system);
