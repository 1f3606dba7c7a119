// What was sent on this connection and is not acknowledged yet, lane by lane.
import { LANES, type Lane } from '#shared/protocol/lane.ts';

export interface Sent {
  lane: Lane;
  /** Last number it covers: a gap covers several. */
  to: number;
  bytes: number;
  /** Monotonic. */
  at: number;
  /** Bytes of samples in flight when it was sent, itself counted. */
  ahead: number;
}

export class InFlight {
  // Credits bound the length: 64 entries.
  #lanes: Sent[][] = LANES.map(() => []);
  #batches = 0;
  #bytes = 0;

  get batches(): number {
    return this.#batches;
  }

  get bytes(): number {
    return this.#bytes;
  }

  bytesOf(lane: Lane): number {
    return this.#of(lane).reduce((sum, sent) => sum + sent.bytes, 0);
  }

  bulkBytes(): number {
    return this.bytesOf(2) + this.bytesOf(3);
  }

  add(sent: Omit<Sent, 'ahead'>): void {
    const ahead = this.bulkBytes() + sent.bytes;
    this.#of(sent.lane).push({ ...sent, ahead });
    this.#batches += 1;
    this.#bytes += sent.bytes;
  }

  /** Takes out everything of the lane up to `received`; gives what it was, oldest first. */
  acknowledge(lane: Lane, received: number): Sent[] {
    const waiting = this.#of(lane);
    const end = waiting.findIndex((sent) => sent.to > received);
    const done = waiting.splice(0, end < 0 ? waiting.length : end);
    this.#batches -= done.length;
    this.#bytes -= done.reduce((sum, sent) => sum + sent.bytes, 0);
    return done;
  }

  #of(lane: Lane): Sent[] {
    return this.#lanes[lane] ?? [];
  }
}
