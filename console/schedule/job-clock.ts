// The clock of the jobs, by bree: each is started when it is due, and one that was missed while no console ran is started once.
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import Bree from 'bree';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { JobName } from '#shared/contract/maintenance-contract.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { JobPlan, Jobs } from './jobs.ts';
import { type JobTime, minutesOf, WEEKDAYS } from './schedule-time.ts';

interface ClockDeps {
  jobs: Pick<Jobs, 'plans' | 'begin' | 'missed' | 'stop'>;
  log: Logger;
}

/** What bree takes for a worker: a run of ours, which starts threads of its own where its work is heavy. */
class RunAsWorker extends EventEmitter {
  readonly threadId = 0;

  constructor(run: () => Promise<void>) {
    super();
    // bree listens once it has it.
    setImmediate(() => void run().finally(() => this.emit('exit', 0)));
  }

  /** bree asks for an end by this; the jobs are told to stop by themselves. */
  postMessage(): void {}

  terminate(): Promise<number> {
    return Promise.resolve(0);
  }
}

function openBree(options: Bree.BreeOptions, start: (name: string) => Promise<void>): Bree {
  const bree = new Bree(options);
  bree.createWorker = (_file, { workerData }) => {
    const name: string = workerData?.job?.name ?? '';
    // bree uses of a worker what RunAsWorker has: on, once, removeAllListeners, postMessage, terminate and threadId.
    return new RunAsWorker(() => start(name)) as unknown as Worker;
  };
  return bree;
}

/** later's form of a time of the day, and of the week: Sunday is its first day. */
function laterOf(time: JobTime) {
  const { hour, minute } = minutesOf(time);
  const on = time.on === 'day' ? {} : { d: [WEEKDAYS.indexOf(time.on) + 1] };
  return { schedules: [{ ...on, h: [hour], m: [minute] }], exceptions: [] };
}

// A whole path that bree does not take for text to evaluate, whatever characters are in it: `eval` is said to be false.
const optionsOf = ({ name, time }: JobPlan) => ({
  name,
  path: fileURLToPath(import.meta.url),
  interval: laterOf(time),
  timeout: false as const,
  worker: { eval: false },
});

export class JobClock {
  readonly #deps: ClockDeps;
  readonly #bree: Bree;

  constructor(deps: ClockDeps) {
    this.#deps = deps;
    this.#bree = openBree(
      {
        root: false,
        logger: false,
        timezone: 'UTC',
        jobs: deps.jobs.plans.filter(({ enabled }) => enabled).map(optionsOf),
      },
      (name) => this.#run(name),
    );
  }

  /** Waits for nothing: what was missed runs one after the other, so that a start after a week away is no rush. */
  async start(): Promise<void> {
    const missed = await this.#deps.jobs.missed();
    await this.#bree.start();
    void this.#catchUp(missed);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#deps.jobs.stop(), this.#bree.stop()]);
  }

  async #catchUp(missed: readonly JobName[]): Promise<void> {
    for (const name of missed) await this.#run(name);
  }

  /** Never rejects. */
  async #run(name: string): Promise<void> {
    const { jobs, log } = this.#deps;
    try {
      const plan = jobs.plans.find((one) => one.name === name);
      if (plan !== undefined) await (await jobs.begin(plan.name)).ended;
    } catch (error) {
      // Somebody has just started it by hand, or the console is stopping.
      if (error instanceof AppError && (error.code === 'conflict' || error.code === 'unavailable')) return;
      log.error({ job: name, ...describeError(error) }, 'a job could not be started');
    }
  }
}
