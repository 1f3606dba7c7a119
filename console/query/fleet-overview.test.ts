// The estate in numbers, and within a moment at the largest size.
import { expect, test } from 'vitest';
import { emptyGlance } from '#shared/model/glance.ts';
import { deviceNo, emptyFleet, idNo, OTHER_SITE, SITE, scopeOf } from '#test/fixtures/fleet-kit.ts';
import { overviewOf } from './fleet-overview.ts';

const everything = scopeOf('device.read');

test('devices are counted by status and by site, with the newest and the stalest word of each', () => {
  const rows = emptyFleet();
  const glance = emptyGlance();
  const add = (n: number, polledAt: number | undefined, more: Parameters<typeof deviceNo>[1]) => {
    const { row } = rows.write(deviceNo(n, more));
    if (polledAt !== undefined) rows.writeGlance(row, polledAt, glance);
  };
  add(1, 1_000, {});
  add(2, 3_000, { isSimulated: true });
  add(3, 500, { status: 'down', statusAt: 400 });
  add(4, undefined, { status: 'unknown' });
  add(5, 9_000, { siteId: OTHER_SITE });
  const overview = overviewOf(rows, everything);
  expect(overview).toMatchObject({
    devices: { up: 3, down: 1, unknown: 1, 'identity-changed': 0 },
    simulated: 1,
    worst: [{ id: idNo(3), siteName: 'Berlin', statusAt: 400 }],
  });
  expect(overview.sites.get(SITE)).toEqual({
    devices: { up: 2, down: 1, unknown: 1, 'identity-changed': 0 },
    newestPollAt: 3_000,
    stalestPollAt: 1_000,
  });
  expect(overview.sites.get(OTHER_SITE)?.newestPollAt).toBe(9_000);
});

test('who may see nothing sees nothing', () => {
  const rows = emptyFleet();
  rows.write(deviceNo(1, { status: 'down' }));
  const { devices, sites, worst } = overviewOf(rows, scopeOf('public'));
  expect([devices.down, sites.size, worst]).toEqual([0, 0, []]);
});

test('25,000 devices, each with a full disk, take a moment', () => {
  const rows = emptyFleet();
  for (let n = 0; n < 25_000; n += 1) {
    const { row } = rows.write(deviceNo(n));
    rows.writeGlance(row, 1_000, { ...emptyGlance(), disk: 0.9 + (n % 100) / 1_000, mount: '/' });
  }
  // The quickest of several, in time of the processor: others work on it too, and this counts what it costs.
  const costs = Array.from({ length: 8 }, () => {
    const before = process.cpuUsage();
    overviewOf(rows, everything);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  expect(Math.min(...costs)).toBeLessThan(20);
  const { worst } = overviewOf(rows, everything);
  expect(worst[0]?.readings).toEqual([{ field: 'disk', value: 0.999, where: '/' }]);
});
