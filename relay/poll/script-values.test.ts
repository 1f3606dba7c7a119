// Values of scripts wait for one poll, once, within the bounds of a device.
import { expect, test } from 'vitest';
import { DeviceId, newId } from '#shared/base/id.ts';
import { MAX_SCRIPT_SERIES, ScriptValues } from './script-values.ts';

const device = DeviceId.parse(newId(1));
const sample = (name: string, stored: number) => ({ name, unit: 'ms', instance: '', stored });

test('a value goes with one poll, and the newest of two', () => {
  const values = new ScriptValues({ now: () => 0 });
  expect(values.put(device, [sample('a', 1), sample('b', 2)])).toEqual([]);
  values.put(device, [sample('a', 3)]);
  const taken = values.take(device, 40);
  expect(taken.samples.map(({ instance, value }) => [instance, value])).toEqual([
    ['a ms ', 3],
    ['b ms ', 2],
  ]);
  expect(values.take(device, 40)).toEqual({ samples: [], refused: [] });
});

test('a device has so many series of scripts, and a name that is not said for an hour makes room', () => {
  let now = 0;
  const values = new ScriptValues({ now: () => now });
  const many = Array.from({ length: MAX_SCRIPT_SERIES + 2 }, (_, n) => sample(`n${n}`, n));
  expect(values.put(device, many)).toEqual(['n256', 'n257']);
  expect(values.take(device, 0).samples).toHaveLength(MAX_SCRIPT_SERIES);
  expect(values.put(device, [sample('late', 1)])).toEqual(['late']);
  now = 3_600_001;
  expect(values.put(device, [sample('late', 1)])).toEqual([]);
});

test('beside a thousand columns of a collector the rest has no room, and is named', () => {
  const values = new ScriptValues({ now: () => 0 });
  values.put(device, [sample('a', 1), sample('b', 2)]);
  const { samples, refused } = values.take(device, 1_023);
  expect(samples).toHaveLength(1);
  expect(refused).toEqual(['b']);
});
