// Lets go of the frames of a sealed chain, from its end on, and moves `durable`; keeps a chain that the relay may go on with.
import type { Db, Tx } from '#console/store/engine.ts';
import { type Clock, hourOf } from '#shared/base/clock.ts';
import type { Watermark } from '#shared/protocol/lane.ts';
import type { ChainKey, ChainTail } from './chunk-store.ts';
import {
  deleteFrames,
  leastSeq,
  newestFrame,
  newestOfChain,
  newestOfRelay,
  type Stream,
  seqsOf,
} from './journal-repository.ts';

/** Between two steps of a backlog: live frames and pages have their turn. */
export const BREATH_MS = 20;
/** Chains of relays that are away; at the bound they are sealed once more, which changes nothing. */
const MAX_HELD = 10_000;
/** A relay's clock that runs ahead by more is wrong: what it wrote by it stays in the journal and keeps nothing else from being durable. */
const AHEAD_HOURS = 24;
/** Frames of one transaction that deletes, up to 64 KiB each: about 10 ms. */
const DELETE_AT_ONCE = 256;

export interface FrameReleaseDeps {
  store: { db: Db; transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> };
  clock: Clock;
  /** Moves the stream's `durable` up to what stands before its least waiting frame; nothing is added to the stream while that is looked for. */
  moveDurable: (tx: Tx, stream: Stream, leastWaiting: (tx: Tx) => Promise<number | undefined>) => Promise<Watermark>;
  /** True when the relay said, at a time behind that hour, that it holds nothing of the stream that is not stored here. */
  isDrained: (stream: Stream, hour: number) => boolean;
  /** Told after the commit: the relay may free what is durable. */
  onDurable: (stream: Stream, mark: Watermark) => void;
}

interface Step {
  from: number;
  to: number;
  /** The end of the chain. */
  isFirst: boolean;
}

export class FrameRelease {
  readonly #deps: FrameReleaseDeps;
  /** Sealed already, and kept because the relay may go on with the chain: up to which number. */
  readonly #held = new Map<string, number>();

  constructor(deps: FrameReleaseDeps) {
    this.#deps = deps;
  }

  /** All of the chain is sealed, and kept for what may come. */
  isHeld(tail: ChainTail): boolean {
    return (this.#held.get(nameOf(tail)) ?? 0) >= tail.lastSeq;
  }

  /**
   * In steps from the chain's end on: what is left of it can be read at any moment. A chain that the relay may go on with stays, because
   * what comes next is read with it; so does one that grew since `tail` was read.
   */
  async run(tail: ChainTail, signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#deps;
    if (await this.#isOpen(tail)) return this.#hold(tail);
    this.#held.delete(nameOf(tail));
    const seqs = await seqsOf(store.db, tail);
    // Where all of it was set aside, durable moves all the same.
    for (let end = Math.max(1, seqs.length); end > 0; end -= DELETE_AT_ONCE) {
      signal.throwIfAborted();
      const first = Math.max(0, end - DELETE_AT_ONCE);
      const span = { from: seqs[first] ?? 0, to: seqs[end - 1] ?? 0, isFirst: end >= seqs.length };
      if (!(await this.#delete(tail, span))) return this.#hold(tail);
      if (first > 0) await clock.sleep(BREATH_MS, signal);
    }
  }

  #hold(tail: ChainTail): void {
    if (this.#held.size >= MAX_HELD) this.#held.clear();
    this.#held.set(nameOf(tail), tail.lastSeq);
  }

  /** False once the stream went on to another hour, the relay said that it has no more of it, or began another spool. */
  async #isOpen(tail: ChainTail): Promise<boolean> {
    const { store, isDrained } = this.#deps;
    const newest = await newestFrame(store.db, tail);
    if (newest?.hour !== tail.hour) return false;
    // Frames that came meanwhile are read with those before them.
    if (isDrained(tail, tail.hour)) return newest.seq > tail.lastSeq;
    const ofRelay = await newestOfRelay(store.db, tail.relay);
    return ofRelay === undefined || ofRelay.epoch === tail.epoch || ofRelay.hour <= tail.hour;
  }

  /**
   * False, and nothing was deleted, where frames came since the tail was read: they continue what would go. Once the first step is done
   * nothing continues the chain any more: a lane that comes back to an hour begins its chain anew.
   */
  async #delete(tail: ChainTail, { from, to, isFirst }: Step): Promise<boolean> {
    const { store, clock, moveDurable, onDurable } = this.#deps;
    const lastHour = hourOf(clock.now()) + AHEAD_HOURS;
    let isGrown = false;
    const mark = await store.transaction((tx) =>
      moveDurable(tx, tail, async (within) => {
        isGrown = isFirst && ((await newestOfChain(within, tail)) ?? 0) > tail.lastSeq;
        if (!isGrown) await deleteFrames(within, tail, from, to);
        return await leastSeq(within, tail, lastHour);
      }),
    );
    if (!isGrown) onDurable(tail, mark);
    return !isGrown;
  }
}

const nameOf = ({ relay, epoch, lane, hour }: ChainKey): string => `${relay} ${epoch} ${lane} ${hour}`;
