// What people say of watching: layers of settings, maintenance windows and local routes, signed together for one site or many.
import { z } from 'zod';
import { DeviceId, LayerId, RouteId, SiteId, WindowId } from '#shared/base/id.ts';
import { PRESENCES, SEVERITIES } from './alert-words.ts';
import { Check, CheckId } from './check.ts';
import { HealthBounds } from './health.ts';
import { MAX_SIGNATURES, Signature } from './manifest.ts';

/** General to special: a later level wins, unless an earlier one enforces. */
export const LAYER_LEVELS = ['customer', 'site', 'group', 'device'] as const;

const DAY_MS = 86_400_000;

export const WatchSettings = z.strictObject({
  /** Whole checks: new ones, or others in the place of those with the same id. */
  checks: z.array(Check).max(200).optional(),
  /** Checks that do not apply here. */
  off: z.array(CheckId).max(200).optional(),
  presence: z.enum(PRESENCES).optional(),
  /** From how many points on a device is called well, and fair. The console reckons; relays carry it along. */
  health: HealthBounds.optional(),
});
export type WatchSettings = z.infer<typeof WatchSettings>;

export const WatchLayer = z.strictObject({
  id: LayerId,
  name: z.string().min(1).max(120),
  level: z.enum(LAYER_LEVELS),
  /** Among layers of one level the higher one wins. */
  priority: z.int().min(0).max(1_000),
  /** Later levels cannot change what this one says. */
  isEnforced: z.boolean(),
  /** Devices that it passes over although they are members. */
  except: z.array(DeviceId).max(2_000).optional(),
  settings: WatchSettings,
});
export type WatchLayer = z.infer<typeof WatchLayer>;

export const MaintenanceWindow = z.strictObject({
  id: WindowId,
  name: z.string().min(1).max(120),
  /** First begin, local wall time of the zone: 2026-11-22T22:00:00. */
  startsAt: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
  /** IANA name. */
  zone: z.string().max(64),
  /** RFC 5545 RRULE without DTSTART; absent: once. */
  rule: z.string().max(300).optional(),
  durationMs: z
    .int()
    .min(60_000)
    .max(30 * DAY_MS),
  /** Nothing named: the whole of the sites that the document is signed for. */
  sites: z.array(SiteId).max(2_000).optional(),
  /** Members of these layers. */
  layers: z.array(LayerId).max(200).optional(),
  devices: z.array(DeviceId).max(2_000).optional(),
  checks: z.array(CheckId).max(200).optional(),
});
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>;

/** Whom a relay tells by itself while the console is away. */
export const LocalRoute = z.strictObject({
  id: RouteId,
  name: z.string().min(1).max(120),
  /** Absent: the relays of every site that the document is signed for. */
  sites: z.array(SiteId).min(1).max(2_000).optional(),
  atLeast: z.enum(SEVERITIES),
  /** The console must be away for so long. */
  afterMs: z.int().min(0).max(DAY_MS),
  mail: z.strictObject({
    host: z.string().min(1).max(253),
    port: z.int().min(1).max(65_535),
    /** `tls` from the first byte, `starttls` demanded, `none` only on the relay's own machine or network by the signer's word. */
    security: z.enum(['tls', 'starttls', 'none']),
    from: z.email().max(254),
    to: z.array(z.email().max(254)).min(1).max(20),
    /** Name of a sealed credential of the relay. */
    credential: z.string().max(64).optional(),
  }),
});
export type LocalRoute = z.infer<typeof LocalRoute>;

export const WatchDocument = z.strictObject({
  v: z.literal(1),
  kind: z.literal('watch'),
  sites: z.array(SiteId).min(1).max(2_000),
  /** A relay takes only a higher one than it has. */
  version: z.int().min(1),
  at: z.int().nonnegative(),
  layers: z.array(WatchLayer).max(500),
  windows: z.array(MaintenanceWindow).max(500),
  routes: z.array(LocalRoute).max(20),
});
export type WatchDocument = z.infer<typeof WatchDocument>;

/** `text` is the canonical JSON that every signature covers. */
export const SignedWatch = z.strictObject({
  text: z.string().max(512 * 1024),
  signatures: z.array(Signature).min(1).max(MAX_SIGNATURES),
});
export type SignedWatch = z.infer<typeof SignedWatch>;

/** Unsigned: it can only choose among signed layers. `parent`: what the device hangs on, a switch or a host. */
export const WatchMember = z.strictObject({
  device: DeviceId,
  layers: z.array(LayerId).max(100),
  parent: DeviceId.optional(),
});
export type WatchMember = z.infer<typeof WatchMember>;
