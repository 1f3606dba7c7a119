// Proves which layer's word holds for a device, and that the explanation says the same as the settings.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DeviceId, LayerId } from '#shared/base/id.ts';
import type { Check } from '#shared/model/check.ts';
import { LAYER_LEVELS, type WatchLayer } from '#shared/model/watch-policy.ts';
import { explainSettings, SettingsResolver, settingsFaults } from './effective.ts';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const DEVICE = DeviceId.parse(id(900));
const OTHER = DeviceId.parse(id(901));

const check = (name: string, limit: number, isOn = true): Check => ({
  id: name,
  name,
  type: 'performance',
  isOn,
  advice: '',
  when: { kind: 'threshold', series: 'cpu', above: true, limits: { high: limit }, forMs: 0, margin: 0 },
});
const SHIPPED = { checks: [check('cpu', 80), check('disk', 90)], presence: 'always-on' as const };

const layer = (n: number, over: Partial<WatchLayer>): WatchLayer => ({
  id: LayerId.parse(id(n)),
  name: `layer ${n}`,
  level: 'site',
  priority: 0,
  isEnforced: false,
  settings: {},
  ...over,
});

function limits(layers: readonly WatchLayer[], device = DEVICE): Record<string, number | undefined> {
  const { checks } = explainSettings(SHIPPED, layers, { device, layers: layers.map((one) => one.id) });
  return Object.fromEntries(
    checks.map(({ id: name, when }) => [name, when.kind === 'threshold' ? when.limits.high : undefined]),
  );
}

describe('whose word holds', () => {
  const customer = layer(1, { level: 'customer', settings: { checks: [check('cpu', 70)] } });
  const site = layer(2, { settings: { checks: [check('cpu', 60)] } });
  const device = layer(3, { level: 'device', settings: { off: ['disk'] } });
  test.each<[string, WatchLayer[], object]>([
    ['nobody says anything: what ships holds', [], { cpu: 80, disk: 90 }],
    ['the more special level wins, in whatever order they stand', [site, customer], { cpu: 60, disk: 90 }],
    ['what is enforced holds against later levels', [{ ...customer, isEnforced: true }, site], { cpu: 70, disk: 90 }],
    ['a check can be taken away', [customer, device], { cpu: 70 }],
    [
      'and given back by a later level',
      [layer(4, { level: 'customer', settings: { off: ['cpu'] } }), site],
      { cpu: 60, disk: 90 },
    ],
    [
      'of one level the higher priority wins',
      [site, layer(4, { priority: 5, settings: { checks: [check('cpu', 50)] } })],
      { cpu: 50, disk: 90 },
    ],
    [
      'also against an enforced one: it binds later levels',
      [{ ...site, isEnforced: true }, layer(4, { priority: 5, settings: { checks: [check('cpu', 50)] } })],
      { cpu: 50, disk: 90 },
    ],
    [
      'of equal priority the one made later wins',
      [layer(5, { settings: { checks: [check('cpu', 55)] } }), site],
      { cpu: 55, disk: 90 },
    ],
    ['a device that is passed over does not hear it', [{ ...site, except: [DEVICE] }], { cpu: 80, disk: 90 }],
    ['another device does', [{ ...site, except: [OTHER] }], { cpu: 60, disk: 90 }],
    [
      'a check that is switched off is not judged',
      [layer(4, { settings: { checks: [check('disk', 1, false)] } })],
      { cpu: 80 },
    ],
    [
      'a check of its own is added',
      [layer(4, { settings: { checks: [check('queue', 5)] } })],
      { cpu: 80, disk: 90, queue: 5 },
    ],
  ])('%s', (_, layers, expected) => {
    expect(limits(layers)).toEqual(expected);
  });
  test('a layer that the device is no member of does not count', () => {
    expect(explainSettings(SHIPPED, [site], { device: DEVICE, layers: [] }).checks).toEqual(SHIPPED.checks);
  });
  test('presence is inherited like checks', () => {
    const when = layer(6, { level: 'customer', isEnforced: true, settings: { presence: 'when-used' } });
    const always = layer(7, { settings: { presence: 'always-on' } });
    const found = explainSettings(SHIPPED, [when, always], { device: DEVICE, layers: [when.id, always.id] });
    expect(found.presence).toBe('when-used');
    expect(found.presenceSaid.map(({ fate }) => fate)).toEqual(['overruled', 'wins', 'blocked']);
  });
});

test('when a device is called well is inherited too', () => {
  const strict = { good: 95, fair: 90 };
  const layers = [
    layer(1, { level: 'customer', isEnforced: true, settings: { health: strict } }),
    layer(2, { settings: { health: { good: 50, fair: 20 } } }),
  ];
  const found = explainSettings(SHIPPED, layers, { device: DEVICE, layers: layers.map((one) => one.id) });
  expect(found.health).toEqual(strict);
  expect(found.healthSaid.map(({ fate }) => fate)).toEqual(['overruled', 'wins', 'blocked']);
  expect(explainSettings(SHIPPED, [], { device: DEVICE, layers: [] }).health).toEqual({ good: 80, fair: 60 });
});

test('each word is explained: who said it, what became of it and by whom', () => {
  const layers = [
    layer(1, { level: 'customer', settings: { checks: [check('cpu', 70)] } }),
    layer(2, { isEnforced: true, settings: { checks: [check('cpu', 60)] } }),
    layer(3, { level: 'group', settings: { off: ['cpu'] } }),
    layer(4, { level: 'group', except: [DEVICE], settings: { off: ['cpu'] } }),
  ];
  const found = explainSettings(SHIPPED, layers, { device: DEVICE, layers: layers.map((one) => one.id) });
  expect(found.all[0]?.said.map(({ source, fate, by }) => [source.level, fate, by?.level])).toEqual([
    ['shipped', 'overruled', 'site'],
    ['customer', 'overruled', 'site'],
    ['site', 'wins', undefined],
    ['group', 'blocked', 'site'],
  ]);
  expect(found.layers).toEqual([layers[0]?.id, layers[1]?.id, layers[2]?.id]);
  expect(found.passedOver).toEqual([layers[3]?.id]);
});

const NAMES = ['cpu', 'disk', 'queue', 'backup'];
const anyLayer = fc.record({
  level: fc.constantFrom(...LAYER_LEVELS),
  priority: fc.nat(3),
  isEnforced: fc.boolean(),
  except: fc.subarray([DEVICE, OTHER]),
  settings: fc.record(
    {
      checks: fc.uniqueArray(fc.record({ name: fc.constantFrom(...NAMES), limit: fc.nat(100), isOn: fc.boolean() }), {
        selector: (one) => one.name,
      }),
      off: fc.uniqueArray(fc.constantFrom(...NAMES)),
      presence: fc.constantFrom('always-on' as const, 'when-used' as const),
    },
    { requiredKeys: [] },
  ),
});
const anyLayers = fc.array(anyLayer, { maxLength: 9 }).map((all) =>
  all.map((one, n): WatchLayer => {
    const { checks, ...rest } = one.settings;
    const made = checks?.map(({ name, limit, isOn }) => check(name, limit, isOn));
    return layer(n + 1, { ...one, settings: { ...rest, ...(made === undefined ? {} : { checks: made }) } });
  }),
);
const member = (layers: readonly WatchLayer[]) => ({ device: DEVICE, layers: layers.map((one) => one.id) });

describe('of any layers', () => {
  test('exactly one word of each thing wins, and what holds is that word', () => {
    fc.assert(
      fc.property(anyLayers, (layers) => {
        const found = explainSettings(SHIPPED, layers, member(layers));
        for (const { said, check: holds } of found.all) {
          const winners = said.filter(({ fate }) => fate === 'wins');
          expect(winners).toHaveLength(1);
          expect(winners[0]?.value).toBe(holds);
        }
        expect(found.presenceSaid.find(({ fate }) => fate === 'wins')?.value).toBe(found.presence);
      }),
    );
  });
  test('no word of a later level stands over an enforced one that holds, and every other winner is the last that spoke', () => {
    fc.assert(
      fc.property(anyLayers, (layers) => {
        for (const { said } of explainSettings(SHIPPED, layers, member(layers)).all) {
          const at = said.findIndex(({ fate }) => fate === 'wins');
          const source = said[at]?.source;
          const isEnforced = source?.level !== 'shipped' && source?.isEnforced === true;
          const later = said.slice(at + 1);
          expect(later.every((one) => one.fate === 'blocked' && isEnforced && one.source.level !== source.level)).toBe(
            true,
          );
          expect(said.slice(0, at).every(({ fate }) => fate === 'overruled')).toBe(true);
        }
      }),
    );
  });
  test('the order in which layers and memberships stand changes nothing', () => {
    fc.assert(
      fc.property(anyLayers, (layers) => {
        const turned = [...layers].reverse();
        expect(explainSettings(SHIPPED, turned, member(turned)).all).toEqual(
          explainSettings(SHIPPED, layers, member(layers)).all,
        );
      }),
    );
  });
  test('a layer that passes the device over might as well not be', () => {
    fc.assert(
      fc.property(anyLayers, (layers) => {
        const heard = layers.filter(({ except }) => except?.includes(DEVICE) !== true);
        expect(explainSettings(SHIPPED, layers, member(layers)).all).toEqual(
          explainSettings(SHIPPED, heard, member(heard)).all,
        );
      }),
    );
  });
  test('an enforced word of the customer holds whatever other levels say', () => {
    fc.assert(
      fc.property(anyLayers, (layers) => {
        const top = layer(99, {
          level: 'customer',
          priority: 9,
          isEnforced: true,
          settings: { checks: [check('cpu', 1)] },
        });
        expect(limits([...layers, top])['cpu']).toBe(1);
      }),
    );
  });
  test('the resolver says what the explanation says', () => {
    fc.assert(
      fc.property(anyLayers, (layers) => {
        const { checks, presence, health, layers: applying } = explainSettings(SHIPPED, layers, member(layers));
        expect(new SettingsResolver(SHIPPED.checks, layers).of(member(layers), 'always-on')).toEqual({
          checks,
          presence,
          health,
          layers: applying,
        });
      }),
    );
  });
});

test('devices with the same layers share one object, others have their own', () => {
  const one = layer(1, { settings: { off: ['cpu'] }, except: [OTHER] });
  const resolver = new SettingsResolver(SHIPPED.checks, [one]);
  const first = resolver.of({ device: DEVICE, layers: [one.id] }, 'always-on');
  expect(resolver.of({ device: DeviceId.parse(id(902)), layers: [one.id] }, 'always-on')).toBe(first);
  expect(resolver.of({ device: OTHER, layers: [one.id] }, 'always-on')).not.toBe(first);
  expect(resolver.of({ device: DEVICE, layers: [one.id] }, 'when-used').presence).toBe('when-used');
});

test('a layer that says two things of one check is told so', () => {
  expect(settingsFaults({ checks: [check('cpu', 1), check('cpu', 2), check('disk', 1)], off: ['disk'] })).toEqual([
    'the check cpu stands twice',
    'the check disk is both given and taken away',
  ]);
  expect(settingsFaults({})).toEqual([]);
});
