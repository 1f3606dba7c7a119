// Asks relays what they keep of their sites' past, and hands each answer to whoever waits for it: in bounds, in time, never to another.
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { RelayId } from '#shared/base/id.ts';
import { inert } from '#shared/base/inert-text.ts';
import { type ChunksMessage, HISTORY_PROTOCOL, type HistoryMessage } from '#shared/protocol/history.ts';
import type { LinkRegistry } from './link-registry.ts';

/** A relay answers one after the other: three charts and the refill; more would only wait there. */
const MAX_WAITING = 4;

type Question = Exclude<HistoryMessage, { kind: 'got' }>;
type WithoutAsk<T> = T extends unknown ? Omit<T, 'ask'> : never;
export type HistoryQuestion = WithoutAsk<Question>;
export type HistoryAnswer<K extends Question['kind']> = Extract<ChunksMessage, { kind: K }>;

interface Waiter {
  onAnswer: (answer: ChunksMessage) => void;
  onError: (error: AppError) => void;
}

export interface HistoryDeskDeps {
  clock: Clock;
  registry: Pick<LinkRegistry, 'get'>;
}

export interface AskBounds {
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

export class HistoryDesk {
  readonly #deps: HistoryDeskDeps;
  readonly #waiting = new Map<RelayId, Map<number, Waiter>>();
  #asked = 0;

  constructor(deps: HistoryDeskDeps) {
    this.#deps = deps;
  }

  /** Linked, and of a release that keeps a history. */
  canAsk(relay: RelayId): boolean {
    return (this.#deps.registry.get(relay)?.stats.proto ?? 0) >= HISTORY_PROTOCOL;
  }

  /** Throws `unavailable` without a relay that can answer, `rate-limited`, `timed-out`, or the relay's own refusal. */
  async ask<Q extends HistoryQuestion>(
    relay: RelayId,
    question: Q,
    { timeoutMs, signal }: AskBounds,
  ): Promise<HistoryAnswer<Q['kind']>> {
    if (!this.canAsk(relay))
      throw new AppError('unavailable', `relay ${relay} is away, or keeps no history: update it`);
    const waiting = this.#waiting.get(relay) ?? new Map<number, Waiter>();
    this.#waiting.set(relay, waiting);
    if (waiting.size >= MAX_WAITING)
      throw new AppError(
        'rate-limited',
        `relay ${relay}: ${MAX_WAITING} questions about its history are waiting already`,
      );
    this.#asked += 1;
    const ask = this.#asked;
    const over = new AbortController();
    try {
      const answer = new Promise<ChunksMessage>((onAnswer, onError) => waiting.set(ask, { onAnswer, onError }));
      const late = this.#deadline(relay, timeoutMs, AbortSignal.any([over.signal, ...(signal ? [signal] : [])]));
      // Question and number make a message of the union again; the compiler does not see through the spread.
      if (this.#deps.registry.get(relay)?.send('HISTORY', { ...question, ask } as HistoryMessage) !== true)
        throw new AppError('unavailable', `relay ${relay}: the link closed before it could be asked`);
      const said = await Promise.race([answer, late]);
      if (said.kind === 'refusal') throw new AppError(said.code, inert(said.message));
      if (said.kind !== question.kind)
        throw new AppError('frame-unexpected', `relay ${relay}: ${said.kind} is no answer to ${question.kind}`);
      return said as HistoryAnswer<Q['kind']>; // of the kind that was asked for, by the line above
    } finally {
      over.abort();
      waiting.delete(ask);
      if (waiting.size === 0) this.#waiting.delete(relay);
    }
  }

  /** An answer nobody waits for (any more) is nobody's; the relay hears of its arrival all the same. */
  answered(relay: RelayId, answer: ChunksMessage): void {
    this.#deps.registry.get(relay)?.send('HISTORY', { kind: 'got', ask: answer.ask });
    this.#waiting.get(relay)?.get(answer.ask)?.onAnswer(answer);
  }

  /** The relay is gone, and no answer will come. */
  forget(relay: RelayId): void {
    for (const { onError } of this.#waiting.get(relay)?.values() ?? [])
      onError(new AppError('unavailable', `relay ${relay}: the link closed before it answered`));
  }

  /** Only ever rejects, and once the question is settled that is nobody's news. */
  #deadline(relay: RelayId, timeoutMs: number, signal: AbortSignal): Promise<never> {
    const late = this.#deps.clock.sleep(timeoutMs, signal).then(
      () => {
        throw new AppError(
          'timed-out',
          `relay ${relay} did not answer about its history within ${timeoutMs / 1_000} s`,
        );
      },
      () => {
        throw new AppError('unavailable', 'nobody waits for this answer any more');
      },
    );
    late.catch(() => undefined);
    return late;
  }
}
