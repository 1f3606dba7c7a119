// The forms of the catalogue's actions: names and strict arguments, of which the manifest's action is made.
import type { z } from 'zod';
import { LOOK_ACTIONS } from './look-actions.ts';
import { POWER_ACTIONS } from './power-actions.ts';
import { SERVICE_ACTIONS } from './service-actions.ts';
import { UPKEEP_ACTIONS } from './upkeep-actions.ts';
import { USER_ACTIONS } from './user-actions.ts';
import { WINDOWS_ACTIONS } from './windows-actions.ts';

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
