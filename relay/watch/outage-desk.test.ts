// A switch that dies is one outage: what hangs on it waits for its verdict, carries its name, and speaks for itself when the switch is back.
import { expect, onTestFinished, test } from 'vitest';
import { LayerId } from '#shared/base/id.ts';
import { sampleDevice } from '#test/fixtures/sample-trust.ts';
import { WatchKit } from '#test/fixtures/watch-kit.ts';

const SWITCH = 1;
/** Devices 2 to 4 hang on device 1. */
const kitOf = (parents: Record<number, number> = { 2: SWITCH, 3: SWITCH, 4: SWITCH }) =>
  new WatchKit(onTestFinished, { parents, devices: 5 });

test('children that fail first wait for the verdict on their switch, which is asked once, and are its children', async () => {
  const kit = kitOf().answers(1, 2, 3, 4, 5);
  await kit.clock.advance(60_000);
  kit.dies(2, 3, 4);
  expect(kit.asked).toEqual([sampleDevice(SWITCH)]);
  expect(kit.told()).toEqual([]);
  kit.dies(SWITCH);
  expect(kit.told()).toEqual([
    'open device.down 1',
    'open device.down 2 because 1',
    'open device.down 3 because 1',
    'open device.down 4 because 1',
  ]);
});

test('a switch that answers leaves a child to itself at once', async () => {
  const kit = kitOf().answers(SWITCH, 2);
  await kit.clock.advance(60_000);
  kit.fails(2).answers(SWITCH).fails(2);
  expect(kit.told()).toEqual(['open device.down 2']);
});

test('what failed after its switch is its child at once; what hangs on nothing is not', () => {
  const kit = kitOf().answers(1, 2, 5).dies(SWITCH).dies(2, 5);
  expect(kit.told()).toEqual(['open device.down 1', 'open device.down 2 because 1', 'open device.down 5']);
});

test('a verdict that never comes holds a child for forty seconds, no longer', async () => {
  const kit = kitOf().answers(SWITCH, 2);
  await kit.clock.advance(60_000);
  kit.dies(2);
  await kit.clock.advance(39_000);
  kit.site.tick();
  expect(kit.told()).toEqual([]);
  await kit.clock.advance(1_000);
  kit.site.tick();
  expect(kit.told()).toEqual(['open device.down 2']);
  // Late, and still true: from now on it is silent.
  kit.dies(SWITCH);
  expect(kit.told().slice(1)).toEqual(['open device.down 1', 'change device.down 2 because 1']);
});

test('a child that is back before the verdict was never out', async () => {
  const kit = kitOf().answers(SWITCH, 2);
  await kit.clock.advance(60_000);
  kit.dies(2).answers(2);
  await kit.clock.advance(60_000);
  kit.site.tick();
  kit.dies(SWITCH);
  expect(kit.told()).toEqual(['open device.down 1']);
});

test('when the switch is back its children are asked at once; who still fails is out by itself', async () => {
  const kit = kitOf().answers(1, 2, 3, 4).dies(SWITCH).dies(2, 3, 4);
  const before = kit.asked.length;
  await kit.clock.advance(60_000);
  kit.answers(SWITCH);
  expect(kit.asked.slice(before)).toEqual([sampleDevice(2), sampleDevice(3), sampleDevice(4)]);
  kit.answers(2);
  kit.fails(3);
  expect(kit.told().slice(-3)).toEqual([
    'clear device.down 1',
    'clear device.down 2 because 1',
    'change device.down 3',
  ]);
  // Nobody could ask the last one: two minutes later it speaks for itself.
  await kit.clock.advance(120_000);
  kit.site.tick();
  expect(kit.told().at(-1)).toBe('change device.down 4');
});

test('a switch of which nobody would hear silences nobody', () => {
  const kit = kitOf();
  const id = LayerId.parse('0190a000-0000-7000-8010-000000000001');
  const layer = { id, name: 'quiet', level: 'device' as const, priority: 0, isEnforced: false };
  kit.document = {
    windows: [],
    layers: [
      {
        ...layer,
        except: [2, 3, 4, 5].map(sampleDevice),
        settings: { off: ['device.down'] },
      },
    ],
  };
  kit.site.settingsChanged();
  kit.answers(1, 2).dies(SWITCH).dies(2);
  expect(kit.told()).toEqual(['open device.down 2']);
});

test('circles and parents of other relays hold nothing back', () => {
  const kit = kitOf({ 2: 3, 3: 2, 4: 99 }).answers(2, 3, 4);
  kit.dies(4);
  expect(kit.told()).toEqual(['open device.down 4']);
  kit.dies(2, 3);
  expect(kit.told().slice(1)).toEqual(['open device.down 2', 'open device.down 3']);
});

test('children stay children over a restart, and are freed when the switch is back', async () => {
  const kit = kitOf().answers(SWITCH, 2).dies(SWITCH).dies(2);
  await kit.restart();
  kit.answers(SWITCH).fails(2);
  expect(kit.told()).toEqual([
    'open device.down 1',
    'open device.down 2 because 1',
    'clear device.down 1',
    'change device.down 2',
  ]);
});

test('a child that is hung elsewhere, or whose switch left the roster, is told by itself', () => {
  const kit = kitOf().answers(1, 2, 3, 5).dies(SWITCH).dies(2, 3);
  kit.hangs(2, 5);
  expect(kit.told().at(-1)).toBe('change device.down 2');
  kit.setRoster([2, 3, 4, 5]);
  expect(kit.told().slice(-2)).toEqual(['clear device.down 1', 'change device.down 3']);
});

test('a switch at whose address another machine answers is no outage any more: its children are asked', () => {
  const kit = kitOf().answers(1, 2).dies(SWITCH).dies(2);
  kit.fails(SWITCH, 'identity-changed');
  expect(kit.asked.at(-1)).toBe(sampleDevice(2));
  kit.fails(2);
  expect(kit.told().at(-1)).toBe('change device.down 2');
});
