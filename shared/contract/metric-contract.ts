// Readings over time: of several devices, of sites, groups and the whole fleet, and as a file.
import { z } from 'zod';
import { DeviceId } from '#shared/base/id.ts';
import { operation, reads } from './meta.ts';

/** Of one name of a metric, as messages and files can hold it. */
const MetricName = z
  .string()
  .min(1)
  .max(120)
  .regex(/^[\w.:-]+$/, 'letters, digits, dots, dashes, colons and underscores');
const Time = z.coerce.number().int().nonnegative();
const MaxPoints = z.coerce.number().int().min(2).max(5_000).default(600);
const ID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
/** What is added up or compared: all that the asker sees of it. */
const MetricsOver = z
  .string()
  .max(60)
  .regex(new RegExp(`^(?:fleet|(?:customer|site|group):${ID})$`), 'fleet, customer:ID, site:ID or group:ID');
const Zone = z.string().min(1).max(64);
/** Devices on one chart: more lines nobody can part. */
export const MAX_RANGE_DEVICES = 20;
/** Devices of one file that are named one by one. */
const MAX_EXPORT_DEVICES = 200;
export const METRIC_EXPORT_TYPES = { csv: 'text/csv; charset=utf-8', json: 'application/json' } as const;

/** How fine an answer is, and what of it is not known here. */
export const MetricSource = z.object({
  /** 'raw': every poll counts. 'hours': made of totals of whole hours. */
  resolution: z.enum(['raw', 'hours']),
  /** Parts of the span that only a relay could still have. */
  missing: z.array(z.object({ from: z.int(), to: z.int() })),
  /** True where the site of what is missing is away just now: asked again later, there may be more. */
  away: z.boolean(),
});
export type MetricSource = z.infer<typeof MetricSource>;

export const MetricRow = z.object({
  name: z.string(),
  /** As units say it: "ratio", "bytes/s". */
  unit: z.string(),
  /** `derived`: reckoned from others, such as a rate. `script`: what a script of this house told. */
  kind: z.enum(['gauge', 'counter', 'derived', 'script']),
  /** What one of its instances stands for: "device", "disk", "filesystem", "interface". */
  scope: z.string(),
  /** How a page writes it. */
  show: z.object({
    decimals: z.int(),
    as: z.enum(['number', 'percent', 'bytes', 'bytes/s', 'duration', 'per-second']),
  }),
});
export type MetricRow = z.infer<typeof MetricRow>;

const numbers = z.array(z.number().nullable());

export const MetricLine = z.object({
  device: DeviceId,
  deviceName: z.string(),
  instance: z.string(),
  unit: z.string(),
  /** Parallel arrays; null is unknown, and a gap stays a gap. */
  at: z.array(z.int()),
  min: numbers,
  avg: numbers,
  max: numbers,
});
export type MetricLine = z.infer<typeof MetricLine>;

export const MetricSum = z.object({
  unit: z.string(),
  /** Where each bucket begins, and the end of the last. */
  at: z.array(z.int()),
  until: z.int(),
  /** The least, the average and the greatest of all values of all devices in each bucket; null where none is known. */
  min: numbers,
  avg: numbers,
  max: numbers,
  /** What a counter or a rate came to in each bucket, in units without "per second"; of levels the sum of all values. */
  sum: numbers,
  /** Values, or known intervals of a counter, in each bucket. */
  count: z.array(z.int()),
  /** Devices that were asked: those the asker sees. */
  devices: z.int(),
  /** `sites`: whole sites, by their own totals. `devices`: added up device by device, because not all of a site is asked or seen. */
  by: z.enum(['sites', 'devices']),
  source: MetricSource,
});
export type MetricSum = z.infer<typeof MetricSum>;

export const MetricTopRow = z.object({
  device: DeviceId,
  deviceName: z.string(),
  siteName: z.string(),
  instance: z.string(),
  value: z.number(),
  at: z.int(),
});
export type MetricTopRow = z.infer<typeof MetricTopRow>;

export const MetricExportInput = z.object({
  /** Comma-separated ids; either this or `over`. */
  devices: z
    .string()
    .max(MAX_EXPORT_DEVICES * 37)
    .optional(),
  over: MetricsOver.optional(),
  /** Comma-separated names; all that are kept when absent. */
  names: z.string().max(2_000).optional(),
  from: Time,
  to: Time,
  format: z.enum(['csv', 'json']).default('csv'),
});
export type MetricExportInput = z.infer<typeof MetricExportInput>;

export const metricContract = {
  catalogue: operation
    .meta(reads('metric.read'))
    .route({ method: 'GET', path: '/metrics/catalogue', summary: 'Every metric there is', tags: ['Metrics'] })
    .output(z.object({ items: z.array(MetricRow) })),
  range: operation
    .meta(reads('metric.read'))
    .route({
      method: 'GET',
      path: '/metrics/range',
      summary: 'One metric of several devices over time',
      tags: ['Metrics'],
    })
    .input(
      z.object({
        /** Comma-separated ids, 20 at most. */
        devices: z
          .string()
          .min(1)
          .max(MAX_RANGE_DEVICES * 37),
        name: MetricName,
        /** One disk, interface or file system; all of them when absent. */
        instance: z.string().max(255).optional(),
        from: Time,
        to: Time,
        maxPoints: MaxPoints,
      }),
    )
    .output(z.object({ lines: z.array(MetricLine), source: MetricSource })),
  sum: operation
    .meta(reads('metric.read'))
    .route({
      method: 'GET',
      path: '/metrics/sum',
      summary: 'One metric of a site, a group, a customer or the fleet, added up by the hour or by local days',
      tags: ['Metrics'],
    })
    .input(
      z.object({
        name: MetricName,
        over: MetricsOver,
        from: Time,
        to: Time,
        maxPoints: MaxPoints,
        /** Days of a time zone, 23 to 25 hours long where its clocks change; "span" divides the span evenly. */
        by: z.enum(['span', 'hour', 'day']).default('span'),
        /** Of the days, such as "Europe/Berlin". */
        zone: Zone.default('UTC'),
      }),
    )
    .output(MetricSum),
  top: operation
    .meta(reads('metric.read'))
    .route({
      method: 'GET',
      path: '/metrics/top',
      summary: 'The devices with the most of one metric, or with the least',
      tags: ['Metrics'],
    })
    .input(
      z.object({
        name: MetricName,
        over: MetricsOver.default('fleet'),
        from: Time.optional(),
        to: Time.optional(),
        /** `min`: the least ones first, by their least value. */
        by: z.enum(['avg', 'max', 'min', 'last']).default('last'),
        limit: z.coerce.number().int().min(1).max(100).default(10),
      }),
    )
    .output(z.object({ unit: z.string(), rows: z.array(MetricTopRow), source: MetricSource })),
  last: operation
    .meta(reads('metric.read'))
    .route({
      method: 'GET',
      path: '/metrics/last',
      summary: 'What one metric was last, of every device: from memory',
      tags: ['Metrics'],
    })
    .input(z.object({ name: MetricName, over: MetricsOver.default('fleet') }))
    .output(
      z.object({
        unit: z.string(),
        items: z.array(z.object({ device: DeviceId, instance: z.string(), value: z.number().nullable(), at: z.int() })),
      }),
    ),
  export: operation
    .meta(reads('metric.read'))
    .route({
      method: 'GET',
      path: '/metrics/export',
      summary: 'Every kept value of a span as a file, written as it is read',
      tags: ['Metrics'],
    })
    .input(MetricExportInput)
    .output(z.file()),
};
