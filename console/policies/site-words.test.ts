// Proves what layers say of devices beside their checks, and that documents are not read at every look.
import { expect, test } from 'vitest';
import { CustomerId, DeviceId, LayerId, SiteId } from '#shared/base/id.ts';
import type { WatchLayer, WatchSettings } from '#shared/model/watch-policy.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { SiteWords } from './site-words.ts';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const [SITE, QUIET] = [SiteId.parse(id(1)), SiteId.parse(id(2))];
const [ONE, TWO] = [DeviceId.parse(id(11)), DeviceId.parse(id(12))];
const customer = CustomerId.parse(id(3));
const layer = (n: number, level: 'site' | 'device', settings: WatchSettings): WatchLayer => ({
  ...{ id: LayerId.parse(id(n)), name: `${n}`, level, priority: 0, isEnforced: false, settings },
});

function open(layers: Record<string, WatchLayer[]>, places: Record<string, string[]>) {
  const clock = new FakeClock();
  const asked: SiteId[] = [];
  const words = new SiteWords({
    clock,
    sites: async () => [SITE, QUIET],
    active: async (site) => {
      asked.push(site);
      return { layers: layers[site] ?? [] };
    },
    placed: async (some) => some.map((one) => ({ layer: one, customer: null, places: places[one.id] ?? [] })),
    devices: async ([site]) =>
      site === SITE
        ? [ONE, TWO].map((device) => ({ id: device, name: '', site: SITE, customer, relay: null, parent: null }))
        : [],
    describe: async (devices) =>
      new Map(devices.map((device) => [device, { groups: [], presence: 'when-used' as const }])),
  });
  return { clock, asked, words };
}

test('a site says it of all, a device of itself; what nobody says is as it ships', async () => {
  const strict = { good: 95, fair: 90 };
  const layers = { [SITE]: [layer(4, 'site', { health: strict }), layer(5, 'device', { presence: 'always-on' })] };
  const { words } = open(layers, { [id(4)]: [SITE], [id(5)]: [TWO] });
  expect([...(await words.read())]).toEqual([
    [ONE, { presence: 'when-used', bounds: strict }],
    [TWO, { presence: 'always-on', bounds: strict }],
  ]);
});

test('devices of sites whose layers say nothing of it are left out', async () => {
  const { words } = open({ [SITE]: [layer(4, 'site', { off: ['cpu.used'] })] }, { [id(4)]: [SITE] });
  expect((await words.read()).size).toBe(0);
});

test('documents are read again after a minute, and not before', async () => {
  const { words, asked, clock } = open({}, {});
  await words.read();
  await clock.advance(59_000);
  await words.read();
  expect(asked).toHaveLength(2);
  await clock.advance(1_000);
  await words.read();
  expect(asked).toHaveLength(4);
});
