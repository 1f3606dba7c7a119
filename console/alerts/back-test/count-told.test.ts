// How often people hear of findings: repeats, flapping and trouble of one kind are told once.
import { expect, test } from 'vitest';
import type { Episode } from '#shared/judge/checks/episodes.ts';
import { countTold } from './count-told.ts';

const MINUTE = 60_000;
const found = (minute: number, lasted: number | undefined, over: Partial<Episode> = {}): Episode => ({
  ...{ check: 'disk.free', instance: '/', severity: 'medium', since: minute * MINUTE, openedAt: minute * MINUTE },
  clearedAt: lasted === undefined ? undefined : (minute + lasted) * MINUTE,
  ...{ value: undefined, limit: undefined, unit: undefined, count: 1 },
  ...over,
});
const typeOf = (check: string) => (check.startsWith('cpu') || check.startsWith('memory') ? 'performance' : 'health');

test.each<[string, Episode[], number]>([
  ['one finding is told once', [found(0, 10)], 1],
  ['what comes back within five minutes is the same', [found(0, 10), found(15, 1)], 1],
  ['what comes back later is told again', [found(0, 10), found(16, 1)], 2],
  ['other instances are told by themselves', [found(0, 10), found(0, 10, { instance: '/home' })], 2],
  [
    'from its fourth opening in an hour it flaps and is told no more',
    [0, 10, 20, 30, 40, 50].map((at) => found(at, 1)),
    3,
  ],
  [
    'performance trouble on one device within five minutes is one incident',
    [found(0, 10, { check: 'cpu.used' }), found(4, 10, { check: 'memory.used' }), found(20, 1, { check: 'cpu.used' })],
    2,
  ],
  ['trouble of other kinds is not', [found(0, 10), found(1, 10, { check: 'log.errors', instance: '' })], 2],
])('%s', (_what, episodes, notifications) => {
  const told = countTold(episodes, typeOf);
  expect([told.findings, told.notifications]).toEqual([episodes.length, notifications]);
});

test('each check has its own counts, which sum to the whole', () => {
  const told = countTold([found(0, 1), found(30, 1, { severity: 'critical' }), found(5, 1, { check: 'x.y' })], typeOf);
  expect(told.byCheck.get('disk.free')).toEqual({ findings: 2, notifications: 2, worst: 'critical' });
  const counts = [...told.byCheck.values()];
  expect(counts.reduce((sum, one) => sum + one.notifications, 0)).toBe(told.notifications);
});
