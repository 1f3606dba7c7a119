// The console's own jobs: each runs once at a time, leaves a row of what it did, and is caught up on after a time without a console.
import { by, type Caller } from '#console/access/can.ts';
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import { storedText } from '#console/store/stored-text.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import { newId, type RandomBytes } from '#shared/base/id.ts';
import type { Job, JobName, JobRun, JobState } from '#shared/contract/maintenance-contract.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import * as repository from './job-repository.ts';
import { describeTime, type JobTime, lastDue, nextDue } from './schedule-time.ts';

/** What came of a run, in one sentence. */
export interface JobResult {
  state: 'ok' | 'skipped';
  detail: string;
}

export interface JobPlan {
  name: JobName;
  summary: string;
  time: JobTime;
  enabled: boolean;
  /** Ends early, whole or not at all, when the signal says so. */
  work: (signal: AbortSignal) => Promise<JobResult>;
}

// Once or twice a day: three months of each job.
const KEPT_RUNS = 100;
const MAX_DETAIL = 1_000;

interface JobsDeps {
  store: Store;
  audit: Audit;
  clock: Clock;
  random: RandomBytes;
  log: Logger;
  plans: readonly JobPlan[];
}

export class Jobs {
  readonly plans: readonly JobPlan[];
  #deps: JobsDeps;
  #running = new Map<JobName, Promise<void>>();
  #stopping = new AbortController();

  constructor(deps: JobsDeps) {
    this.plans = deps.plans;
    this.#deps = deps;
  }

  /** Before the first run: what a console before this one left running reads as stopped. */
  async recover(): Promise<void> {
    const { store, clock, log } = this.#deps;
    const left = await store.transaction((tx) =>
      repository.endLeftRuns(tx, clock.now(), 'the console ended while it ran'),
    );
    if (left > 0) log.warn({ left }, 'jobs had not ended when the console did');
  }

  /** Enabled jobs that were due since they last began, and did not run: each is due once, however often it was missed. */
  async missed(): Promise<JobName[]> {
    const { store, clock } = this.#deps;
    const names: JobName[] = [];
    for (const { name, time, enabled } of this.plans) {
      if (!enabled) continue;
      const last = await repository.lastRun(store.db, name);
      // A console that never ran it has missed nothing: its first time comes.
      if (last !== undefined && last.startedAt < lastDue(time, clock.now())) names.push(name);
    }
    return names;
  }

  async list(): Promise<Job[]> {
    const { store, clock } = this.#deps;
    const jobs: Job[] = [];
    for (const { name, summary, time, enabled } of this.plans) {
      const last = await repository.lastRun(store.db, name);
      jobs.push({
        ...{ name, summary, schedule: describeTime(time), enabled },
        lastRun: last === undefined ? null : withoutJob(last),
        nextAt: enabled ? nextDue(time, clock.now()) : null,
      });
    }
    return jobs;
  }

  runs(job: JobName | undefined, limit: number): Promise<repository.NamedRun[]> {
    return repository.listRuns(this.#deps.store.db, job, limit);
  }

  /** Begins a run; `ended` resolves when it is over, and never rejects. Throws `conflict` while one of the same job runs. */
  async begin(name: JobName, caller?: Caller): Promise<{ run: JobRun; ended: Promise<void> }> {
    const { store, clock, random, audit } = this.#deps;
    const plan = this.plans.find((one) => one.name === name);
    if (plan === undefined) throw new AppError('not-found', `no job ${name}`);
    if (this.#stopping.signal.aborted) throw new AppError('unavailable', `job ${name}: the console is stopping`);
    if (this.#running.has(name)) throw busy(name);
    const startedAt = clock.now();
    const id = newId(startedAt, random);
    // Held from here on: who asks while the row is written meets it too.
    const { promise: ended, resolve } = withResolvers();
    this.#running.set(name, ended);
    const leave = () => {
      this.#running.delete(name);
      resolve();
    };
    try {
      await store.transaction(async (tx) => {
        if (!(await repository.insertRun(tx, { id, job: name, startedAt }))) throw busy(name);
        if (caller === undefined) return;
        const row = { verb: 'job.run', resource: `job:${name}`, outcome: 'ok' as const };
        await audit.append(tx, { ...by(caller), ...row });
      });
    } catch (error) {
      leave();
      throw error;
    }
    void this.#work(plan, id).finally(leave);
    return { run: { id, startedAt, endedAt: null, state: 'running', detail: '' }, ended };
  }

  async #work(plan: JobPlan, id: string): Promise<void> {
    const { log } = this.#deps;
    const { state, detail } = await outcomeOf(plan, this.#stopping.signal);
    if (state === 'failed') log.error({ job: plan.name, detail }, 'a job failed');
    else log.info({ job: plan.name, state, detail }, 'a job ended');
    try {
      await this.#end(plan.name, id, state, detail);
    } catch (error) {
      // The row reads as stopped after the next start.
      log.error({ job: plan.name, ...describeError(error) }, 'the end of a job could not be stored');
    }
  }

  async #end(job: JobName, id: string, state: JobState, detail: string): Promise<void> {
    const { store, clock } = this.#deps;
    await store.transaction(async (tx) => {
      await repository.endRun(tx, id, { endedAt: clock.now(), state, detail: storedText(detail, MAX_DETAIL) });
      await repository.trimRuns(tx, job, KEPT_RUNS);
    });
  }

  /** Runs are told to end, and waited for. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running.values());
  }
}

async function outcomeOf(plan: JobPlan, signal: AbortSignal): Promise<{ state: JobState; detail: string }> {
  try {
    return await plan.work(signal);
  } catch (error) {
    if (signal.aborted) return { state: 'stopped', detail: 'the console ended while it ran' };
    return { state: 'failed', detail: describeError(error).message };
  }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const withoutJob = ({ job: _job, ...run }: repository.NamedRun): JobRun => run;

const busy = (name: JobName) => new AppError('conflict', `job ${name} runs already`);
