// What a back-test did not see is said: hours of which nothing is sealed are not taken for calm ones.
import { expect, test } from 'vitest';
import { DeviceId, newId } from '#shared/base/id.ts';
import { BackTestSum } from './back-test-sum.ts';

const HOUR = 3_600_000;
const device = DeviceId.parse(newId(1));
const run = { episodes: [], more: 0 };

test.each([
  ['all of two devices seen', { read: 10, passed: 36, unkept: 2 }, 0],
  ['the last hour of each is not sealed', { read: 10, passed: 36, unkept: 0 }, 2],
  ['nothing of them is there', { read: 0, passed: 0, unkept: 0 }, 48],
])('%s', (_what, counted, unseen) => {
  const sum = new BackTestSum(5, { from: 100 * HOUR, to: 124 * HOUR });
  sum.count(counted);
  for (const name of ['a', 'b'])
    sum.add({ device, name, checks: { before: [], after: [] } }, { before: run, after: run }, []);
  expect(sum.result().hours).toEqual({ ...counted, unseen });
});
