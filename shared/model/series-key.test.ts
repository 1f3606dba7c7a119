// A key and its parts are two forms of one thing, whatever a device calls its mount points.
import { expect, test } from 'vitest';
import { seriesKey, splitSeriesKey } from './series-key.ts';

test.each([
  ['load.1', '', 'load.1'],
  ['filesystem.used', '/mnt/my disk', 'filesystem.used /mnt/my disk'],
  ['network.rx_rate', ' ', 'network.rx_rate  '],
])('%s of %j is %j', (name, instance, key) => {
  expect(seriesKey(name, instance)).toBe(key);
  expect(splitSeriesKey(key)).toEqual({ name, instance });
});
