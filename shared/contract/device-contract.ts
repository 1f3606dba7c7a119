// Devices: the fleet list, one device, its metrics, facts and events.
import { z } from 'zod';
import { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import { FAILURE_REASONS } from '#shared/base/outcome.ts';
import {
  CredentialName,
  DeviceName,
  DeviceStatus,
  DeviceSystem,
  IntervalMs,
  TransportKind,
} from '#shared/model/device.ts';
import { DeviceIdentity } from '#shared/model/device-identity.ts';
import { endangers, operation, reads, writes } from './meta.ts';
import { Page, pageOf } from './paging.ts';

/** A number for people, derived from stored counters and levels (see shared/model/derive.ts). */
export const DerivedReading = z.object({
  name: z.string(),
  instance: z.string(),
  unit: z.string(),
  value: z.number().nullable(),
});

export const DeviceSummary = z.object({
  id: DeviceId,
  name: DeviceName,
  siteId: SiteId,
  siteName: z.string(),
  relayId: RelayId.nullable(),
  transport: TransportKind,
  address: z.string(),
  port: z.int().nullable(),
  isSimulated: z.boolean(),
  status: DeviceStatus,
  statusReason: z.enum(FAILURE_REASONS).nullable(),
  statusDetail: z.string().nullable(),
  statusAt: z.int().nullable(),
  system: DeviceSystem,
  hostname: z.string().nullable(),
  /** How often it is polled: an age of several intervals is a silence. */
  intervalMs: z.int(),
  /** Time of the last poll, null before the first. Everything in `latest` is that old. */
  polledAt: z.int().nullable(),
  latest: z.array(DerivedReading),
});
export type DeviceSummary = z.infer<typeof DeviceSummary>;

export const DeviceDetail = DeviceSummary.extend({
  credential: z.string().nullable(),
  identity: DeviceIdentity.nullable(),
  /** What another machine showed at the device's address; null while nothing differs, or no login was offered to it. */
  seenIdentity: DeviceIdentity.nullable(),
  createdAt: z.int(),
});
export type DeviceDetail = z.infer<typeof DeviceDetail>;

export const NewDevice = z.object({
  relayId: RelayId,
  name: DeviceName,
  transport: TransportKind,
  address: z.string().min(1).max(253),
  port: z.int().min(1).max(65_535).optional(),
  credential: CredentialName.optional(),
  intervalMs: IntervalMs.default(60_000),
  isSimulated: z.boolean().default(false),
});
export type NewDevice = z.infer<typeof NewDevice>;

export const DeviceFact = z.object({
  kind: z.string(),
  hash: z.string(),
  seenAt: z.int(),
  firstSeenAt: z.int(),
  body: z.unknown(),
});

export const DeviceEvent = z.object({
  seq: z.int(),
  at: z.int(),
  receivedAt: z.int(),
  deviceId: DeviceId.nullable(),
  type: z.string(),
  severity: z.string(),
  code: z.string().nullable(),
  detail: z.string(),
});

export const MetricSeries = z.object({
  name: z.string(),
  instance: z.string(),
  unit: z.string(),
  /** Parallel arrays; null is unknown, and a gap stays a gap. */
  at: z.array(z.int()),
  min: z.array(z.number().nullable()),
  avg: z.array(z.number().nullable()),
  max: z.array(z.number().nullable()),
});
export type MetricSeries = z.infer<typeof MetricSeries>;

/** What a signer needs to name a device in a manifest: where it is, and which machine it must be. */
export const DeviceTarget = z.object({
  id: DeviceId,
  name: DeviceName,
  siteId: SiteId,
  relayId: RelayId,
  identity: DeviceIdentity,
});
export type DeviceTarget = z.infer<typeof DeviceTarget>;

const ById = z.object({ id: DeviceId });

export const deviceContract = {
  list: operation
    .meta(reads('device.read'))
    .route({ method: 'GET', path: '/devices', summary: 'List devices with their latest readings' })
    .input(
      Page.extend({
        siteId: SiteId.optional(),
        /** Comma-separated names of the readings in `latest`; all when absent. A fleet page needs seven of sixty. */
        names: z.string().max(2_000).optional(),
      }),
    )
    .output(pageOf(DeviceSummary)),
  show: operation
    .meta(reads('device.read'))
    .route({ method: 'GET', path: '/devices/{id}', summary: 'One device' })
    .input(ById)
    .output(DeviceDetail),
  create: operation
    .meta(writes('device.write'))
    .route({ method: 'POST', path: '/devices', summary: 'Add a device to a relay', successStatus: 201 })
    .input(NewDevice)
    .output(DeviceDetail),
  createMany: operation
    .meta(writes('device.write'))
    .route({
      method: 'POST',
      path: '/devices/batch',
      summary: 'Add up to 1,000 devices in one transaction',
      successStatus: 201,
    })
    .input(z.object({ devices: z.array(NewDevice).min(1).max(1_000) }))
    .output(z.object({ ids: z.array(DeviceId) })),
  remove: operation
    .meta(endangers('device.remove'))
    .route({ method: 'DELETE', path: '/devices/{id}', summary: 'Forget a device' })
    .input(ById)
    .output(z.object({ removed: z.literal(true) })),
  metrics: operation
    .meta(reads('metric.read'))
    .route({ method: 'GET', path: '/devices/{id}/metrics', summary: 'Series of a device over a time span' })
    .input(
      ById.extend({
        from: z.coerce.number().int(),
        to: z.coerce.number().int(),
        /** Comma-separated names, raw ("network.rx_bytes") or derived ("cpu.used_ratio"); all derived ones when absent. */
        names: z.string().max(2_000).optional(),
        maxPoints: z.coerce.number().int().min(2).max(5_000).default(600),
      }),
    )
    .output(z.object({ series: z.array(MetricSeries) })),
  facts: operation
    .meta(reads('inventory.read'))
    .route({ method: 'GET', path: '/devices/{id}/facts', summary: 'Inventory of a device' })
    .input(ById)
    .output(z.object({ facts: z.array(DeviceFact) })),
  events: operation
    .meta(reads('device.read'))
    .route({ method: 'GET', path: '/devices/{id}/events', summary: 'What happened to a device, newest first' })
    .input(ById.extend({ limit: z.coerce.number().int().min(1).max(500).default(100) }))
    .output(z.object({ events: z.array(DeviceEvent) })),
  targets: operation
    .meta(reads('device.read'))
    .route({
      method: 'POST',
      path: '/devices/targets',
      summary: 'Identities of devices, for the manifest a signer makes',
    })
    .input(
      z.object({
        /** Ids or exact names; a name that several devices have is a conflict that lists them. */
        devices: z.array(z.string().min(1).max(253)).max(2_000).default([]),
        siteId: SiteId.optional(),
      }),
    )
    .output(z.object({ targets: z.array(DeviceTarget) })),
  watch: operation
    .meta(reads('device.read'))
    .route({ method: 'POST', path: '/devices/{id}/watch', summary: 'Poll a device faster while somebody looks at it' })
    .input(ById)
    .output(z.object({ intervalMs: z.int(), forMs: z.int() })),
};
