// A customer's document holds what its sites need: nothing of other sites, and the same text for the same parts.
import { expect, test } from 'vitest';
import { CustomerId, DeviceId, LayerId, newId, RouteId, SiteId, WindowId } from '#shared/base/id.ts';
import type { WatchPart } from '#shared/model/watch-part.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { contentFor, contentKey, devicesNamed } from './watch-drafts.ts';

const random = seededBytes(11);
const id = () => newId(1, random);
const customer = CustomerId.parse(id());
const [here, there] = [SiteId.parse(id()), SiteId.parse(id())];
const [own, far] = [DeviceId.parse(id()), DeviceId.parse(id())];
const siteOf = new Map<string, SiteId>([
  [own, here],
  [far, there],
]);
const place = { customer, sites: [here], siteOf };
const about = { customerId: null, changedAt: 1, changedBy: 'person:1', isRemoved: false };

type LayerPart = Extract<WatchPart, { kind: 'layer' }>;
const layer = (change: Partial<LayerPart['body']>, places: string[] = []): LayerPart => ({
  ...{ kind: 'layer', places, ...about },
  body: {
    ...{ id: LayerId.parse(id()), name: 'l', level: 'customer', priority: 0, isEnforced: false, settings: {} },
    ...change,
  },
});
const window = (change: object): WatchPart => ({
  ...{ kind: 'window', ...about },
  body: {
    ...{ id: WindowId.parse(id()), name: 'w', startsAt: '2026-01-01T00:00:00', zone: 'UTC', durationMs: 60_000 },
    ...change,
  },
});

test.each([
  ['customer', [], true],
  ['site', [here], true],
  ['site', [there], false],
  ['group', [id()], true],
  ['group', [], false],
  ['device', [own], true],
  ['device', [far], false],
] as const)('a layer of level %s at %j goes along: %s', (level, places, is) => {
  expect(contentFor([layer({ level }, [...places])], place).layers).toHaveLength(is ? 1 : 0);
});

test('devices of other sites are left out of what it passes over', () => {
  expect(contentFor([layer({ except: [own, far] })], place).layers[0]?.except).toEqual([own]);
  expect(contentFor([layer({ except: [far] })], place).layers[0]).not.toHaveProperty('except');
});

test('a window keeps what is named of these sites, and goes where nothing of it is left', () => {
  const one = layer({});
  const content = (change: object) => contentFor([one, window(change)], place).windows[0];
  expect(content({ sites: [here, there], devices: [far] })).toMatchObject({ sites: [here] });
  expect(content({ sites: [here], devices: [far] })).not.toHaveProperty('devices');
  expect(content({ layers: [one.body.id, LayerId.parse(id())] })).toMatchObject({ layers: [one.body.id] });
  expect(content({ sites: [there] })).toBeUndefined();
  expect(content({})).toBeDefined();
});

test('a route of another site, what is removed and what is of another customer are left out', () => {
  const mail = { host: 'h', port: 25, security: 'none' as const, from: 'a@b.example', to: ['c@d.example'] };
  const route = (sites: SiteId[]): WatchPart => ({
    ...{ kind: 'route', ...about },
    body: { id: RouteId.parse(id()), name: 'r', sites, atLeast: 'high', afterMs: 0, mail },
  });
  const parts = [
    ...[route([there]), route([here, there]), { ...layer({}), isRemoved: true }],
    { ...layer({}), customerId: CustomerId.parse(id()) },
  ];
  const { layers, routes } = contentFor(parts, place);
  expect(layers).toEqual([]);
  expect(routes.map(({ sites }) => sites)).toEqual([[here]]);
});

test('the same parts are the same text, in whatever order they were read', () => {
  const parts = [layer({}), layer({ name: 'm' }), window({})];
  expect(contentKey(contentFor(parts.toReversed(), place))).toBe(contentKey(contentFor(parts, place)));
  expect(devicesNamed([layer({ level: 'device', except: [own] }, [far]), window({ devices: [own] })])).toEqual([
    own,
    far,
  ]);
});
