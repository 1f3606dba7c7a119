// Collects watermarks into few ACKs: one for eight batches or fifty milliseconds.
import type { Clock } from '#shared/base/clock.ts';
import type { Ack } from '#shared/protocol/batch.ts';
import type { Watermark } from '#shared/protocol/lane.ts';

/** Half of a relay's patience for a free credit on a LAN; at 64 credits it never waits for one. */
const MAX_BATCHES = 8;
const MAX_WAIT_MS = 50;

export class AckBuffer {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #send: (ack: Ack) => void;
  /** Every lane's last word, sent or not: a new pace needs a lane to travel with. */
  readonly #known = new Map<number, Watermark>();
  readonly #waiting = new Map<number, Watermark>();
  #batches = 0;
  #isTimed = false;

  constructor(deps: { clock: Clock; signal: AbortSignal; send: (ack: Ack) => void }) {
    this.#clock = deps.clock;
    this.#signal = deps.signal;
    this.#send = deps.send;
  }

  /** What WELCOME said. */
  begin(lanes: readonly Watermark[]): void {
    for (const mark of lanes) this.#known.set(mark.lane, mark);
  }

  /** A batch or gap of the lane is stored, or an hour of it is sealed. */
  add({ lane, received, durable }: Watermark): void {
    // Two commits may finish out of order of their promises; an ACK is cumulative and neither of its marks steps back.
    const known = this.#known.get(lane);
    const mark = {
      lane,
      received: Math.max(known?.received ?? 0, received),
      durable: Math.max(known?.durable ?? 0, durable),
    };
    this.#known.set(lane, mark);
    this.#waiting.set(lane, mark);
    this.#batches += 1;
    if (this.#batches >= MAX_BATCHES) this.flush();
    else if (!this.#isTimed) {
      this.#isTimed = true;
      this.#clock.sleep(MAX_WAIT_MS, this.#signal).then(
        () => {
          this.#isTimed = false;
          this.flush();
        },
        () => undefined, // the link ended
      );
    }
  }

  flush(): void {
    if (this.#waiting.size === 0) return;
    this.#send({ lanes: [...this.#waiting.values()] });
    this.#waiting.clear();
    this.#batches = 0;
  }

  /** New limits at once, with whatever waits. */
  sendPace(pace: NonNullable<Ack['pace']>): void {
    const marks = this.#waiting.size > 0 ? this.#waiting : this.#known;
    if (marks.size === 0) return;
    this.#send({ lanes: [...marks.values()], pace });
    this.#waiting.clear();
    this.#batches = 0;
  }
}
