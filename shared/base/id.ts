// Branded identifiers: UUID version 7 (RFC 9562 section 5.7), sortable by the time of their making.
import { z } from 'zod';
import type { EpochMs } from './clock.ts';

export const CustomerId = z.uuid().brand<'CustomerId'>();
export const SiteId = z.uuid().brand<'SiteId'>();
export const RelayId = z.uuid().brand<'RelayId'>();
export const DeviceId = z.uuid().brand<'DeviceId'>();
export const GroupId = z.uuid().brand<'GroupId'>();
export const ViewId = z.uuid().brand<'ViewId'>();
export const ImportId = z.uuid().brand<'ImportId'>();
export const ManifestId = z.uuid().brand<'ManifestId'>();
export const FreezeId = z.uuid().brand<'FreezeId'>();
export const StandingId = z.uuid().brand<'StandingId'>();
export const ScriptId = z.uuid().brand<'ScriptId'>();
export const PermitId = z.uuid().brand<'PermitId'>();
export const FindingId = z.uuid().brand<'FindingId'>();
export const AlertId = z.uuid().brand<'AlertId'>();
export const IncidentId = z.uuid().brand<'IncidentId'>();
export const LayerId = z.uuid().brand<'LayerId'>();
export const WindowId = z.uuid().brand<'WindowId'>();
export const RouteId = z.uuid().brand<'RouteId'>();
export const NotificationId = z.uuid().brand<'NotificationId'>();
export const ChannelId = z.uuid().brand<'ChannelId'>();
export const ContactId = z.uuid().brand<'ContactId'>();
export const EscalationId = z.uuid().brand<'EscalationId'>();
export const OnCallId = z.uuid().brand<'OnCallId'>();
export type CustomerId = z.infer<typeof CustomerId>;
export type SiteId = z.infer<typeof SiteId>;
export type RelayId = z.infer<typeof RelayId>;
export type DeviceId = z.infer<typeof DeviceId>;
export type GroupId = z.infer<typeof GroupId>;
export type ViewId = z.infer<typeof ViewId>;
export type ImportId = z.infer<typeof ImportId>;
export type ManifestId = z.infer<typeof ManifestId>;
export type FreezeId = z.infer<typeof FreezeId>;
export type StandingId = z.infer<typeof StandingId>;
export type ScriptId = z.infer<typeof ScriptId>;
export type PermitId = z.infer<typeof PermitId>;
export type FindingId = z.infer<typeof FindingId>;
export type AlertId = z.infer<typeof AlertId>;
export type IncidentId = z.infer<typeof IncidentId>;
export type LayerId = z.infer<typeof LayerId>;
export type WindowId = z.infer<typeof WindowId>;
export type RouteId = z.infer<typeof RouteId>;
export type NotificationId = z.infer<typeof NotificationId>;
export type ChannelId = z.infer<typeof ChannelId>;
export type ContactId = z.infer<typeof ContactId>;
export type EscalationId = z.infer<typeof EscalationId>;
export type OnCallId = z.infer<typeof OnCallId>;

/** Fills the array with random bytes; `crypto.getRandomValues` in production, seeded in tests. */
export type RandomBytes = (bytes: Uint8Array) => Uint8Array;

export const systemRandom: RandomBytes = (bytes) => {
  // A fresh array: browsers' types refuse one that might be shared memory.
  bytes.set(crypto.getRandomValues(new Uint8Array(bytes.length)));
  return bytes;
};

const hex = (bytes: Uint8Array) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

/** A new UUIDv7 for `now`; parse it with the branded schema it is for, e.g. `DeviceId.parse(newId(now))`. */
export function newId(now: EpochMs, random: RandomBytes = systemRandom): string {
  const bytes = random(new Uint8Array(16));
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  view.setUint16(0, Math.floor(now / 2 ** 32));
  view.setUint32(2, now % 2 ** 32);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  const text = hex(bytes);
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}

/** The 16 bytes of a UUID, for compact wire forms. */
export function idToBytes(id: string): Uint8Array {
  const text = id.replaceAll('-', '');
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

/** The lower-case UUID text of 16 bytes. */
export function bytesToId(bytes: Uint8Array): string {
  const text = hex(bytes);
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}
