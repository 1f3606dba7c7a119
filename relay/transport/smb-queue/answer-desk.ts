// Waits for the answers of jobs: one watch on the folder for all that are open, and a look at it from time to time in case the watch is deaf.
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import { fail, type Outcome } from '#shared/base/outcome.ts';
import { answerName } from './answer-text.ts';
import { DONE, type QueueShare } from './queue-share.ts';

// 2 s: servers may drop a notice when much happens, and file servers may give none; a poll is a minute apart.
const LOOK_EVERY_MS = 2_000;
// 8 looks in a row that found nothing, then 25 ms between two: a server that tells of changes without end must not keep us looking
// without end. An answer comes with four notices: made, written, renamed from and to.
const FREE_LOOKS = 8;
const LOOK_LEAST_MS = 25;

interface Waiter {
  maxBytes: number;
  settle: (answer: Outcome<Uint8Array>) => void;
}

export class AnswerDesk {
  readonly #share: QueueShare;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  readonly #waiters = new Map<string, Waiter>();
  #looking: Promise<void> | undefined;
  #wake: () => void = () => undefined;

  constructor(share: QueueShare, clock: Clock) {
    this.#share = share;
    this.#clock = clock;
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  /** The bytes of a job's answer; ends with `cancelled` when the signal does. */
  wait(job: string, maxBytes: number, signal: AbortSignal): Promise<Outcome<Uint8Array>> {
    return new Promise((resolve) => {
      const settle = (answer: Outcome<Uint8Array>) => {
        signal.removeEventListener('abort', onAbort);
        this.#waiters.delete(job);
        if (this.#waiters.size === 0) this.#wake();
        resolve(answer);
      };
      const onAbort = () => settle(fail('cancelled', 'stopped by us'));
      if (signal.aborted) return resolve(fail('cancelled', 'stopped by us'));
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiters.set(job, { maxBytes, settle });
      this.#startLooking();
    });
  }

  #startLooking(): void {
    this.#looking ??= this.#look()
      // Nobody awaits this: a fault of ours ends what waits, and not the process.
      .catch((error: unknown) =>
        this.#settleAll(fail('lost', `the answers could not be read: ${describeError(error).message}`)),
      )
      .finally(() => {
        this.#looking = undefined;
        // Who came while the others heard that the share is gone asks it anew.
        if (this.#waiters.size > 0 && !this.#closing.signal.aborted) this.#startLooking();
      });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#settleAll(fail('lost', 'the session was closed'));
    await this.#looking;
  }

  #settleAll(failure: Outcome<Uint8Array>): void {
    for (const { settle } of [...this.#waiters.values()]) settle(failure);
  }

  /** While anybody waits. The watch is set before the folder is read, so that nothing falls between. */
  async #look(): Promise<void> {
    using watch = this.#startWatch();
    let inVain = 0;
    while (this.#waiters.size > 0 && !this.#closing.signal.aborted) {
      const again = this.#clock.monotonic() + LOOK_LEAST_MS;
      const next = watch.next();
      const names = await this.#share.names(DONE, this.#closing.signal);
      if (!names.ok) return this.#settleAll(names);
      inVain = (await this.#takeOf(new Set(names.value))) ? 0 : inVain + 1;
      if (inVain === 0) continue;
      if (this.#waiters.size > 0) await this.#nextOf(next);
      const restMs = again - this.#clock.monotonic();
      if (restMs > 0 && inVain > FREE_LOOKS)
        await this.#clock.sleep(restMs, this.#closing.signal).catch(() => undefined); // closed: the loop ends
    }
  }

  /** True when one was there: then another may have come meanwhile. */
  async #takeOf(names: ReadonlySet<string>): Promise<boolean> {
    const there = [...this.#waiters].filter(([job]) => names.has(answerName(job)));
    for (const [job, { maxBytes, settle }] of there)
      settle(await this.#share.take(answerName(job), maxBytes, this.#closing.signal));
    return there.length > 0;
  }

  #startWatch(): Disposable & { next: () => Promise<void> } {
    const ended = new AbortController();
    const changes = this.#share.answers(AbortSignal.any([ended.signal, this.#closing.signal]));
    let asked: Promise<void> | undefined;
    let isDeaf = false;
    const next = () => {
      const heard = (isOver: boolean) => {
        isDeaf = isOver;
        asked = undefined;
      };
      asked ??= changes.next().then(
        ({ done }) => heard(done === true),
        () => heard(true), // the share says the same to whoever reads the folder
      );
      // A watch that ended says nothing more: then the clock alone wakes us.
      return isDeaf ? new Promise<void>(() => undefined) : asked;
    };
    return { next, [Symbol.dispose]: () => ended.abort() };
  }

  async #nextOf(changed: Promise<void>): Promise<void> {
    const ended = new AbortController();
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#closing.signal.addEventListener('abort', () => resolve(), { once: true, signal: ended.signal });
    });
    const late = this.#clock.sleep(LOOK_EVERY_MS, ended.signal).catch(() => undefined); // somebody else woke us
    await Promise.race([changed, woken, late]);
    ended.abort();
  }
}
