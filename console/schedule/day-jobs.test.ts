// Proves what the jobs on days ask of the metrics worker, and what they say afterwards.
import { expect, test } from 'vitest';
import type { DayState } from '#shared/day-files/day-store.ts';
import { Retention } from '#shared/model/retention.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { archiveJob, checkDays, type DayJobDeps, type DayKeeping, retentionJob, rollUpJob } from './day-jobs.ts';
import { siteTimes } from './keep-plan.ts';

const clock = new FakeClock();
const TODAY = Math.floor(clock.now() / 86_400_000);
const retention = Retention.parse({});
const { signal } = new AbortController();

/** A worker that keeps states, and remembers what it was asked. */
function open(states: DayState[], roomAfter = 0) {
  const asked: string[] = [];
  const remove = (of: (state: DayState) => boolean) => {
    const left = states.filter((state) => !of(state));
    states.splice(0, states.length, ...left);
  };
  const keeping: DayKeeping = {
    states: async () => [...states],
    rollUp: async (day) => void asked.push(`roll-up ${TODAY - day}`),
    archive: async (day) => void asked.push(`archive ${TODAY - day}`),
    retain: async ({ day }) => {
      asked.push(`retain ${TODAY - day}`);
      return 'dropped';
    },
    drop: async (day, tier) => {
      asked.push(`drop ${TODAY - day} ${tier}`);
      remove((state) => state.day === day && state.tier === tier);
    },
    check: async (day) => (day === TODAY - 3 ? [{ day, tier: 'raw', detail: 'a chunk' }] : []),
  };
  const told: string[] = [];
  const drops = () => asked.filter((one) => one.startsWith('drop')).length;
  const deps: DayJobDeps = {
    ...{ keeping, clock, retention },
    times: async () => siteTimes(retention, [], new Map()),
    isShort: () => drops() < roomAfter,
    onShortened: async (text) => void told.push(text),
  };
  return { asked, told, deps, keeping };
}

const state = (age: number, tier: DayState['tier']): DayState => ({ day: TODAY - age, tier, bytes: 1 });

test('closed days are rolled up and archived, and the job says how many', async () => {
  const { asked, deps } = open([state(0, 'hours'), state(2, 'hours'), state(3, 'hours'), state(120, 'days')]);
  expect(await rollUpJob(deps)(signal)).toEqual({ state: 'ok', detail: '2 days closed' });
  expect(await archiveJob(deps)(signal)).toEqual({ state: 'ok', detail: '1 day archived' });
  expect(asked).toEqual(['roll-up 3', 'roll-up 2', 'archive 120']);
  expect(await archiveJob(open([]).deps)(signal)).toEqual({ state: 'ok', detail: 'nothing was due' });
});

test('what is over its time goes; without a short disk nothing else does', async () => {
  const { asked, told, deps } = open([state(5, 'raw'), state(40, 'raw')]);
  expect(await retentionJob(deps)(signal)).toEqual({ state: 'ok', detail: '1 day forgotten' });
  expect([asked, told]).toEqual([['retain 40'], []]);
});

test('a clock that jumps ahead forgets nothing that was in its time before, and the job says why', async () => {
  const { asked, deps } = open([state(400, 'raw'), state(401, 'raw'), state(431, 'raw')]);
  await expect(retentionJob(deps)(signal)).rejects.toThrow(
    /^1 day forgotten; 2 days not forgotten: the newest metrics are of \d{4}-\d\d-\d\d, 400 days before this machine's clock/,
  );
  expect(asked).toEqual(['retain 431']);
});

test('a site that was silent for a week, and one that holds nothing over its time, are no reason to doubt the clock', async () => {
  expect(await retentionJob(open([state(8, 'raw'), state(40, 'raw')]).deps)(signal)).toMatchObject({ state: 'ok' });
  expect(await retentionJob(open([state(20, 'raw')]).deps)(signal)).toEqual({ state: 'ok', detail: 'nothing was due' });
});

test('on a short disk the oldest goes before its time until there is room, and people are told', async () => {
  const { asked, told, deps } = open([state(3, 'raw'), state(5, 'raw'), state(9, 'raw')], 2);
  const { detail } = await retentionJob(deps)(signal);
  expect(asked).toEqual(['drop 9 raw', 'drop 5 raw']);
  expect(told).toHaveLength(1);
  expect(detail).toMatch(/^before their time, for room: \d{4}-\d\d-\d\d \(raw\), \d{4}-\d\d-\d\d \(raw\)$/);
});

test('a disk that stays short keeps its last days', async () => {
  const { asked, deps } = open([state(0, 'hours'), state(1, 'raw'), state(2, 'raw'), state(4, 'raw')], 99);
  await retentionJob(deps)(signal);
  expect(asked).toEqual(['drop 4 raw']);
});

test('each day is checked once, and damage is named by tier and day', async () => {
  const { keeping } = open([state(3, 'raw'), state(3, 'days'), state(4, 'raw')]);
  expect(await checkDays(keeping, signal)).toEqual({ checked: 3, damaged: [{ tier: 'raw', day: TODAY - 3 }] });
});
