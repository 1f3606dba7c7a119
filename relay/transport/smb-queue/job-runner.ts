// One job from its file to its answer: left on the share, claimed by the device or taken back, waited for, stopped, read.
import type { JobKey } from '#relay/pin/job-key.ts';
import { startDeadline } from '#relay/transport/deadline.ts';
import type { Clock } from '#shared/base/clock.ts';
import { newId, type RandomBytes } from '#shared/base/id.ts';
import { fail, type Outcome } from '#shared/base/outcome.ts';
import { AnswerDesk } from './answer-desk.ts';
import { type Answer, maxAnswerBytes, openAnswer } from './answer-text.ts';
import { type JobStatement, jobName, jobText } from './job-text.ts';
import type { QueueShare } from './queue-share.ts';

export interface JobRunnerDeps {
  clock: Clock;
  random: RandomBytes;
  key: JobKey;
  share: QueueShare;
  /** Names the device in messages. */
  name: string;
}

/** What is asked of a device; the runner adds what every job has. */
export interface JobAsk
  extends Pick<JobStatement, 'kind' | 'lane' | 'order' | 'device' | 'timeoutMs' | 'maxOutputBytes' | 'keepTruncated'> {
  script: string;
  /** The key that must sign the answer; undefined where the device is asked who it is. */
  fingerprint?: string | undefined;
}

// 30 s: a device looks every 2 s, and a poll before it may take 10; longer means that its task does not run.
const PICKUP_MS = 30_000;
// 5 min: so far a device's clock may be off before its jobs read as early or expired; the directory's own bound (Kerberos).
const SKEW_MS = 5 * 60_000;
// 15 s: PowerShell is started and ended, the answer written, on a loaded device.
const GRACE_MS = 15_000;
// 8 s: the device looks for a stop four times a second, ends a tree of processes and answers.
const STOP_MS = 8_000;
// 10 s: files are moved; what takes longer is no working share.
const TIDY_MS = 10_000;
// 16: polls, inventory and an order at once are four; more is a fault of ours.
const MAX_OPEN = 16;

type Left = { id: string; name: string; ask: JobAsk };

export class JobRunner {
  readonly #deps: JobRunnerDeps;
  readonly #desk: AnswerDesk;

  constructor(deps: JobRunnerDeps) {
    this.#deps = deps;
    this.#desk = new AnswerDesk(deps.share, deps.clock);
  }

  async run(ask: JobAsk, signal: AbortSignal): Promise<Outcome<Answer>> {
    const { clock, random, key, share, name } = this.#deps;
    if (signal.aborted) return fail('cancelled', `${name}: stopped before it began`);
    if (this.#desk.waiting >= MAX_OPEN) return fail('refused', `${name}: ${MAX_OPEN} jobs wait for its answer already`);
    const now = clock.now();
    const id = newId(now, random);
    const { script, fingerprint: _, ...stated } = ask;
    const times = { notBefore: now - SKEW_MS, expiresAt: now + PICKUP_MS + SKEW_MS };
    const file = jobName({ id, lane: ask.lane });
    const put = await share.put(file, jobText({ ...stated, id, ...times }, script, key), signal);
    return put.ok ? this.#answerOf({ id, name: file, ask }, signal) : fail(put.reason, `${name}: ${put.detail}`);
  }

  close(): Promise<void> {
    return this.#desk.close();
  }

  async #answerOf(left: Left, signal: AbortSignal): Promise<Outcome<Answer>> {
    const { clock } = this.#deps;
    const maxBytes = maxAnswerBytes(left.ask.maxOutputBytes);
    const ended = new AbortController();
    const answer = this.#desk.wait(left.id, maxBytes, ended.signal);
    try {
      using pickup = startDeadline(clock, PICKUP_MS, signal);
      const soon = await first(answer, pickup.signal);
      if (soon !== undefined) return this.#opened(soon, left);
      const isBack = await this.#takeBack(left);
      if (isBack !== undefined) return signal.aborted ? this.#cancelled() : isBack;
      using whole = startDeadline(clock, left.ask.timeoutMs + GRACE_MS, signal);
      const late = await first(answer, whole.signal);
      return late === undefined ? await this.#stop(left, answer, signal) : this.#opened(late, left);
    } finally {
      ended.abort();
    }
  }

  /** Nobody claimed it: then it did not run and never will. Undefined: the device has it. */
  async #takeBack(left: Left): Promise<Outcome<Answer> | undefined> {
    const { clock, share, name } = this.#deps;
    using tidy = startDeadline(clock, TIDY_MS, new AbortController().signal);
    const back = await share.withdraw(left.name, tidy.signal);
    if (!back.ok) return fail(back.reason, `${name}: ${back.detail}`);
    if (back.value === 'gone') return undefined;
    const why = `nothing took the job within ${PICKUP_MS / 1_000} s: its scheduled task "RMM Queue" does not run`;
    return fail('timed-out', `${name}: ${why}`);
  }

  /** Claimed, and its time is up or nobody wants it any more. */
  async #stop(left: Left, answer: Promise<Outcome<Uint8Array>>, signal: AbortSignal): Promise<Outcome<Answer>> {
    const { clock, share, name } = this.#deps;
    const wasCancelled = signal.aborted;
    using deadline = startDeadline(clock, STOP_MS, new AbortController().signal);
    await share.askToStop(left.id, deadline.signal);
    const last = await first(answer, deadline.signal);
    if (last !== undefined && !wasCancelled) return this.#opened(last, left);
    const tail = last === undefined ? '; its end is not confirmed' : '';
    const why = wasCancelled ? 'stopped by us' : `no end within ${left.ask.timeoutMs} ms`;
    return fail(wasCancelled ? 'cancelled' : 'timed-out', `${name}: ${why}${tail}`);
  }

  #cancelled(): Outcome<Answer> {
    return fail('cancelled', `${this.#deps.name}: stopped by us`);
  }

  #opened(bytes: Outcome<Uint8Array>, { id, ask }: Left): Outcome<Answer> {
    const { maxOutputBytes, fingerprint } = ask;
    const answer = bytes.ok ? openAnswer(bytes.value, { job: id, maxOutputBytes, fingerprint }) : bytes;
    return answer.ok ? answer : fail(answer.reason, `${this.#deps.name}: ${answer.detail}`);
  }
}

/** The value, or undefined when the signal aborts first. */
function first<T>(value: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const onAbort = () => resolve(undefined);
    signal.addEventListener('abort', onAbort, { once: true });
    value.then(
      (one) => {
        signal.removeEventListener('abort', onAbort);
        resolve(one);
      },
      (error: unknown) => reject(error as Error), // as it came
    );
  });
}
