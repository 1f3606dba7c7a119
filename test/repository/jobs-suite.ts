// The console's own jobs and how long metrics are kept, on both engines.
import { describe, expect, test } from 'vitest';
import { type JobPlan, type JobResult, Jobs } from '#console/schedule/jobs.ts';
import { Retentions } from '#console/schedule/retentions.ts';
import { CustomerId, newId } from '#shared/base/id.ts';
import { Retention } from '#shared/model/retention.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { caller, type Estate, makeEstate } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

const DAY_MS = 86_400_000;

/** A job that ends when it is told what came of it. */
function waitingPlan(over: Partial<JobPlan> = {}) {
  const ends: Array<(result: JobResult | Error) => void> = [];
  const plan: JobPlan = {
    name: 'retention',
    summary: 'Forgets what is old.',
    time: { at: '02:40', on: 'day' },
    enabled: true,
    work: (signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('stopped')));
        ends.push((result) => (result instanceof Error ? reject(result) : resolve(result)));
      }),
    ...over,
  };
  return { plan, end: (result: JobResult | Error) => ends.shift()?.(result) };
}

export function defineJobsTests(engine: TestEngine): void {
  const open = async (over: Partial<JobPlan> = {}) => {
    const estate = await makeEstate(engine);
    const { plan, end } = waitingPlan(over);
    const make = () => new Jobs({ ...estate, log: silentLogger, plans: [plan] });
    return { ...estate, jobs: make(), make, end };
  };
  const ok: JobResult = { state: 'ok', detail: '3 days went' };
  const customerOf = async ({ store }: Estate) =>
    CustomerId.parse((await store.db.selectFrom('customer').select('id').executeTakeFirstOrThrow()).id);

  describe(`jobs on ${engine.name}`, () => {
    test('a run leaves its beginning, its end and what it did; a failure leaves why', async () => {
      const { jobs, clock, end } = await open();
      const first = await jobs.begin('retention');
      expect(await jobs.runs('retention', 5)).toMatchObject([{ state: 'running', endedAt: null, job: 'retention' }]);
      await clock.advance(1_500);
      end(ok);
      await first.ended;
      await clock.advance(1_000);
      const second = await jobs.begin('retention');
      end(new Error('no room'));
      await second.ended;
      expect(await jobs.runs(undefined, 5)).toMatchObject([
        { id: second.run.id, state: 'failed', detail: 'no room' },
        { id: first.run.id, state: 'ok', detail: '3 days went', endedAt: first.run.startedAt + 1_500 },
      ]);
      expect(await jobs.list()).toMatchObject([{ name: 'retention', lastRun: { id: second.run.id }, enabled: true }]);
    });

    test('two of the same job never run at once, also not by two consoles on one database', async () => {
      const { jobs, make, end } = await open();
      const one = await jobs.begin('retention', caller);
      await expect(jobs.begin('retention')).rejects.toMatchObject({ code: 'conflict' });
      await expect(make().begin('retention')).rejects.toMatchObject({ code: 'conflict' });
      end(ok);
      await one.ended;
      const again = await jobs.begin('retention');
      end(ok);
      await again.ended;
    });

    test('what somebody starts is audited; what the clock starts is not', async () => {
      const { jobs, verbs, end } = await open();
      for (const who of [caller, undefined]) {
        const { ended } = await jobs.begin('retention', who);
        end(ok);
        await ended;
      }
      expect((await verbs()).filter((verb) => verb === 'job.run')).toHaveLength(1);
      await expect(jobs.begin('backup')).rejects.toMatchObject({ code: 'not-found' });
    });

    test('a run that a killed console left reads as stopped after the next start, and the job runs again', async () => {
      const { jobs, make, end } = await open();
      await jobs.begin('retention');
      const next = make();
      await next.recover();
      expect(await next.runs('retention', 5)).toMatchObject([
        { state: 'stopped', detail: expect.stringMatching(/ended/) },
      ]);
      end(ok);
      const again = await next.begin('retention');
      end(ok);
      await again.ended;
    });

    test('a console that stops in order ends its runs, and begins none', async () => {
      const { jobs } = await open();
      const { ended } = await jobs.begin('retention');
      await jobs.stop();
      await ended;
      expect(await jobs.runs('retention', 5)).toMatchObject([{ state: 'stopped' }]);
      await expect(jobs.begin('retention')).rejects.toMatchObject({ code: 'unavailable' });
    });

    test('a week without a console is caught up on once; a job that never ran waits for its time', async () => {
      const { jobs, clock, end } = await open();
      expect(await jobs.missed()).toEqual([]);
      const { ended } = await jobs.begin('retention');
      end(ok);
      await ended;
      expect(await jobs.missed()).toEqual([]);
      await clock.advance(7 * DAY_MS);
      expect(await jobs.missed()).toEqual(['retention']);
      const late = await jobs.begin('retention');
      end(ok);
      await late.ended;
      expect(await jobs.missed()).toEqual([]);
    });

    test('a job that is switched off misses nothing, and has no next time', async () => {
      const { jobs, clock, end } = await open({ enabled: false });
      const { ended } = await jobs.begin('retention');
      end(ok);
      await ended;
      await clock.advance(7 * DAY_MS);
      expect(await jobs.missed()).toEqual([]);
      expect(await jobs.list()).toMatchObject([{ enabled: false, nextAt: null }]);
    });

    test('a hundred runs of a job are kept', async () => {
      const { jobs, clock, store } = await open({ work: async () => ok });
      const rows = Array.from({ length: 120 }, (_, i) => ({
        ...{ id: `r${i}`, job: 'retention', started_at: i + 1, ended_at: i + 1, state: 'ok', detail: '' },
      }));
      await store.db.insertInto('job_run').values(rows).execute();
      await clock.advance(1_000);
      await (await jobs.begin('retention')).ended;
      const kept = await jobs.runs('retention', 1_000);
      expect([kept.length, kept.at(-1)?.startedAt]).toEqual([100, 22]);
    });
  });

  describe(`retention of customers on ${engine.name}`, () => {
    test('a customer has a time of its own until it is taken away, and both are audited', async () => {
      const estate = await makeEstate(engine);
      const retentions = new Retentions({ ...estate, everybody: Retention.parse({}) });
      const customer = await customerOf(estate);
      await retentions.put(caller, customer, { rawDays: 7, archiveDays: 400 });
      expect(await retentions.put(caller, customer, { rawDays: 60 })).toMatchObject({
        customerId: customer,
        retention: { rawDays: 60 },
      });
      expect(await retentions.customers()).toHaveLength(1);
      await retentions.remove(caller, customer);
      expect(await retentions.customers()).toEqual([]);
      await expect(retentions.remove(caller, customer)).rejects.toMatchObject({ code: 'not-found' });
      const verbs = (await estate.verbs()).filter((verb) => verb.startsWith('retention.'));
      expect(verbs).toEqual(['retention.put', 'retention.put', 'retention.remove']);
    });

    test('a wish for nothing, for nobody, or for totals that go before raw values is refused', async () => {
      const estate = await makeEstate(engine);
      const retentions = new Retentions({ ...estate, everybody: Retention.parse({}) });
      const customer = await customerOf(estate);
      const nobody = CustomerId.parse(newId(1));
      await expect(retentions.put(caller, nobody, { rawDays: 7 })).rejects.toMatchObject({ code: 'not-found' });
      for (const wish of [{}, { archiveDays: 20 }, { rawDays: 50, archiveDays: 40 }])
        await expect(retentions.put(caller, customer, wish)).rejects.toMatchObject({ code: 'bad-request' });
    });
  });
}
