// The console about itself: health, the estate at a glance, search, and the feed of live changes.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { CustomerId, DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import { Change } from '#shared/model/change.ts';
import { DeviceStatus } from '#shared/model/device.ts';
import { operation, reads } from './meta.ts';
import { TimelineItem } from './timeline-item.ts';

/** The feed no longer reaches back to the viewer's last event: read everything again. */
const Reset = z.strictObject({ kind: z.literal('reset') });

/** A browser's tabs share one feed: at most this many device pages at once. */
export const MAX_WATCHED = 20;

/** Everybody is told of devices, relays, actions and the estate; the rest is asked for. */
export const FeedInterest = z.object({
  /** All values of these devices as they come: ids, comma-separated. */
  watch: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(DeviceId).max(MAX_WATCHED))
    .optional(),
  /** What lists show of every device. */
  fleet: z.union([z.boolean(), z.stringbool()]).optional(),
});
export type FeedInterest = z.infer<typeof FeedInterest>;

const StatusCounts = z.record(DeviceStatus, z.int());

/** One line of the strip of sites. */
export const SiteStrip = z.object({
  id: SiteId,
  name: z.string(),
  customerId: CustomerId,
  customerName: z.string(),
  isSimulated: z.boolean(),
  devices: StatusCounts,
  relays: z.array(
    z.object({
      id: RelayId,
      name: z.string(),
      isConnected: z.boolean(),
      lastSeenAt: z.int().nullable(),
      /** Batches it holds that are not stored here yet. */
      backlog: z.int(),
    }),
  ),
  /** Time of the newest poll of the site, and of the oldest newest poll among its devices that are up. */
  newestPollAt: z.int().nullable(),
  stalestPollAt: z.int().nullable(),
  /** Since when a guardian has stopped it; null while it takes orders. */
  frozenAt: z.int().nullable(),
});
export type SiteStrip = z.infer<typeof SiteStrip>;

export const WorstDevice = z.object({
  id: DeviceId,
  name: z.string(),
  siteName: z.string(),
  status: DeviceStatus,
  statusAt: z.int().nullable(),
  /** Why it is among the worst: readings over their line (fleet fields such as "cpu"), worst first. */
  readings: z.array(z.object({ field: z.string(), value: z.number(), where: z.string().nullable() })),
});

export type WorstDevice = z.infer<typeof WorstDevice>;

export const Overview = z.object({
  now: z.int(),
  devices: StatusCounts,
  simulated: z.int(),
  sites: z.array(SiteStrip),
  worst: z.array(WorstDevice),
  /** The last hour, newest first, at most 50; `more` counts the rest. */
  recent: z.array(z.object({ deviceId: DeviceId, deviceName: z.string(), siteName: z.string(), item: TimelineItem })),
  recentMore: z.int(),
  ingest: z.object({
    samplesPerSecond: z.number(),
    batchesPerSecond: z.number(),
    /** From the relay's poll to the store, 95th percentile of live batches of the last minute. */
    lagMs: z.number().nullable(),
    backlog: z.int(),
    lost: z.int(),
    quarantined: z.int(),
    viewers: z.int(),
  }),
});
export type Overview = z.infer<typeof Overview>;

export const SearchHit = z.object({
  kind: z.enum(['device', 'site', 'customer', 'group', 'relay', 'tag']),
  id: z.string(),
  name: z.string(),
  /** The site of a device or relay, the customer of a site. */
  place: z.string().nullable(),
  status: DeviceStatus.nullable(),
  /** Which field fits, and its text, where it is not the name. */
  match: z.object({ field: z.string(), text: z.string() }).nullable(),
});
export type SearchHit = z.infer<typeof SearchHit>;

export const systemContract = {
  overview: operation
    .meta(reads('system.read'))
    .route({ method: 'GET', path: '/overview', summary: 'The estate at a glance', tags: ['System'] })
    .output(Overview),
  search: operation
    .meta(reads('device.read'))
    .route({
      method: 'GET',
      path: '/search',
      summary: 'Search in names, addresses, serials, users, tags and software',
      tags: ['System'],
    })
    .input(
      z.object({
        q: z.string().trim().min(1).max(200),
        limit: z.coerce.number().int().min(1).max(100).default(20),
      }),
    )
    .output(z.object({ hits: z.array(SearchHit), total: z.int() })),
  status: operation
    .meta(reads('system.read'))
    .route({
      method: 'GET',
      path: '/system/status',
      summary: 'Versions, counters and the state of the stores',
      tags: ['System'],
    })
    .output(
      z.object({
        version: z.string(),
        engine: z.string(),
        incarnation: z.string(),
        startedAt: z.int(),
        now: z.int(),
        devices: z.record(z.string(), z.int()),
        counters: z.record(z.string(), z.number()),
        lost: z.int(),
        quarantined: z.int(),
      }),
    ),
  changes: operation
    .meta(reads('device.read'))
    .route({
      method: 'GET',
      path: '/changes',
      summary: 'Live changes as server-sent events; resumes from Last-Event-ID',
      tags: ['System'],
    })
    .input(FeedInterest.optional())
    .output(eventIterator(z.union([Change, Reset]))),
};
