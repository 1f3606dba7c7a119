// Answers the console's questions about the past, one at a time, and only while nothing urgent or live waits for the line.
import type { Clock } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { ChunksMessage, HistoryMessage } from '#shared/protocol/history.ts';
import type { Logger } from '#shared/runtime/logger.ts';

type Question = Exclude<HistoryMessage, { kind: 'got' }>;

/** A console asks one after the other, and for three charts besides; more would only grow old here. */
const MAX_WAITING = 8;
/** The line has no event for "free": asking 40 times a second costs nothing, and a chart's answer waits no longer than it has to. */
const LOOK_MS = 25;
/** By then whoever asked has given up. */
const WAIT_MS = 30_000;

export interface HistoryDeskDeps {
  clock: Clock;
  log: Logger;
  /** What is kept, of at most so many bytes in one answer. Throws where nothing can be read. */
  answer: (question: Question, maxBytes: number) => ChunksMessage;
  /** Bytes that may go now; 0 while others wait. */
  room: () => number;
  tell: (message: ChunksMessage) => boolean;
}

export class HistoryDesk {
  readonly #deps: HistoryDeskDeps;
  readonly #stopping = new AbortController();
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(deps: HistoryDeskDeps) {
    this.#deps = deps;
  }

  /** Never rejects. */
  async receive(question: HistoryMessage): Promise<void> {
    if (question.kind === 'got') return;
    if (this.#waiting >= MAX_WAITING) {
      this.#refuse(
        question,
        new AppError('rate-limited', `${MAX_WAITING} questions about the past are waiting already`),
      );
      return;
    }
    this.#waiting += 1;
    this.#last = this.#last.then(() => this.#serve(question)).finally(() => (this.#waiting -= 1));
    await this.#last;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#last;
  }

  async #serve(question: Question): Promise<void> {
    try {
      const room = await this.#roomOnTheLine();
      if (room === 0) return;
      const asked = question.kind === 'chunks' ? question.maxBytes : room;
      this.#deps.tell(this.#deps.answer(question, Math.min(asked, room)));
    } catch (error) {
      this.#deps.log.warn(describeError(error), 'a question about the past could not be answered');
      this.#refuse(question, error);
    }
  }

  /** 0 when there was none in time. */
  async #roomOnTheLine(): Promise<number> {
    const { clock, room } = this.#deps;
    const begin = clock.monotonic();
    for (let free = room(); ; free = room()) {
      if (free > 0) return free;
      if (this.#stopping.signal.aborted || clock.monotonic() - begin > WAIT_MS) return 0;
      await clock.sleep(LOOK_MS, this.#stopping.signal).catch(() => undefined); // stopping
    }
  }

  #refuse({ ask }: Question, error: unknown): void {
    const { code, message } = describeError(error);
    this.#deps.tell({ kind: 'refusal', ask, code, message: message.slice(0, 1_000) });
  }
}
