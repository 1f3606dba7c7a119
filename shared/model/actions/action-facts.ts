// What is said of every action besides its arguments: how much harm it can do, where it runs, what it is told, and for how long.
import type { Tier } from '#shared/model/action-tier.ts';
import type { DeviceSystem } from '#shared/model/device.ts';
import type { ParameterType } from './parameter-types.ts';

export interface Parameter {
  name: string;
  type: ParameterType;
  isOptional?: true;
}

export interface ActionFacts {
  tier: Tier;
  /** Systems it is written for; a relay refuses it on any other. */
  systems: readonly DeviceSystem[];
  /** Those of them where nobody of ours has seen it run. */
  unproven?: readonly DeviceSystem[];
  /** In the order in which they are asked for. */
  parameters: readonly Parameter[];
  /** Longest run on one device, when nobody says: seconds. */
  timeoutS: number;
}

export const UNIX_AND_WINDOWS = ['linux', 'windows'] as const;
