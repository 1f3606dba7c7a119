// Devices: the fleet list, one device, its metrics, facts and events.
import { z } from 'zod';
import { FilterText } from '#shared/base/filter/filter-schema.ts';
import { CustomerId, DeviceId, GroupId, RelayId, SiteId } from '#shared/base/id.ts';
import { FAILURE_REASONS } from '#shared/base/outcome.ts';
import {
  CredentialName,
  DeviceLink,
  DeviceName,
  DeviceStatus,
  DeviceSystem,
  DeviceType,
  IntervalMs,
  MAX_LINKS,
  MAX_TAGS,
  Notes,
  Realm,
  ServicePrincipal,
  ShareName,
  Tag,
  TransportKind,
} from '#shared/model/device.ts';
import { DeviceIdentity } from '#shared/model/device-identity.ts';
import { WayAuth, WaySeal } from '#shared/model/record.ts';
import { ColumnsPart, DeviceColumns } from './device-columns.ts';
import { LogEntry, LogQuery } from './device-log.ts';
import { endangers, operation, reads, writes } from './meta.ts';
import { MetricSource } from './metric-contract.ts';
import { Page, pageOf } from './paging.ts';
import { DeviceEvent, TimelineItem } from './timeline-item.ts';

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
  customerId: CustomerId,
  customerName: z.string(),
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
  /** As its facts say, or as a person set it. */
  type: DeviceType,
  hostname: z.string().nullable(),
  /** "Debian GNU/Linux 12"; null before the first inventory. */
  os: z.string().nullable(),
  serial: z.string().nullable(),
  tags: z.array(z.string()),
  groups: z.array(GroupId),
  /** How often it is polled: an age of several intervals is a silence. */
  intervalMs: z.int(),
  /** Time of the last poll, null before the first. Everything in `latest` is that old. */
  polledAt: z.int().nullable(),
  latest: z.array(DerivedReading),
});
export type DeviceSummary = z.infer<typeof DeviceSummary>;

/** How its relay reaches it, as it last said. */
export const DeviceWay = z.object({
  transport: TransportKind,
  port: z.int().nullable(),
  auth: WayAuth,
  seal: WaySeal,
  /** Such as "TLSv1.3"; text of a device. */
  detail: z.string().nullable(),
  /** Since when it is this way, and when the relay last said so. */
  since: z.int(),
  toldAt: z.int(),
});
export type DeviceWay = z.infer<typeof DeviceWay>;

export const DeviceDetail = DeviceSummary.extend({
  credential: z.string().nullable(),
  /** What WinRM and SMB are told of it: whom Kerberos is asked for, and where jobs are left. */
  spn: z.string().nullable(),
  realm: z.string().nullable(),
  share: z.string().nullable(),
  /** Null until the relay that polls it has reached it. */
  way: DeviceWay.nullable(),
  identity: DeviceIdentity.nullable(),
  /** What another machine showed at the device's address; null while nothing differs, or no login was offered to it. */
  seenIdentity: DeviceIdentity.nullable(),
  /** The type a person set; null while the facts decide. */
  setType: DeviceType.nullable(),
  notes: z.string(),
  links: z.array(DeviceLink),
  createdAt: z.int(),
});
export type DeviceDetail = z.infer<typeof DeviceDetail>;

export const NewDevice = z.object({
  relayId: RelayId,
  name: DeviceName,
  /** What is left out here is as the defaults of the relay's site say; without such, `ssh` every 60 s. Null is none, whatever they say. */
  transport: TransportKind.optional(),
  address: z.string().trim().min(1).max(253),
  port: z.int().min(1).max(65_535).nullable().optional(),
  credential: CredentialName.nullable().optional(),
  intervalMs: IntervalMs.optional(),
  spn: ServicePrincipal.nullable().optional(),
  realm: Realm.nullable().optional(),
  share: ShareName.nullable().optional(),
  isSimulated: z.boolean().default(false),
  tags: z.array(Tag).max(MAX_TAGS).optional(),
  notes: Notes.optional(),
  type: DeviceType.optional(),
});
export type NewDevice = z.infer<typeof NewDevice>;

export const DeviceFact = z.object({
  kind: z.string(),
  hash: z.string(),
  seenAt: z.int(),
  firstSeenAt: z.int(),
  body: z.unknown(),
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

const Counts = z.array(z.object({ value: z.string(), label: z.string(), devices: z.int() }));
export const DeviceFacets = z.object({
  total: z.int(),
  status: Counts,
  customer: Counts,
  site: Counts,
  group: Counts,
  tag: Counts,
  system: Counts,
  type: Counts,
});
export type DeviceFacets = z.infer<typeof DeviceFacets>;

const ById = z.object({ id: DeviceId });

export const deviceContract = {
  list: operation
    .meta(reads('device.read'))
    .route({ method: 'GET', path: '/devices', summary: 'List devices with their latest readings', tags: ['Devices'] })
    .input(
      Page.extend({
        siteId: SiteId.optional(),
        /** The fleet's filter: "status:down cpu>80% tag:sql". */
        q: FilterText.optional(),
        /** A field of the filter to sort by, "-cpu" for the largest first; by name when absent. */
        sort: z
          .string()
          .max(40)
          .regex(/^-?[a-z]+$/, 'a field of the fleet, with "-" in front for the other direction')
          .default('name'),
        /** Comma-separated names of the readings in `latest`; all when absent. A fleet page needs seven of sixty. */
        names: z.string().max(2_000).optional(),
      }),
    )
    .output(pageOf(DeviceSummary).extend({ total: z.int() })),
  columns: operation
    .meta(reads('device.read'))
    .route({
      method: 'GET',
      path: '/devices/columns',
      summary: 'Every device as parallel arrays, for the fleet page',
      tags: ['Devices'],
    })
    .input(z.object({ readings: ColumnsPart.default('with') }))
    .output(DeviceColumns),
  facets: operation
    .meta(reads('device.read'))
    .route({
      method: 'GET',
      path: '/devices/facets',
      summary: 'How many devices fit a filter, by status, site, tag ...',
      tags: ['Devices'],
    })
    .input(z.object({ q: FilterText.optional() }))
    .output(DeviceFacets),
  show: operation
    .meta(reads('device.read'))
    .route({ method: 'GET', path: '/devices/{id}', summary: 'One device', tags: ['Devices'] })
    .input(ById)
    .output(DeviceDetail),
  create: operation
    .meta(writes('device.write'))
    .route({
      method: 'POST',
      path: '/devices',
      summary: 'Add a device to a relay',
      successStatus: 201,
      tags: ['Devices'],
    })
    .input(NewDevice)
    .output(DeviceDetail),
  createMany: operation
    .meta(writes('device.write'))
    .route({
      method: 'POST',
      path: '/devices/batch',
      summary: 'Add up to 1,000 devices in one transaction',
      successStatus: 201,
      tags: ['Devices'],
    })
    .input(z.object({ devices: z.array(NewDevice).min(1).max(1_000) }))
    .output(z.object({ ids: z.array(DeviceId) })),
  update: operation
    .meta(writes('device.write'))
    .route({
      method: 'PATCH',
      path: '/devices/{id}',
      summary: 'Change how a device is reached, or what is noted of it',
      tags: ['Devices'],
    })
    .input(
      ById.extend({
        name: DeviceName.optional(),
        transport: TransportKind.optional(),
        address: z.string().trim().min(1).max(253).optional(),
        port: z.int().min(1).max(65_535).nullable().optional(),
        credential: CredentialName.nullable().optional(),
        intervalMs: IntervalMs.optional(),
        spn: ServicePrincipal.nullable().optional(),
        realm: Realm.nullable().optional(),
        share: ShareName.nullable().optional(),
        /** Another relay of the same site. */
        relayId: RelayId.optional(),
        /** Null: as its facts say. */
        type: DeviceType.nullable().optional(),
        notes: Notes.optional(),
        links: z.array(DeviceLink).max(MAX_LINKS).optional(),
      }),
    )
    .output(DeviceDetail),
  removeMany: operation
    .meta(endangers('device.remove'))
    .route({
      method: 'POST',
      path: '/devices/remove',
      summary: 'Forget up to 1,000 devices: all of them or none',
      tags: ['Devices'],
    })
    .input(z.object({ devices: z.array(DeviceId).min(1).max(1_000) }))
    .output(z.object({ removed: z.int() })),
  remove: operation
    .meta(endangers('device.remove'))
    .route({ method: 'DELETE', path: '/devices/{id}', summary: 'Forget a device', tags: ['Devices'] })
    .input(ById)
    .output(z.object({ removed: z.literal(true) })),
  metrics: operation
    .meta(reads('metric.read'))
    .route({ method: 'GET', path: '/devices/{id}/metrics', summary: 'Series of a device over time', tags: ['Devices'] })
    .input(
      ById.extend({
        from: z.coerce.number().int(),
        to: z.coerce.number().int(),
        /** Comma-separated names, raw ("network.rx_bytes") or derived ("cpu.used_ratio"); all derived ones when absent. */
        names: z.string().max(2_000).optional(),
        maxPoints: z.coerce.number().int().min(2).max(5_000).default(600),
      }),
    )
    .output(
      z.object({
        series: z.array(MetricSeries),
        source: MetricSource.default({ resolution: 'raw', missing: [], away: false }),
      }),
    ),
  facts: operation
    .meta(reads('inventory.read'))
    .route({ method: 'GET', path: '/devices/{id}/facts', summary: 'Inventory of a device', tags: ['Devices'] })
    .input(ById)
    .output(z.object({ facts: z.array(DeviceFact) })),
  events: operation
    .meta(reads('device.read'))
    .route({
      method: 'GET',
      path: '/devices/{id}/events',
      summary: 'What happened to a device, newest first',
      tags: ['Devices'],
    })
    .input(ById.extend({ limit: z.coerce.number().int().min(1).max(500).default(100) }))
    .output(z.object({ events: z.array(DeviceEvent) })),
  log: operation
    .meta(reads('device.read'))
    .route({
      method: 'GET',
      path: '/devices/{id}/log',
      summary: "Entries of a device's own event logs, newest first",
      tags: ['Devices'],
    })
    .input(ById.extend(Page.shape).extend(LogQuery.shape))
    .output(pageOf(LogEntry)),
  logs: operation
    .meta(reads('device.read'))
    .route({
      method: 'GET',
      path: '/devices/{id}/logs',
      summary: 'Which event logs of a device there are entries of, and how many',
      tags: ['Devices'],
    })
    .input(ById)
    .output(z.object({ logs: z.array(z.object({ log: z.string(), entries: z.int() })) })),
  timeline: operation
    .meta(reads('device.read'))
    .route({
      method: 'GET',
      path: '/devices/{id}/timeline',
      summary: 'Everything that happened to a device: states, actions, inventory changes, edits; newest first',
      tags: ['Devices'],
    })
    .input(ById.extend(Page.shape))
    .output(pageOf(TimelineItem)),
  targets: operation
    .meta(reads('device.read'))
    .route({
      method: 'POST',
      path: '/devices/targets',
      summary: 'Identities of devices, for the manifest a signer makes',
      tags: ['Devices'],
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
    .route({
      method: 'POST',
      path: '/devices/{id}/watch',
      summary: 'Poll a device faster while somebody looks at it',
      tags: ['Devices'],
    })
    .input(ById)
    .output(z.object({ intervalMs: z.int(), forMs: z.int() })),
};
