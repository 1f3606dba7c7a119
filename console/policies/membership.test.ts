// A device is a member where its customer, its site, one of its groups or itself is named, and nowhere else.
import { expect, test } from 'vitest';
import { CustomerId, DeviceId, GroupId, LayerId, newId, SiteId } from '#shared/base/id.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { layersOf, membersOf, type PlacedLayer } from './membership.ts';
import type { PlacedDevice } from './place-repository.ts';

const random = seededBytes(3);
const id = () => newId(1, random);
const [acme, zeta] = [CustomerId.parse(id()), CustomerId.parse(id())];
const [fra, ber] = [SiteId.parse(id()), SiteId.parse(id())];
const [web, db] = [GroupId.parse(id()), GroupId.parse(id())];
const device = (change: Partial<PlacedDevice> = {}): PlacedDevice => ({
  ...{ id: DeviceId.parse(id()), name: 'd', site: fra, customer: acme, relay: null, parent: null },
  ...change,
});
const layer = (level: PlacedLayer['layer']['level'], change: Partial<PlacedLayer> = {}): PlacedLayer => ({
  ...{ layer: { id: LayerId.parse(id()), level }, customer: null, places: [] },
  ...change,
});

test.each([
  ['customer', {}, true],
  ['customer', { customer: acme }, true],
  ['customer', { customer: zeta }, false],
  ['site', {}, false],
  ['site', { places: [fra] }, true],
  ['site', { places: [ber] }, false],
  ['site', { places: [fra], customer: zeta }, false],
  ['group', { places: [web] }, true],
  ['group', { places: [db] }, false],
  // A device's id that stands in a layer of another level says nothing there.
  ['device', { places: [fra] }, false],
] as const)('level %s with %j: %s', (level, change, is) => {
  const one = layer(level, change);
  expect(layersOf(device(), [web], [one])).toEqual(is ? [one.layer.id] : []);
});

test('a relay is told of members and of what hangs on something, in the order of the layers', () => {
  const [a, b] = [device(), device({ customer: zeta, site: ber })];
  const c = device({ customer: zeta, site: ber, parent: b.id });
  const layers = [layer('device', { places: [a.id] }), layer('customer', { customer: acme })];
  expect(membersOf([a, b, c], new Map(), layers)).toEqual([
    { device: a.id, layers: layers.map((one) => one.layer.id) },
    { device: c.id, layers: [], parent: b.id },
  ]);
});
