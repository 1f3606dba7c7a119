// Reads the frames of an hour's chains from the journal in parts of bounded size, chain after chain.
import type { Db } from '#console/store/engine.ts';
import type { ChainTail, ChunkStore } from './chunk-store.ts';
import type { ChainFrames } from './metric-engine.ts';

/** Two of them are in memory at a time; the worker takes 50 ms for one. */
const PART_BYTES = 1024 * 1024;
/** Frames of one read: the loop is held for a millisecond or two where all are of 64 KiB. */
const READ_FRAMES = 16;

export class JournalParts {
  readonly #chunks: ChunkStore;
  readonly #db: Db;
  readonly #tails: ChainTail[];
  /** Each chain's frames in the order in which they were given out. */
  readonly #given: Array<{ tail: ChainTail; seqs: number[] }> = [];
  #after = 0;

  constructor(chunks: ChunkStore, db: Db, tails: readonly ChainTail[]) {
    this.#chunks = chunks;
    this.#db = db;
    this.#tails = [...tails];
  }

  /** Everything was given out. */
  get isOver(): boolean {
    return this.#tails.length === 0;
  }

  /** Where the frames of these places in the order stand in the journal. */
  placesOf(ordinals: readonly number[]): Array<{ tail: ChainTail; seq: number }> {
    const all = this.#given.flatMap(({ tail, seqs }) => seqs.map((seq) => ({ tail, seq })));
    return ordinals.flatMap((ordinal) => all[ordinal] ?? []);
  }

  /** At least one frame while there is any; what came after the tails were read is left for later. */
  async next(): Promise<ChainFrames[]> {
    const part: ChainFrames[] = [];
    let bytes = 0;
    for (let tail = this.#tails[0]; tail !== undefined && bytes < PART_BYTES; tail = this.#tails[0]) {
      const rows = await this.#chunks.get(this.#db, tail, this.#after, READ_FRAMES);
      const { lastSeq } = tail;
      const own = rows.filter(({ seq }) => seq <= lastSeq);
      const frames = own.map(({ data }) => data);
      this.#given.push({ tail, seqs: own.map(({ seq }) => seq) });
      if (frames.length > 0) part.push({ relay: tail.relay, epoch: tail.epoch, lane: tail.lane, frames });
      for (const frame of frames) bytes += frame.length;
      this.#after = rows.at(-1)?.seq ?? lastSeq;
      if (rows.length < READ_FRAMES || this.#after >= lastSeq) {
        this.#tails.shift();
        this.#after = 0;
      }
    }
    return part;
  }
}
