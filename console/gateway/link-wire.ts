// The life of one connection below the protocol: frames out, pings, the brake on floods, counters, and one end.
import type { Clock } from '#shared/base/clock.ts';
import { AppError, type ErrorCode } from '#shared/base/errors.ts';
import type { Frame, FrameOf, MessageType } from '#shared/protocol/frame.ts';
import { encodeFrame } from '#shared/protocol/wire-codec.ts';
import { FrameBudget } from './frame-budget.ts';
import { CLOSE_LEAVING, CLOSE_REFUSED, type LinkSocket } from './link-socket.ts';

const PING_MS = 10_000;
/** Two missed pings and one slow network. */
const SILENCE_MS = 25_000;
/** A relay that stops reading: more than a roster, a charter and a command together. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

export class LinkWire {
  readonly budget: FrameBudget;
  readonly #socket: LinkSocket;
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  readonly #over = new AbortController();
  #frames = 0;
  #bytesIn = 0;
  #bytesOut = 0;
  #heardAt: number;
  #pingedAt: number | undefined;
  #rttMs: number | undefined;
  #isBraked = false;

  constructor(deps: { socket: LinkSocket; clock: Clock; onEnd: () => void }) {
    this.#socket = deps.socket;
    this.#clock = deps.clock;
    this.#onEnd = deps.onEnd;
    this.#heardAt = deps.clock.monotonic();
    this.budget = new FrameBudget(deps.clock);
  }

  get isOver(): boolean {
    return this.#over.signal.aborted;
  }

  /** Aborts when the connection is over. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  get silenceMs(): number {
    return this.#clock.monotonic() - this.#heardAt;
  }

  get counters(): { rttMs: number | undefined; bytesIn: number; bytesOut: number; badFrames: number } {
    return { rttMs: this.#rttMs, bytesIn: this.#bytesIn, bytesOut: this.#bytesOut, badFrames: this.budget.bad };
  }

  /** Pings until the connection is over; a silent peer ends it. */
  async keepAlive(): Promise<void> {
    while (!this.isOver) {
      await this.#clock.sleep(PING_MS, this.signal).catch(() => undefined); // only the signal rejects a sleep
      if (this.isOver) return;
      if (this.silenceMs > SILENCE_MS) this.end(CLOSE_LEAVING, 'silent');
      this.ping();
    }
  }

  ping(): void {
    this.#pingedAt = this.#clock.monotonic();
    this.#socket.ping();
  }

  /** False when the link is over, or ends because the peer does not read. */
  send<T extends MessageType>(type: T, body: FrameOf<T>['body']): boolean {
    if (this.isOver) return false;
    this.#frames += 1;
    // The pair is a Frame by the type parameter; the compiler does not see through the union.
    const bytes = encodeFrame({ id: this.#frames, type, body } as Frame);
    if (this.#socket.bufferedBytes + bytes.length > MAX_BUFFERED_BYTES) {
      this.end(CLOSE_REFUSED, 'timed-out');
      return false;
    }
    this.#bytesOut += bytes.length;
    this.#socket.send(bytes);
    return true;
  }

  fault(code: ErrorCode, message: string, refusedType?: string): void {
    const text = message.slice(0, 1_000);
    this.send('FAULT', { code, message: text, ...(refusedType === undefined ? {} : { refusedType }) });
  }

  /** Counts a message; a flood of them then waits in the network, where it slows nobody else. */
  received(bytes: number): void {
    this.#heardAt = this.#clock.monotonic();
    this.#bytesIn += bytes;
    const waitMs = this.budget.take();
    if (waitMs === 0 || this.#isBraked) return;
    this.#isBraked = true;
    this.#socket.pause();
    this.#clock.sleep(waitMs, this.signal).then(
      () => {
        this.#isBraked = false;
        this.#socket.resume();
      },
      () => undefined, // the link ended
    );
  }

  pong(): void {
    this.#heardAt = this.#clock.monotonic();
    if (this.#pingedAt !== undefined) this.#rttMs = this.#heardAt - this.#pingedAt;
    this.#pingedAt = undefined;
  }

  /** Closes the socket, unless it is over. */
  end(code: number, reason: string): void {
    if (this.isOver) return;
    this.#socket.close(code, reason);
    this.ended();
  }

  /** The socket is closed. */
  ended(): void {
    if (this.isOver) return;
    this.#over.abort(new AppError('unavailable', 'the link is over'));
    this.#onEnd();
  }
}
