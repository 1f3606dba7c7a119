// What browsers are told the moment it changes: one small event per subject, numbered so that a lost connection can resume.
import { z } from 'zod';
import { DeviceId, IncidentId, ManifestId, RelayId, SiteId } from '#shared/base/id.ts';
import { FAILURE_REASONS } from '#shared/base/outcome.ts';
import { ALERT_STATES, SEVERITIES } from './alert-words.ts';
import { DeviceStatus } from './device.ts';
import { CommandState } from './record.ts';
import { RelayHealth } from './relay-health.ts';

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

/** All newest values of a device, by series key; absent is unknown. Only for who watches this device. */
export const MetricsChange = z.strictObject({
  kind: z.literal('metrics'),
  site: SiteId,
  device: DeviceId,
  /** The relay's time of the poll. */
  at: At,
  values: z.record(z.string(), z.number()),
});
export type MetricsChange = z.infer<typeof MetricsChange>;

/** Entries of a device's event logs came, or the way to it is another. Only for who watches this device: it reads them again. */
export const ToldChange = z.strictObject({
  kind: z.literal('told'),
  site: SiteId,
  device: DeviceId,
  what: z.enum(['log', 'way']),
});
export type ToldChange = z.infer<typeof ToldChange>;

const Numbers = z.array(z.number().nullable());

/** What lists show of the devices that were polled since the last of these: parallel arrays, null is unknown. Only for who shows the fleet. */
export const GlancesChange = z.strictObject({
  kind: z.literal('glances'),
  device: z.array(DeviceId),
  /** The relay's time of each poll. */
  at: z.array(At),
  /** Shares, 0 to 1. `disk` is the fullest filesystem, `mount` where that is; "" for none. */
  cpu: Numbers,
  memory: Numbers,
  disk: Numbers,
  mount: z.array(z.string()),
  load: Numbers,
  /** Milliseconds. */
  uptime: Numbers,
  /** Bytes a second of the busiest interface. */
  rx: Numbers,
  tx: Numbers,
});
export type GlancesChange = z.infer<typeof GlancesChange>;

/** A relay's link opened, closed, its backlog moved, or it spoke of itself. */
export const RelayChange = z.strictObject({
  kind: z.literal('relay'),
  site: SiteId,
  relay: RelayId,
  at: At,
  isConnected: z.boolean(),
  /** Batches the relay still holds that the console has not stored. */
  backlog: z.int().nonnegative(),
  health: RelayHealth.optional(),
});
export type RelayChange = z.infer<typeof RelayChange>;

/** How far an action came on one device; without a device, the action as a whole: it waits for people, is on its way, is over. */
export const ActionChange = z.strictObject({
  kind: z.literal('action'),
  site: SiteId,
  action: ManifestId,
  at: At,
  device: DeviceId.optional(),
  state: z.union([CommandState, z.enum(['waiting-for-signature', 'settled'])]),
});
export type ActionChange = z.infer<typeof ActionChange>;

/** More devices at once are told as "any": whoever shows some reads again. */
export const MAX_ESTATE_DEVICES = 500;

/** What people keep of the estate was changed: whoever shows such things reads them again. */
export const EstateChange = z.strictObject({
  kind: z.literal('estate'),
  what: z.enum(['customers', 'sites', 'devices', 'groups', 'tags', 'relays', 'views', 'imports', 'policies']),
  /** Absent when it is of no site, or of several. */
  site: SiteId.optional(),
  /** The devices concerned; absent is any. */
  devices: z.array(DeviceId).max(MAX_ESTATE_DEVICES).optional(),
});
export type EstateChange = z.infer<typeof EstateChange>;

/** An incident began, was changed or is over: whoever shows incidents reads them again. */
export const IncidentChange = z.strictObject({
  kind: z.literal('incident'),
  /** Absent where it is of the console itself. */
  site: SiteId.optional(),
  incident: IncidentId,
  /** Where it lies, when that is one device. */
  device: DeviceId.optional(),
  at: At,
  state: z.enum(ALERT_STATES),
  severity: z.enum(SEVERITIES),
  isMuted: z.boolean(),
});
export type IncidentChange = z.infer<typeof IncidentChange>;

export const Change = z.discriminatedUnion('kind', [
  DeviceChange,
  MetricsChange,
  ToldChange,
  GlancesChange,
  RelayChange,
  ActionChange,
  EstateChange,
  IncidentChange,
]);
export type Change = z.infer<typeof Change>;
