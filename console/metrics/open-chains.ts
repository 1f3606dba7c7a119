// The decoders of chains that still grow: each received frame is decoded once, before it is stored, and counted.
import type { Db } from '#console/store/engine.ts';
import { beginsChain, DeltaDecoder } from '#shared/codec/delta-decoder.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { type BatchRows, SpareRows } from './batch-rows.ts';
import type { ChainKey, ChainTail, ChunkStore } from './chunk-store.ts';
import { HourTally } from './hour-tally.ts';

/** 50 relays with two lanes are 100 chains; a chain of 500 devices holds about 300 KB. At the bound the oldest goes. */
const MAX_CHAINS = 512;
/** Frames fetched at once while a decoder is rebuilt: at most 16 MiB. */
const FETCH_FRAMES = 64;
/** Chains whose hour is over and not sealed yet, some 60 KB of each for 500 devices. Of the others the frames are read again. */
const MAX_ENDED = 512;

/** The next frame of a stream, and the watermark it follows. */
export interface NextFrame {
  mark: number;
  seq: number;
  data: Uint8Array;
}

interface OpenChain {
  hour: number;
  /** Frames up to this number have been read. */
  through: number;
  decoder: DeltaDecoder;
  counted: Counted;
}

/** What was decoded of a chain since the decoder began: of all of it, where these are as many frames as are stored. */
interface Counted {
  frames: number;
  tally: HourTally;
}

const nothing = (): Counted => ({ frames: 0, tally: new HourTally() });

type Slot = Pick<ChainKey, 'relay' | 'epoch' | 'lane'>;
const slotOf = (key: Slot) => `${key.relay} ${key.epoch} ${key.lane}`;

export class OpenChains {
  readonly #chunks: ChunkStore;
  /** For the polls of frames. */
  readonly spare = new SpareRows();
  /** One open hour per relay, epoch and lane; in order of last use. */
  readonly #chains = new Map<string, OpenChain>();
  /** Hours that a slot has left, oldest first. */
  readonly #ended = new Map<string, Map<number, Pick<OpenChain, 'through' | 'counted'>>>();

  constructor(deps: { chunks: ChunkStore }) {
    this.#chunks = deps.chunks;
  }

  /** The polls of the chain's next frame, to be given back with `spare.give`. A frame that does not decode throws, and so do all after it until one begins anew. */
  async decode(db: Db, key: ChainKey, frame: NextFrame): Promise<BatchRows> {
    const slot = slotOf(key);
    const chain = await this.#chainOf(db, slot, key, frame);
    const former = this.#chains.get(slot);
    if (former !== undefined && former.hour !== chain.hour) this.#end(slot, former);
    this.#chains.delete(slot);
    this.#chains.set(slot, chain);
    if (this.#chains.size > MAX_CHAINS) this.#dropOldest();
    chain.through = frame.seq;
    const rows = this.spare.take();
    chain.decoder.visit(frame.data, rows);
    chain.counted.tally.take(rows.rows, rows.values);
    chain.counted.frames += 1;
    return rows;
  }

  /** The transaction that would have stored the chain's last frames failed: what was decoded did not happen. */
  forget(key: Slot): void {
    this.#chains.delete(slotOf(key));
    this.#ended.delete(slotOf(key));
  }

  /**
   * What the frames of these chains said, all together; undefined where one of them was not decoded here from its beginning to its
   * tail. Asked once: what has ended is forgotten.
   */
  takeTally(tails: readonly ChainTail[]): HourTally | undefined {
    const sum = new HourTally();
    let isWhole = true;
    for (const tail of tails) {
      const chain = this.#endedOf(tail) ?? this.#chains.get(slotOf(tail));
      const isAll = chain?.counted.frames === tail.frames && chain.through === tail.lastSeq;
      if (chain !== undefined && isAll && !('hour' in chain && chain.hour !== tail.hour)) sum.add(chain.counted.tally);
      else isWhole = false;
    }
    return isWhole ? sum : undefined;
  }

  /** Takes over a decoder that has read every stored frame of the chain, unless one is open. */
  adopt(key: ChainKey, through: number, decoder: DeltaDecoder): void {
    const slot = slotOf(key);
    if (this.#chains.has(slot) || this.#chains.size >= MAX_CHAINS) return;
    // Its frames are not counted: they are read again when they are sealed.
    this.#chains.set(slot, { hour: key.hour, through, decoder, counted: nothing() });
  }

  get size(): number {
    return this.#chains.size;
  }

  async #chainOf(db: Db, slot: string, key: ChainKey, { mark, data }: NextFrame): Promise<OpenChain> {
    const known = this.#chains.get(slot);
    const isOpen = known?.hour === key.hour;
    const fresh = () => ({ hour: key.hour, through: 0, decoder: new DeltaDecoder(key.hour), counted: nothing() });
    const chain = isOpen ? known : fresh();
    // A frame that begins anew needs nothing of what was before, which may be sealed and gone.
    if (chain.through === mark || beginsChain(data)) return chain;
    // A restart, or another console took the link in between: read on from what is stored.
    for await (const frame of storedFrames(this.#chunks, db, key, { afterSeq: chain.through }))
      decodeStored(chain.decoder, frame.data);
    return chain;
  }

  #end(slot: string, { hour, through, counted }: OpenChain): void {
    const hours = this.#ended.get(slot) ?? new Map<number, Pick<OpenChain, 'through' | 'counted'>>();
    hours.set(hour, { through, counted });
    this.#ended.delete(slot);
    this.#ended.set(slot, hours);
    let count = 0;
    for (const some of this.#ended.values()) count += some.size;
    if (count <= MAX_ENDED) return;
    for (const [oldest, some] of this.#ended) {
      const [first] = some.keys();
      if (first !== undefined) some.delete(first);
      if (some.size === 0) this.#ended.delete(oldest);
      return;
    }
  }

  #endedOf(tail: ChainTail): Pick<OpenChain, 'through' | 'counted'> | undefined {
    const slot = slotOf(tail);
    const hours = this.#ended.get(slot);
    const chain = hours?.get(tail.hour);
    hours?.delete(tail.hour);
    if (hours?.size === 0) this.#ended.delete(slot);
    return chain;
  }

  #dropOldest(): void {
    const oldest = this.#chains.keys().next().value;
    if (oldest !== undefined) this.#chains.delete(oldest);
  }
}

/** Ingest verified every stored frame; one that cannot be read now (a flipped bit, a frame stored twice) gives undefined. */
export function decodeStored(decoder: DeltaDecoder, data: Uint8Array): PollRecord[] | undefined {
  try {
    return decoder.decode(data);
  } catch {
    return undefined;
  }
}

export interface FrameWalk {
  afterSeq?: number;
  /** Awaited between fetches, so that a long walk gives way to other work. Never inside a transaction. */
  pause?: () => Promise<unknown>;
}

/** The stored frames of a chain, in order, a few at a time. */
export async function* storedFrames(
  chunks: ChunkStore,
  db: Db,
  key: ChainKey,
  walk: FrameWalk = {},
): AsyncGenerator<{ seq: number; data: Uint8Array }> {
  let last = walk.afterSeq ?? 0;
  for (;;) {
    const frames = await chunks.get(db, key, last, FETCH_FRAMES);
    yield* frames;
    last = frames.at(-1)?.seq ?? last;
    if (frames.length < FETCH_FRAMES) return;
    await walk.pause?.();
  }
}
