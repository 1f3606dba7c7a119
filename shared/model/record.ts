// The records that climb to the console besides samples: outcomes and audit (P0), state and findings (P1), inventory (P3).
import { z } from 'zod';
import { Bytes } from '#shared/base/bytes.ts';
import { WIRE_CODES } from '#shared/base/errors.ts';
import { DeviceId, ManifestId } from '#shared/base/id.ts';
import { FAILURE_REASONS } from '#shared/base/outcome.ts';
import { DeviceStatus, DeviceSystem, TransportKind } from './device.ts';
import { DeviceIdentity } from './device-identity.ts';
import { Attempt } from './failure-class.ts';
import { Finding } from './finding.ts';

const At = z.int().nonnegative();
/** Human detail from a device or the relay: hostile text, cut by its maker. */
const Detail = z.string().max(2_000);
/** Lower-case hex SHA-256. */
export const Sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

/** States of one command on one device; see docs/protocol.md for the moves between them. */
export const CommandState = z.enum([
  'queued',
  'sent',
  'accepted',
  'waiting',
  'started',
  'succeeded',
  'failed',
  'expired',
  'refused',
  'cancelled',
  'halted',
  'unknown',
]);
export type CommandState = z.infer<typeof CommandState>;

export const FINAL_COMMAND_STATES: ReadonlySet<CommandState> = new Set([
  'succeeded',
  'failed',
  'expired',
  'refused',
  'cancelled',
  'halted',
  'unknown',
]);

/** P0: how far a command came on a device. Output is kept to the manifest's cap and sent with the final state. */
export const OutcomeRecord = z.strictObject({
  type: z.literal('outcome'),
  manifest: ManifestId,
  device: DeviceId,
  at: At,
  /** `waiting`: tried and not begun; it is tried again until the order expires. */
  state: CommandState.exclude(['queued', 'sent']),
  startedAt: At.optional(),
  finishedAt: At.optional(),
  exitCode: z.int().optional(),
  signal: z.string().max(32).optional(),
  stdout: Bytes.optional(),
  stderr: Bytes.optional(),
  isTruncated: z.boolean().optional(),
  /** Why it was refused or failed. */
  reason: z.union([z.enum(FAILURE_REASONS), z.enum(WIRE_CODES)]).optional(),
  detail: Detail.optional(),
  /** Of a try that did not begin the command: which one, what it calls for, and when the next one is. */
  attempt: Attempt.optional(),
});
export type OutcomeRecord = z.infer<typeof OutcomeRecord>;

/**
 * P0: the relay gave itself an order: the trigger of a standing order came true, or a person at its machine broke the glass.
 * It comes before the outcomes, so that the console knows what they are of.
 */
export const FiringRecord = z.strictObject({
  type: z.literal('firing'),
  at: At,
  manifest: ManifestId,
  /** Whose word it rests on: `of` is the id of the standing order or of the permit. */
  source: z.enum(['standing', 'break-glass']),
  of: z.uuid(),
  action: z.string().max(64),
  reason: z.string().max(500),
  expiresAt: At,
  devices: z.array(DeviceId).min(1).max(2_000),
});
export type FiringRecord = z.infer<typeof FiringRecord>;

/** P0: something the console's audit must hold, told by the relay: refused manifests, pins, charters, revocations. */
export const AuditRecord = z.strictObject({
  type: z.literal('audit'),
  at: At,
  verb: z.string().regex(/^[a-z][a-z-]*\.[a-z][a-z-]*$/),
  device: DeviceId.optional(),
  /** The id as claimed; not a proven one where the manifest was refused. */
  manifest: z.string().max(64).optional(),
  code: z.enum(WIRE_CODES).optional(),
  detail: Detail,
});
export type AuditRecord = z.infer<typeof AuditRecord>;

/** P1: a device became reachable, unreachable, or somebody else. */
export const StateRecord = z.strictObject({
  type: z.literal('state'),
  device: DeviceId,
  at: At,
  status: DeviceStatus,
  reason: z.enum(FAILURE_REASONS).optional(),
  detail: Detail.optional(),
});
export type StateRecord = z.infer<typeof StateRecord>;

/** P1: the identity a device showed: at first contact (`new`), with kinds added (`enriched`), or of another machine (`changed`). */
export const IdentityRecord = z.strictObject({
  type: z.literal('identity'),
  device: DeviceId,
  at: At,
  verdict: z.enum(['new', 'enriched', 'changed']),
  identity: DeviceIdentity,
  system: DeviceSystem,
  hostname: z.string().max(253).optional(),
});
export type IdentityRecord = z.infer<typeof IdentityRecord>;

/** P1: the relay speaks of itself: clock skew, quarantined batch, lost samples, spool pressure. */
export const RelayEventRecord = z.strictObject({
  type: z.literal('relay-event'),
  at: At,
  code: z.enum(WIRE_CODES),
  severity: z.enum(['info', 'warning', 'critical']),
  detail: Detail,
});
export type RelayEventRecord = z.infer<typeof RelayEventRecord>;

/** P3: one kind of inventory, content-addressed: sent when its hash differs from what was last sent for the device. */
export const FactRecord = z.strictObject({
  type: z.literal('fact'),
  device: DeviceId,
  at: At,
  kind: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/),
  /** SHA-256 over the canonical JSON of `body`. */
  hash: Sha256Hex,
  /** Canonical JSON text; parsed and shown as data only. */
  body: z.string().max(512 * 1024),
});
export type FactRecord = z.infer<typeof FactRecord>;

/** How much an entry of an event log matters, by its own word; the last two are of the security log. */
export const EventLevel = z.enum([
  'critical',
  'error',
  'warning',
  'information',
  'verbose',
  'audit-success',
  'audit-failure',
]);
export type EventLevel = z.infer<typeof EventLevel>;

/** P3: one entry of a device's event log. A device, a log, a number and its time name it: told twice it is stored once. */
export const EventRecord = z.strictObject({
  type: z.literal('event'),
  device: DeviceId,
  /** When the device says it happened. */
  at: At,
  /** Name of the log as the device spells it: System, Application, Security, Microsoft-Windows-PowerShell/Operational. */
  log: z.string().min(1).max(255),
  /** The entry's number in its log; it rises, and begins anew where a log was cleared. */
  entry: z.int().nonnegative(),
  source: z.string().max(255),
  /** The event's own id: 4625 is a failed logon. */
  code: z.int().nonnegative(),
  level: EventLevel,
  /** Hostile text, cut by its maker. */
  message: z.string().max(4_000),
  /** So many entries before this one were passed over: a flood, or a log that was overwritten before it was read. */
  dropped: z.int().min(1).optional(),
});
export type EventRecord = z.infer<typeof EventRecord>;

/** What proved a device and this relay to each other. `none` where no network lies between them. */
export const WayAuth = z.enum(['none', 'key', 'password', 'ntlm', 'kerberos']);
export type WayAuth = z.infer<typeof WayAuth>;

/** `tls` and `ssh` name the machine as well; `sealed` is a session key over plain HTTP or SMB. */
export const WaySeal = z.enum(['none', 'tls', 'ssh', 'sealed']);
export type WaySeal = z.infer<typeof WaySeal>;

/** P1: how a device is reached; told at first contact and whenever it changes. */
export const WayRecord = z.strictObject({
  type: z.literal('way'),
  device: DeviceId,
  at: At,
  transport: TransportKind,
  port: z.int().min(1).max(65_535).optional(),
  auth: WayAuth,
  seal: WaySeal,
  /** Such as "TLSv1.3", "SMB 3.1.1 AES-256-GCM"; hostile text, cut by its maker. */
  detail: z.string().max(200).optional(),
});
export type WayRecord = z.infer<typeof WayRecord>;

export const SpoolRecord = z.discriminatedUnion('type', [
  OutcomeRecord,
  FiringRecord,
  AuditRecord,
  StateRecord,
  IdentityRecord,
  RelayEventRecord,
  FactRecord,
  EventRecord,
  WayRecord,
  Finding,
]);
export type SpoolRecord = z.infer<typeof SpoolRecord>;
