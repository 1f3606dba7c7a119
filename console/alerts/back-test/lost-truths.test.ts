// A real incident is lost where the present checks find it and the draft does not.
import { expect, test } from 'vitest';
import { DeviceId } from '#shared/base/id.ts';
import type { Episode } from '#shared/judge/checks/episodes.ts';
import { lostTruths, outageTruths, type Truth } from './lost-truths.ts';

const device = DeviceId.parse('01900000-0000-7000-8000-000000000001');
const MINUTE = 60_000;
const found = (from: number, to: number | undefined, check = 'disk.free', instance = '/'): Episode => ({
  ...{ check, instance, severity: 'medium', since: from * MINUTE, openedAt: from * MINUTE },
  clearedAt: to === undefined ? undefined : to * MINUTE,
  ...{ value: undefined, limit: undefined, unit: undefined, count: 1 },
});
const taken = (from: number, to: number): Truth => ({
  ...{ device, check: 'disk.free', instance: '/', from: from * MINUTE, to: to * MINUTE, why: 'taken' },
});

test.each<[string, Truth, Episode[], Episode[], number]>([
  ['found by both is kept', taken(100, 200), [found(100, 200)], [found(110, 190)], 0],
  ['found ten minutes later is kept', taken(100, 200), [found(100, 200)], [found(209, 230)], 0],
  ['found by the present checks alone is lost', taken(100, 200), [found(100, 200)], [], 1],
  ['another instance is no find', taken(100, 200), [found(100, 200)], [found(100, 200, 'disk.free', '/home')], 1],
  ['what the present checks do not find either is not lost by the draft', taken(100, 200), [], [], 0],
  ['what still fails covers all that follows', taken(100, 200), [found(100, 200)], [found(50, undefined)], 0],
])('%s', (_what, truth, before, after, lost) => {
  expect(lostTruths([truth], { before, after })).toHaveLength(lost);
});

test('whichever check warned in the hour before an outage, the draft must warn too', () => {
  const [truth] = outageTruths(device, [600 * MINUTE]);
  if (truth === undefined) throw new Error('there was an outage');
  const before = [found(560, 600)];
  expect(lostTruths([truth], { before, after: [found(590, 600, 'memory.used', '')] })).toEqual([]);
  expect(lostTruths([truth], { before, after: [found(300, 400)] })).toEqual([truth]);
});
