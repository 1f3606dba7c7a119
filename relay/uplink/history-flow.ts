// How much of the relay's history may be on the line: one answer at a time, as large as the line carries without anybody waiting for it.
import type { Clock } from '#shared/base/clock.ts';
import { MAX_CHUNKS_BYTES } from '#shared/protocol/history.ts';
import { BulkWindow } from './bulk-window.ts';

/** A console that says nothing of an answer has lost it, or is of a mind not to: then another may go. */
const FORGET_MS = 10_000;

export class HistoryFlow {
  readonly #clock: Clock;
  readonly #window = new BulkWindow();
  #flight: { ask: number; bytes: number; at: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Bytes that may go now; 0 while an answer is on its way. */
  get room(): number {
    const flight = this.#flight;
    if (flight !== undefined && this.#clock.monotonic() - flight.at < FORGET_MS) return 0;
    return this.#window.bytes;
  }

  sent(ask: number, bytes: number): void {
    this.#flight = { ask, bytes, at: this.#clock.monotonic() };
  }

  /** The answer has arrived: how long it took says how large the next may be. */
  got(ask: number): void {
    const flight = this.#flight;
    if (flight === undefined || flight.ask !== ask) return;
    this.#flight = undefined;
    const now = this.#clock.monotonic();
    const { bytes, at } = flight;
    this.#window.onAck({ latencyMs: now - at, ahead: bytes, acked: bytes, now, maxBytes: MAX_CHUNKS_BYTES });
  }

  /** What an answer on its way may take on this line; a pong waits behind it. */
  allowanceMs(): number {
    return this.#flight === undefined ? 0 : this.#window.allowanceMs(this.#flight.bytes);
  }
}
