// How well devices, sites and the fleet are: scores with their reasons, and how they were.
import { z } from 'zod';
import { DeviceId, SiteId } from '#shared/base/id.ts';
import { DeviceHealth, HealthScore } from '#shared/model/health.ts';
import { HEALTH_BUCKETS } from '#shared/model/health-words.ts';
import { operation, reads } from './meta.ts';

/** Of many devices: means in whole points, and the score is their sum. */
export const HealthSum = HealthScore.omit({ bucket: true }).extend({
  devices: z.int(),
  counts: z.object({ good: z.int(), fair: z.int(), poor: z.int(), unknown: z.int() }),
});
export type HealthSum = z.infer<typeof HealthSum>;

export const HealthRow = HealthScore.extend({
  deviceId: DeviceId,
  name: z.string(),
  siteId: SiteId,
  siteName: z.string(),
});
export type HealthRow = z.infer<typeof HealthRow>;

/** One hour of a site or the fleet, one day of a device: as it was at its end. */
export const HealthMoment = HealthScore.omit({ bucket: true }).extend({ at: z.int() });
export type HealthMoment = z.infer<typeof HealthMoment>;

const tags = ['Health'];
const Days = z.coerce.number().int().min(1).max(400).default(30);

export const healthContract = {
  overview: operation
    .meta(reads('device.read'))
    .route({ method: 'GET', path: '/health', summary: 'How well the fleet and each site are', tags })
    .output(
      z.object({
        /** When it was reckoned; null in the first moments of a console. */
        at: z.int().nullable(),
        fleet: HealthSum,
        sites: z.array(HealthSum.extend({ siteId: SiteId, siteName: z.string() })),
      }),
    ),
  devices: operation
    .meta(reads('device.read'))
    .route({ method: 'GET', path: '/health/devices', summary: 'Devices by their score, the worst first', tags })
    .input(
      z.object({
        siteId: SiteId.optional(),
        bucket: z.enum(HEALTH_BUCKETS).optional(),
        limit: z.coerce.number().int().min(1).max(500).default(50),
      }),
    )
    .output(z.object({ items: z.array(HealthRow), total: z.int() })),
  device: operation
    .meta(reads('device.read'))
    .route({
      method: 'GET',
      path: '/devices/{id}/health',
      summary: 'The score of a device, each point explained',
      tags,
    })
    .input(z.object({ id: DeviceId }))
    .output(DeviceHealth),
  deviceHistory: operation
    .meta(reads('device.read'))
    .route({ method: 'GET', path: '/devices/{id}/health/history', summary: 'How well a device was, day by day', tags })
    .input(z.object({ id: DeviceId, days: Days }))
    .output(z.object({ items: z.array(HealthMoment) })),
  history: operation
    .meta(reads('device.read'))
    .route({
      method: 'GET',
      path: '/health/history',
      summary: 'How well the fleet or one site was, hour by hour',
      tags,
    })
    .input(z.object({ siteId: SiteId.optional(), days: Days }))
    .output(z.object({ items: z.array(HealthMoment) })),
};
