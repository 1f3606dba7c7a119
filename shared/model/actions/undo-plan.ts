// The orders that take an order back: one for all devices where the same does it, and none where nothing was done. Pure.
import type { CommandState } from '#shared/model/record.ts';
import type { CatalogueAction } from './catalogue-actions.ts';
import { undoOf } from './undo.ts';

export interface UndoneOutcome<Id extends string> {
  deviceId: Id;
  state: CommandState;
  stdout: string | null;
}

export interface UndoPart<Id extends string> {
  action: CatalogueAction;
  devices: Id[];
}

/** In the order in which devices first ask for each. What failed or is unknown is not taken back: nobody knows what it left. */
export function undoPlan<Id extends string>(
  action: CatalogueAction,
  outcomes: ReadonlyArray<UndoneOutcome<Id>>,
): UndoPart<Id>[] {
  const parts = new Map<string, UndoPart<Id>>();
  for (const { deviceId, state, stdout } of outcomes) {
    const undo = state === 'succeeded' ? undoOf(action, stdout ?? '') : undefined;
    if (undo === undefined) continue;
    // Made by one function from one action: the same content has the same text.
    const key = JSON.stringify(undo);
    const part = parts.get(key);
    if (part === undefined) parts.set(key, { action: undo, devices: [deviceId] });
    else part.devices.push(deviceId);
  }
  return [...parts.values()];
}
