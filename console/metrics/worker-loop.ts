// The worker's side of its calls: queries run as they come, work one after the other and in slices.
import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { DayKeeper, DayStore } from '#shared/day-files/day-store.ts';
import type { Call, CallContext } from './worker-call.ts';
import type { FromWorker, ToWorker } from './worker-message.ts';

/** A query that comes meanwhile waits this long at most, and a piece of work: a page has 10 ms for all of its last day. */
const SLICE_MS = 10;
/** Work stands back for running queries this long, then has a slice: queries without end must not stop the sealing. */
const STAND_BACK_MS = 250;

/** Both of a MessagePort's ends, as far as they are used. */
export interface WorkerPort {
  postMessage(message: FromWorker, moves?: readonly ArrayBuffer[]): void;
  on(event: 'message', listener: (message: ToWorker) => void): unknown;
  close(): void;
}

export interface WorkerLoopDeps {
  port: WorkerPort;
  calls: Readonly<Record<string, Call<never, unknown>>>;
  store: DayStore & DayKeeper;
  folder: string;
  clock: Clock;
  /** Is done before any work that is asked; queries do not wait for it. Never throws. */
  first?: (context: CallContext) => Promise<void>;
}

/** Among what runs; the console's own calls begin at 1. */
const FIRST = 0;

export class WorkerLoop {
  readonly #deps: WorkerLoopDeps;
  readonly #running = new Map<number, AbortController>();
  #queries = 0;
  #sliceAt = 0;
  #lastWork: Promise<void> = Promise.resolve();

  constructor(deps: WorkerLoopDeps) {
    this.#deps = deps;
    this.#sliceAt = deps.clock.monotonic();
    deps.port.on('message', (message) => this.#take(message));
    deps.port.postMessage({ is: 'ready' });
    if (deps.first !== undefined) this.#lastWork = this.#first(deps.first);
  }

  async #first(run: (context: CallContext) => Promise<void>): Promise<void> {
    const abort = new AbortController();
    this.#running.set(FIRST, abort);
    await run(this.#contextOf('work', abort.signal));
    this.#running.delete(FIRST);
  }

  #take(message: ToWorker): void {
    if (message.is === 'stop') void this.#stop();
    else if (message.is === 'abort')
      this.#running.get(message.id)?.abort(new AppError('timed-out', 'nobody waits for this answer'));
    else this.#begin(message);
  }

  async #stop(): Promise<void> {
    const { port, store } = this.#deps;
    for (const running of this.#running.values())
      running.abort(new AppError('unavailable', 'the metrics worker is stopping'));
    await this.#lastWork;
    // A query that stands between two of its pieces ends at the next turn, before the store is closed under it.
    while (this.#queries > 0) await turn();
    store.stop();
    port.close();
  }

  #begin(message: Ask): void {
    const abort = new AbortController();
    this.#running.set(message.id, abort);
    const call = Object.hasOwn(this.#deps.calls, message.name) ? this.#deps.calls[message.name] : undefined;
    if (call?.kind === 'work') this.#lastWork = this.#lastWork.then(() => this.#run(message, call, abort.signal));
    else void this.#query(message, call, abort.signal);
  }

  async #query(message: Ask, call: Call<never, unknown> | undefined, signal: AbortSignal): Promise<void> {
    this.#queries += 1;
    await this.#run(message, call, signal);
    this.#queries -= 1;
  }

  /** Answers in any case; never throws. */
  async #run({ id, name, ask }: Ask, call: Call<never, unknown> | undefined, signal: AbortSignal): Promise<void> {
    const { port } = this.#deps;
    try {
      if (call === undefined) throw new AppError('not-found', `the metrics worker knows no call "${name}"`);
      signal.throwIfAborted();
      // What is asked fits the call: the asker's type says so.
      const answer = await call.run(ask as never, this.#contextOf(call.kind, signal));
      const moves = call.moves?.(answer as never) ?? []; // the call's own answer
      port.postMessage({ is: 'answer', id, answer }, moves);
    } catch (error) {
      port.postMessage({ is: 'failure', id, ...describeError(error) });
    } finally {
      this.#running.delete(id);
    }
  }

  #contextOf(kind: 'query' | 'work', signal: AbortSignal): CallContext {
    const { store, folder } = this.#deps;
    return { store, folder, signal, giveWay: () => this.#giveWay(kind, signal) };
  }

  async #giveWay(kind: 'query' | 'work', signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    const now = clock.monotonic();
    if (now - this.#sliceAt >= SLICE_MS) {
      // Two turns: one lets messages in, the next what they began.
      await turn();
      if (kind === 'work') while (this.#queries > 0 && clock.monotonic() - now < STAND_BACK_MS) await turn();
      this.#sliceAt = clock.monotonic();
    }
    signal.throwIfAborted();
  }
}

type Ask = Extract<ToWorker, { is: 'ask' }>;
