// How far the console has come in each lane of a link's spool: what it acknowledges, and what is shown of it.
import type { Lane, Watermark } from '#shared/protocol/lane.ts';
import type { AckBuffer } from './ack-buffer.ts';

export class LaneMarks {
  readonly #acks: AckBuffer;
  readonly #marks = new Map<Lane, Watermark>();

  constructor(acks: AckBuffer) {
    this.#acks = acks;
  }

  /** What WELCOME said. */
  begin(lanes: readonly Watermark[]): void {
    this.#acks.begin(lanes);
    for (const mark of lanes) this.#marks.set(mark.lane, mark);
  }

  /** A batch is stored, or an hour is sealed; neither mark steps back. */
  take({ lane, received, durable }: Watermark): void {
    const known = this.#marks.get(lane);
    const next = Math.max(known?.received ?? 0, received);
    this.#marks.set(lane, { lane, received: next, durable: Math.max(known?.durable ?? 0, durable) });
    this.#acks.add({ lane, received, durable });
  }

  /** For a lane in which the relay's next number was that at its HELLO. */
  shown({ lane, next }: { lane: Lane; next: number }): Watermark & { next: number } {
    const mark = this.#marks.get(lane) ?? { lane, received: 0, durable: 0 };
    return { ...mark, next: Math.max(next, mark.received + 1) };
  }
}
