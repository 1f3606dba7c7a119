// Checks before they count: what ships, what one draft would have found on one device, and what a set of drafts would have told people.
import { z } from 'zod';
import { DeviceId } from '#shared/base/id.ts';
import { SEVERITIES } from '#shared/model/alert-words.ts';
import { Check, CheckId } from '#shared/model/check.ts';
import { operation, reads } from './meta.ts';
import { MetricSource } from './metric-contract.ts';

const Time = z.int().nonnegative();

/** From when to when a check failed on what. */
export const CheckEpisode = z.object({
  check: CheckId,
  /** Disk, interface, service ...; "" is the device. Text of a device. */
  instance: z.string(),
  /** The worst it was. */
  severity: z.enum(SEVERITIES),
  /** When the condition began to hold, and when that was found. */
  since: z.int(),
  openedAt: z.int(),
  /** Null: it still fails at the end of the span. */
  clearedAt: z.int().nullable(),
  value: z.number().nullable(),
  limit: z.number().nullable(),
  unit: z.string().nullable(),
  /** How often it was seen. */
  count: z.int(),
});
export type CheckEpisode = z.infer<typeof CheckEpisode>;

export const CheckPreview = z.object({
  episodes: z.array(CheckEpisode),
  /** Beyond the thousand that are told. */
  more: z.int(),
  /** How often people would have heard of it. */
  notifications: z.int(),
  /** Series that it reads, as `metrics.range` shows them; empty where it reads events, states or facts. */
  series: z.array(z.string()),
  source: MetricSource,
});
export type CheckPreview = z.infer<typeof CheckPreview>;

const Counts = z.object({ findings: z.int(), notifications: z.int() });

export const BackTestAnswer = z.object({
  from: z.int(),
  to: z.int(),
  devices: z.int(),
  /** Those for which the draft changes a check. */
  changedDevices: z.int(),
  /** Of the checks that the draft changes: as watched now, and as drafted. */
  before: Counts,
  after: Counts,
  checks: z.array(z.object({ check: CheckId, name: z.string(), before: Counts, after: Counts })),
  /** Devices with the greatest change of notifications. */
  worst: z.array(z.object({ deviceId: DeviceId, deviceName: z.string(), before: z.int(), after: z.int() })),
  /** Incidents that were real, as far as is known: somebody took one, or the device went down within the hour. */
  truths: z.int(),
  /** Those that are found now and would not be with the draft; the first 200 of `lostCount`. */
  lost: z.array(
    z.object({
      deviceId: DeviceId,
      deviceName: z.string(),
      check: CheckId.nullable(),
      instance: z.string().nullable(),
      from: z.int(),
      to: z.int(),
      why: z.enum(['taken', 'before-outage']),
    }),
  ),
  lostCount: z.int(),
  /**
   * Hours of devices whose checks the draft changes: read value by value, passed over because their totals show that nothing began,
   * no longer kept value by value, and not seen: nothing of them is sealed (yet), as of the last hours and of silence.
   */
  hours: z.object({ read: z.int(), passed: z.int(), unkept: z.int(), unseen: z.int() }),
});
export type BackTestAnswer = z.infer<typeof BackTestAnswer>;

export const checkContract = {
  shipped: operation
    .meta(reads('metric.read'))
    .route({
      method: 'GET',
      path: '/checks/shipped',
      summary: 'The checks that every device has until a layer says otherwise',
      tags: ['Checks'],
    })
    .output(z.object({ items: z.array(Check) })),
  preview: operation
    .meta(reads('metric.read'))
    .route({
      method: 'POST',
      path: '/checks/preview',
      summary: 'What one draft of a check would have found on one device, a week back at most',
      tags: ['Checks'],
    })
    .input(z.object({ device: DeviceId, check: Check, from: Time, to: Time }))
    .output(CheckPreview),
  backTest: operation
    .meta(reads('metric.read'))
    .route({
      method: 'POST',
      path: '/checks/back-test',
      summary:
        'What drafts of checks would have told people of up to 1,000 devices in up to 31 days; takes up to a minute',
      tags: ['Checks'],
    })
    .input(
      z.object({
        /** As of metrics: fleet, customer:ID, site:ID or group:ID. */
        over: z.string().max(60),
        from: Time,
        to: Time,
        /** New ones, or others in the place of those with the same id. */
        checks: z.array(Check).max(200).default([]),
        /** Checks that would not apply any more. */
        off: z.array(CheckId).max(200).default([]),
      }),
    )
    .output(BackTestAnswer),
};
