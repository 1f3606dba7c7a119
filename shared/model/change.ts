// What browsers are told the moment it changes: one small event per subject, numbered so that a lost connection can resume.
import { z } from 'zod';
import { DeviceId, ManifestId, RelayId, SiteId } from '#shared/base/id.ts';
import { FAILURE_REASONS } from '#shared/base/outcome.ts';
import { DeviceStatus } from './device.ts';
import { CommandState } from './record.ts';

const At = z.int().nonnegative();

/** A device became reachable, unreachable or somebody else. */
export const DeviceChange = z.strictObject({
  kind: z.literal('device'),
  site: SiteId,
  device: DeviceId,
  at: At,
  status: DeviceStatus,
  reason: z.enum(FAILURE_REASONS).optional(),
});
export type DeviceChange = z.infer<typeof DeviceChange>;

/** The newest values of a device, by name of the derived series; absent is unknown. */
export const MetricsChange = z.strictObject({
  kind: z.literal('metrics'),
  site: SiteId,
  device: DeviceId,
  /** The relay's time of the poll. */
  at: At,
  values: z.record(z.string(), z.number()),
});
export type MetricsChange = z.infer<typeof MetricsChange>;

/** A relay's link opened, closed, or its backlog moved. */
export const RelayChange = z.strictObject({
  kind: z.literal('relay'),
  site: SiteId,
  relay: RelayId,
  at: At,
  isConnected: z.boolean(),
  /** Batches the relay still holds that the console has not stored. */
  backlog: z.int().nonnegative(),
});
export type RelayChange = z.infer<typeof RelayChange>;

/** How far an action came on one device; without a device, the action as a whole. */
export const ActionChange = z.strictObject({
  kind: z.literal('action'),
  site: SiteId,
  action: ManifestId,
  at: At,
  device: DeviceId.optional(),
  state: z.union([CommandState, z.literal('settled')]),
});
export type ActionChange = z.infer<typeof ActionChange>;

export const Change = z.discriminatedUnion('kind', [DeviceChange, MetricsChange, RelayChange, ActionChange]);
export type Change = z.infer<typeof Change>;

/** `id` counts up from 1 within one run of the console. */
export interface ChangeEvent {
  id: number;
  change: Change;
}
