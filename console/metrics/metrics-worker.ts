// The console's side of the metrics worker: typed calls, and a thread that is started again when it dies.
import type { Worker } from 'node:worker_threads';
import { backoffMs } from '#shared/base/backoff.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { AnswerOf, AskOf, CallName } from './worker-calls.ts';
import type { FromWorker, ToWorker } from './worker-message.ts';
import { startWorkerThread } from './worker-thread.ts';

/** A worker that dies at once again is asked less and less often; a minute is soon enough for hours that wait on disk. */
const RESTART = { baseMs: 500, capMs: 60_000 };
/** Calls that wait for an answer: each browser asks a few at a time. At the bound a caller is told so. */
const MAX_WAITING = 2_000;
/** A piece of work ends within a slice, closing the files takes a checkpoint each: what takes longer is ended hard, and is whole on disk. */
const STOP_MS = 2_000;

export interface MetricsWorkerDeps {
  /** Of the day files. */
  folder: string;
  clock: Clock;
  random: () => number;
  log: Logger;
  /** Starts another thread in tests of its failures. */
  start?: (start: { folder: string }) => Thread;
}

/** What is used of a Worker. */
export type Thread = Pick<Worker, 'postMessage' | 'on' | 'terminate'>;

export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** Buffers of the ask that move to the worker in place of being copied. */
  moves?: ArrayBuffer[];
}

interface Waiting {
  resolve: (answer: unknown) => void;
  reject: (error: unknown) => void;
}

export class MetricsWorker {
  readonly #deps: MetricsWorkerDeps;
  readonly #waiting = new Map<number, Waiting>();
  readonly #stopping = new AbortController();
  #thread: Thread | undefined;
  #lastId = 0;
  /** Since the last answer: how long the pause before the next start is. */
  #deathsInTurn = 0;
  #deaths = 0;
  #exited: Promise<void> = Promise.resolve();

  constructor(deps: MetricsWorkerDeps) {
    this.#deps = deps;
    this.#start();
  }

  /** Threads that died since the start of the console. */
  get deaths(): number {
    return this.#deaths;
  }

  /**
   * Rejects with what the call threw, under its code; with `unavailable` when the worker dies or is not there. What was asked
   * may have happened in that case, so only calls that may come twice are worth a second try.
   */
  call<N extends CallName>(name: N, ask: AskOf<N>, options: CallOptions = {}): Promise<AnswerOf<N>> {
    const { signal, moves = [] } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const thread = this.#thread;
      if (thread === undefined) return reject(new AppError('unavailable', 'the metrics worker is not running'));
      if (this.#waiting.size >= MAX_WAITING)
        return reject(new AppError('rate-limited', 'too many questions about metrics at a time'));
      this.#lastId += 1;
      const id = this.#lastId;
      const onAbort = () => {
        if (!this.#waiting.delete(id)) return;
        this.#tell(thread, { is: 'abort', id });
        reject(signal?.reason);
      };
      const settled = () => signal?.removeEventListener('abort', onAbort);
      this.#waiting.set(id, {
        resolve: (answer) => {
          settled();
          resolve(answer as AnswerOf<N>); // the worker's answer to this very call
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#tell(thread, { is: 'ask', id, name, ask }, moves);
    });
  }

  /** Lets the piece of work in hand end, closes the files; everything that waits is refused. */
  async stop(): Promise<void> {
    const { clock } = this.#deps;
    this.#stopping.abort(new AppError('unavailable', 'the console is stopping'));
    const thread = this.#thread;
    if (thread !== undefined) {
      this.#tell(thread, { is: 'stop' });
      const done = new AbortController();
      const late = clock.sleep(STOP_MS, done.signal).then(
        () => thread.terminate(),
        () => undefined, // it exited in time
      );
      await this.#exited;
      done.abort();
      await late;
    }
    this.#refuseAll('the console is stopping');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #tell(thread: Thread, message: ToWorker, moves: readonly ArrayBuffer[] = []): void {
    thread.postMessage(message, [...moves]);
  }

  #start(): void {
    const { folder, log, start = startWorkerThread } = this.#deps;
    const thread = start({ folder });
    this.#thread = thread;
    let cause: unknown;
    this.#exited = new Promise((resolve) => {
      thread.on('error', (error) => {
        cause = error;
      });
      thread.on('exit', (code) => {
        resolve();
        this.#ended(code, cause);
      });
    });
    // Our own program's words.
    thread.on('message', (message) => this.#heard(message as FromWorker));
    log.debug({ folder }, 'the metrics worker is started');
  }

  #heard(message: FromWorker): void {
    if (message.is === 'ready') return;
    if (message.is === 'damage') {
      this.#deps.log.error({ damage: message.text }, 'a file of past days is damaged');
      return;
    }
    const waiting = this.#waiting.get(message.id);
    // Aborted meanwhile.
    if (waiting === undefined) return;
    this.#waiting.delete(message.id);
    if (message.is === 'answer') {
      this.#deathsInTurn = 0;
      waiting.resolve(message.answer);
    } else waiting.reject(new AppError(message.code, message.message));
  }

  #ended(code: number, cause: unknown): void {
    this.#thread = undefined;
    this.#refuseAll('the metrics worker ended');
    if (this.#stopping.signal.aborted) return;
    const { clock, random, log } = this.#deps;
    const waitMs = backoffMs(this.#deathsInTurn, { ...RESTART, random });
    this.#deathsInTurn += 1;
    this.#deaths += 1;
    log.error({ exit: code, ...describeError(cause), againInMs: waitMs }, 'the metrics worker ended');
    clock.sleep(waitMs, this.#stopping.signal).then(
      () => this.#start(),
      () => undefined, // stopping
    );
  }

  #refuseAll(why: string): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const one of waiting) one.reject(new AppError('unavailable', why));
  }
}
