// A watched machine as relay and console name it, and how a relay is told to reach it.
import { z } from 'zod';
import { DeviceId } from '#shared/base/id.ts';
import { DEVICE_STATUSES, DEVICE_SYSTEMS, DEVICE_TRANSPORTS, DEVICE_TYPES } from './device-words.ts';

/** `winrm`: WS-Management of Windows. `smb`: jobs through files on a share, for devices that let nothing else in. */
export const TransportKind = z.enum(DEVICE_TRANSPORTS);
export type TransportKind = z.infer<typeof TransportKind>;

/** Operating system family a collector understands. */
export const DeviceSystem = z.enum(DEVICE_SYSTEMS);
export type DeviceSystem = z.infer<typeof DeviceSystem>;

/** `unknown` until a relay has tried; `identity-changed` stores nothing and runs nothing. */
export const DeviceStatus = z.enum(DEVICE_STATUSES);
export type DeviceStatus = z.infer<typeof DeviceStatus>;

/** What kind of machine it is: read from its facts, or set by a person. */
export const DeviceType = z.enum(DEVICE_TYPES);
export type DeviceType = z.infer<typeof DeviceType>;

/** A word that people sort devices by. Lower case, so that it is one word however it was typed. */
export const Tag = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._/-]{0,39}$/u, 'a tag is letters, digits, dot, dash, slash, underscore; at most 40');
export type Tag = z.infer<typeof Tag>;

/** More on one device is no order any more. */
export const MAX_TAGS = 30;

/** A page about the device elsewhere: its management card, its contract, its wiki page. */
export const DeviceLink = z.strictObject({
  label: z.string().trim().min(1).max(80),
  /** Only what a browser opens as a page: no script can hide in it. */
  url: z.url({ protocol: /^https?$/ }).max(1_000),
});
export type DeviceLink = z.infer<typeof DeviceLink>;
export const MAX_LINKS = 20;

/** What people write down about a device, a site or a customer. */
export const Notes = z.string().max(10_000);

export const DeviceName = z.string().trim().min(1).max(253);
export const CredentialName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,62}$/,
    'a credential name is lower-case letters, digits, dot, dash, underscore; at most 63',
  );

/** Floor 5 s: two polls must fit their time-outs on a LAN. Ceiling a day. */
export const IntervalMs = z.int().min(5_000).max(86_400_000);

/** A Kerberos principal's service and host, such as HTTP/fs01.example.test. */
export const ServicePrincipal = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,31}\/[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/, 'a service principal is SERVICE/host.name');
export const Realm = z
  .string()
  .regex(/^[A-Z0-9][A-Z0-9._-]{0,252}$/, 'a realm is a domain name in capitals, such as EXAMPLE.TEST');
/** What Windows calls a share; a hidden one ends in $. */
export const ShareName = z
  .string()
  .regex(/^[A-Za-z0-9_-][A-Za-z0-9 ._-]{0,78}\$?$/, 'a share is a name without slashes, such as rmm$');

/** One line of a relay's roster: names of secrets only, never a secret. */
export const RosterEntry = z.strictObject({
  device: DeviceId,
  name: DeviceName,
  transport: TransportKind,
  /** Host name or address; "localhost" for the local transport. */
  address: z.string().min(1).max(253),
  port: z.int().min(1).max(65_535).optional(),
  credential: CredentialName.optional(),
  intervalMs: IntervalMs,
  /** Over WinRM: whom Kerberos is asked for, when it is not HTTP/ and the address, and the realm when it is not the login's. */
  spn: ServicePrincipal.optional(),
  realm: Realm.optional(),
  /** Over SMB: where jobs are left and answers found. */
  share: ShareName.optional(),
  /** Simulated devices carry their mark everywhere. */
  simulated: z.boolean().optional(),
});
export type RosterEntry = z.infer<typeof RosterEntry>;

/** Four times the largest site we plan for, and it fits one frame. */
export const MAX_ROSTER_DEVICES = 2_000;

export const Roster = z.strictObject({
  version: z.int().nonnegative(),
  devices: z.array(RosterEntry).max(MAX_ROSTER_DEVICES),
});
export type Roster = z.infer<typeof Roster>;
