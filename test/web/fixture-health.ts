// Made-up health in the shapes of the contract: a device of hostile words, a site, the fleet, and a month of each.
import type { HealthSum } from '#shared/contract/health-contract.ts';
import type { DeviceHealth, HealthPoint, HealthScore } from '#shared/model/health.ts';
import type { Guarded } from './fixture-console.ts';
import { deviceId, HOSTILE, siteId } from './fixture-fleet.ts';

const DAY_MS = 86_400_000;

const score = (n: number): HealthScore => {
  const parts = { availability: 25, performance: 25 - (n % 9), security: 20 - (n % 11), compliance: 15 - (n % 7) };
  const sum = parts.availability + parts.performance + parts.security + parts.compliance;
  return { ...parts, score: sum, confidence: 92, bucket: sum >= 80 ? 'good' : sum >= 60 ? 'fair' : 'poor' };
};

const sum = (devices: number): HealthSum => {
  const { bucket: _, ...rest } = score(4);
  return { ...rest, devices, counts: { good: devices - 3, fair: 2, poor: 1, unknown: 0 } };
};

const point = (id: string, of: number, got: number, more: Partial<HealthPoint> = {}): HealthPoint => ({
  ...{ id, of, got, isKnown: true, text: `${id} is as it is.`, value: null, source: 'polls', at: null },
  ...more,
});

const device = (now: number): DeviceHealth => ({
  ...score(4),
  at: now,
  parts: [
    { part: 'availability', got: 25, known: 25, points: [point('status', 15, 15), point('contact', 10, 10)] },
    {
      part: 'performance',
      got: 21,
      known: 25,
      points: [point('disk', 7, 3, { text: `96 % used (${HOSTILE.image}).`, at: now - 9_000 })],
    },
    {
      part: 'security',
      got: 16,
      known: 20,
      points: [point('antivirus', 5, 0, { isKnown: false, source: 'security-scan' })],
    },
    {
      part: 'compliance',
      got: 11,
      known: 22,
      points: [point('updates', 9, 5, { text: HOSTILE.long }), point('future', 3, 3)],
    },
  ],
});

const history = (now: number, days: number) =>
  Array.from({ length: Math.min(days, 30) }, (_, n) => {
    const { bucket: _bucket, ...moment } = score(n);
    return { ...moment, at: now - n * DAY_MS };
  }).filter((_moment, n) => n !== 11);

export const healthRoutes = ({ health }: Guarded, now: () => number) => ({
  health: {
    overview: health.overview.handler(() => ({
      at: now(),
      fleet: sum(48),
      sites: [0, 1, 2, 3].map((n) => ({ ...sum(12), siteId: siteId(n), siteName: `Site ${n}` })),
    })),
    devices: health.devices.handler(({ input }) => ({
      items: [3, 7, 9]
        .map((n) => ({
          ...score(n),
          ...{
            deviceId: deviceId(n),
            name: n === 3 ? HOSTILE.script : `dev-${n}`,
            siteId: siteId(1),
            siteName: 'Berlin',
          },
        }))
        .slice(0, input.limit),
      total: 3,
    })),
    device: health.device.handler(() => device(now())),
    deviceHistory: health.deviceHistory.handler(({ input }) => ({ items: history(now(), input.days) })),
    history: health.history.handler(({ input }) => ({ items: history(now(), input.days) })),
  },
});
