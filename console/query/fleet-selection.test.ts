// Whoever sees a part of the estate is told of that part: a whole site by its own sums, of half a site the devices that are seen.
import { expect, test } from 'vitest';
import { NOTHING_SCOPE, partScope, type Scope } from '#console/access/scope.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import { deviceNo, emptyFleet, idNo, OTHER_SITE, SITE, scopeOf } from '#test/fixtures/fleet-kit.ts';
import { selectDevices, selectOne } from './fleet-selection.ts';

/** Two devices in Berlin, one in Paris. */
function fleet() {
  const rows = emptyFleet();
  rows.write(deviceNo(1));
  rows.write(deviceNo(2));
  rows.write(deviceNo(3, { siteId: OTHER_SITE }));
  return rows;
}

const ids = <T extends string>(some: readonly string[]) => new Set(some as T[]);

function part(seen: { sites?: string[]; devices?: string[]; without?: string[]; broken?: string[] }): Scope {
  const { sites = [], devices = [], without = [], broken = [] } = seen;
  return partScope({
    customers: { are: 'these', ids: new Set() },
    sites: ids<SiteId>(sites),
    devices: ids<DeviceId>(devices),
    without: ids<DeviceId>(without),
    broken: ids<SiteId>(broken),
    key: 'test',
  });
}

const all = scopeOf('device.read');
const seenOf = (scope: Scope, over: string) => {
  const found = selectDevices(fleet(), [], scope, over);
  return found && { devices: found.devices.map(({ id }): string => id), sites: found.sites.map((id): string => id) };
};

test('who sees everything gets whole sites', () => {
  expect(seenOf(all, 'fleet')).toEqual({ devices: [1, 2, 3].map(idNo), sites: [SITE, OTHER_SITE] });
  expect(seenOf(all, `site:${SITE}`)).toEqual({ devices: [idNo(1), idNo(2)], sites: [SITE] });
});

test.each<[string, Scope, string, ReturnType<typeof seenOf>]>([
  ['half of a site by single devices', part({ devices: [idNo(2)] }), `site:${SITE}`, { devices: [idNo(2)], sites: [] }],
  [
    'a site without a denied device',
    part({ sites: [SITE], without: [idNo(1)], broken: [SITE] }),
    `site:${SITE}`,
    { devices: [idNo(2)], sites: [] },
  ],
  [
    'the fleet as far as it is seen',
    part({ sites: [OTHER_SITE], devices: [idNo(1)] }),
    'fleet',
    { devices: [idNo(1), idNo(3)], sites: [OTHER_SITE] },
  ],
  ['another site', part({ sites: [OTHER_SITE] }), `site:${SITE}`, undefined],
  ['a customer of whom nothing is seen', NOTHING_SCOPE, 'customer:01900000-0000-7000-8000-00000000cccc', undefined],
  ['the fleet where nothing is seen', NOTHING_SCOPE, 'fleet', { devices: [], sites: [] }],
  ['a group that is not there', all, `group:${idNo(9)}`, undefined],
])('%s', (_what, scope, over, expected) => {
  expect(seenOf(scope, over)).toEqual(expected);
});

test('of a group the members that are seen, and never a whole site', () => {
  const rows = fleet();
  const members = Uint8Array.of(1, 0, 1);
  const group = { id: idNo(8), members } as never; // as much of it as is read
  const over = `group:${idNo(8)}`;
  expect(selectDevices(rows, [group], all, over)).toMatchObject({
    devices: [{ id: idNo(1) }, { id: idNo(3) }],
    sites: [],
  });
  expect(selectDevices(rows, [group], part({ sites: [OTHER_SITE] }), over)?.devices).toHaveLength(1);
  expect(selectDevices(rows, [group], part({ devices: [idNo(2)] }), over)).toBeUndefined();
});

test('one device is there only for those who see it', () => {
  expect(selectOne(fleet(), all, idNo(1))).toMatchObject({
    id: idNo(1),
    siteName: 'Berlin',
    intervalMs: 60_000,
    createdAt: 1_000,
  });
  expect(selectOne(fleet(), part({ sites: [OTHER_SITE] }), idNo(1))).toBeUndefined();
  expect(selectOne(fleet(), all, 'no-id')).toBeUndefined();
});
