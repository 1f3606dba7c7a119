// How an order goes through its devices: a few alone, then growing waves, and no further when too many failed. Pure.
import type { TierRule } from '#shared/model/charter.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import type { CommandState } from '#shared/model/record.ts';

export type Rollout = Pick<TierRule, 'canary' | 'haltPercent'>;

/** Devices that were done, to those that are done after the next wave: one that is wrong is seen before it is everywhere. */
const GROWTH = 3;

/** The rule's care, or more where the order asks for it; never less. */
export function rolloutOf({ rollout }: Pick<Manifest, 'rollout'>, rule: Rollout): Rollout {
  const asked = rollout?.canary;
  const canary = asked === undefined ? rule.canary : rule.canary === 0 ? asked : Math.min(asked, rule.canary);
  return { canary, haltPercent: Math.min(rule.haltPercent, rollout?.haltPercent ?? 100) };
}

/** How many devices are done after each wave. */
export function waveEnds(devices: number, canary: number): number[] {
  const ends: number[] = [];
  for (let end = canary === 0 ? devices : canary; end < devices; end *= GROWTH) ends.push(end);
  return devices === 0 ? [] : [...ends, devices];
}

/** The device was tried and it did not go well, or nobody knows. What was stopped or came too late says nothing of the order. */
export const isFailure = (state: CommandState): boolean =>
  state === 'failed' || state === 'refused' || state === 'unknown';

/** Whether so many failures are too many of the first `devices`, whatever becomes of those that are not done yet. */
export const isOverBound = (failures: number, devices: number, { haltPercent }: Rollout): boolean =>
  failures * 100 > haltPercent * devices;
