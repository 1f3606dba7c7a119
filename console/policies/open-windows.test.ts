// A person who orders something hears which devices are in a window now: of the site, of themselves, and of no check.
import { expect, test } from 'vitest';
import { DeviceId, LayerId, RelayId, SiteId } from '#shared/base/id.ts';
import type { MaintenanceWindow } from '#shared/model/watch-policy.ts';
import { canonicalJson } from '#shared/seal/canonical.ts';
import { devicesInWindow } from './open-windows.ts';
import type { RelayWatches } from './relay-watch.ts';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const [SITE, RELAY, LAYER] = [SiteId.parse(id(1)), RelayId.parse(id(2)), LayerId.parse(id(3))];
const [ONE, TWO] = [DeviceId.parse(id(11)), DeviceId.parse(id(12))];
const STANDS = { id: LAYER, name: 'l', level: 'site', priority: 0, isEnforced: false, settings: {} };
const asked = [ONE, TWO].map((device) => ({ id: device, siteId: SITE, relayId: RELAY }));
const at = Date.UTC(2026, 4, 1, 12);

const window = (over: object): MaintenanceWindow =>
  // The members that a window has in each case here.
  ({
    id: id(9),
    name: 'w',
    startsAt: '2026-05-01T11:00:00',
    zone: 'UTC',
    durationMs: 7_200_000,
    ...over,
  }) as MaintenanceWindow;

function watches(windows: MaintenanceWindow[]): Pick<RelayWatches, 'of'> {
  const text = canonicalJson({
    v: 1,
    kind: 'watch',
    version: 1,
    at: 1,
    sites: [SITE],
    windows,
    layers: [STANDS],
    routes: [],
  });
  const members = [{ device: TWO, layers: [LAYER] }];
  // What a relay's word is read for.
  return { of: () => Promise.resolve({ signed: { text, signatures: [] }, members }) } as unknown as RelayWatches;
}

test.each([
  ['all of its site', window({ sites: [SITE] }), [ONE, TWO]],
  ['one device', window({ devices: [ONE] }), [ONE]],
  ['whoever a layer stands on', window({ layers: [LAYER] }), [TWO]],
  ['one check alone', window({ sites: [SITE], checks: ['disk.free'] }), []],
  ['another day', window({ startsAt: '2026-05-02T11:00:00' }), []],
])('a window for %s', async (_what, one, devices) => {
  expect(await devicesInWindow(watches([one]), asked, at)).toEqual(devices);
});

test('a relay that has nothing signed has no window', async () => {
  const none = { of: () => Promise.resolve({ members: [] }) };
  expect(await devicesInWindow(none, asked, at)).toEqual([]);
});
