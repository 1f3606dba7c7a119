// Proves the clock of the jobs: times of the day and week by UTC, and what was missed.
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { AppError } from '#shared/base/errors.ts';
import type { JobName } from '#shared/contract/maintenance-contract.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { JobClock } from './job-clock.ts';
import type { JobPlan } from './jobs.ts';

// bree reads the time of the process.
beforeEach(
  () =>
    void vi.useFakeTimers({
      now: Date.UTC(2026, 10, 21, 1),
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
    }),
);
afterEach(() => void vi.useRealTimers());

const plan = (name: JobName, over: Partial<JobPlan> = {}): JobPlan => ({
  ...{ name, summary: '', time: { at: '02:40', on: 'day' }, enabled: true },
  work: async () => ({ state: 'ok', detail: '' }),
  ...over,
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function startClock(plans: readonly JobPlan[], { missed = [] as JobName[], refuse = false } = {}) {
  const began: string[] = [];
  const jobs = {
    plans,
    missed: async () => missed,
    stop: async () => undefined,
    begin: async (name: JobName) => {
      if (refuse) throw new AppError('conflict', 'runs already');
      began.push(`${name} ${new Date(Date.now()).toISOString().slice(0, 16)}`);
      return {
        run: { id: '', startedAt: 0, endedAt: null, state: 'running' as const, detail: '' },
        ended: Promise.resolve(),
      };
    },
  };
  const clock = new JobClock({ jobs, log: silentLogger });
  onTestFinished(() => clock.stop());
  await clock.start();
  const pass = async (hours: number) => {
    for (let hour = 0; hour < hours; hour += 1) {
      await vi.advanceTimersByTimeAsync(3_600_000);
      for (let i = 0; i < 5; i += 1) await turn();
    }
  };
  return { began, pass };
}

test('each job is started at its time of the day and of the week, by UTC, again and again', async () => {
  const weekly = plan('integrity', { time: { at: '04:00', on: 'sunday' } });
  const { began, pass } = await startClock([plan('retention'), weekly]);
  await pass(72);
  expect(began).toEqual([
    'retention 2026-11-21T02:40',
    'retention 2026-11-22T02:40',
    'integrity 2026-11-22T04:00',
    'retention 2026-11-23T02:40',
  ]);
});

test('what was missed is started at once; what is switched off never', async () => {
  const { began, pass } = await startClock([plan('retention'), plan('archive', { enabled: false })], {
    missed: ['retention'],
  });
  await pass(1);
  expect(began).toEqual(['retention 2026-11-21T01:00']);
  await pass(24);
  expect(began.some((one) => one.startsWith('archive'))).toBe(false);
});

test('a job that somebody started by hand is passed over by the clock, which goes on', async () => {
  const { began, pass } = await startClock([plan('retention')], { refuse: true });
  await pass(48);
  expect(began).toEqual([]);
});
