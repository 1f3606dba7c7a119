// The decoders of chains that still grow: each received frame is decoded once, before it is stored.
import type { Db } from '#console/store/engine.ts';
import { beginsChain, DeltaDecoder } from '#shared/codec/delta-decoder.ts';
import { MAX_BATCH_VALUES } from '#shared/codec/delta-format.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { type ArrivedPoll, BatchRows } from './batch-rows.ts';
import type { ChainKey, ChunkStore } from './chunk-store.ts';

/** 50 relays with two lanes are 100 chains; a chain of 500 devices holds about 300 KB. At the bound the oldest goes. */
const MAX_CHAINS = 512;
/** Frames fetched at once while a decoder is rebuilt: at most 16 MiB. */
const FETCH_FRAMES = 64;

/** The next frame of a stream, and the watermark it follows. */
export interface NextFrame {
  mark: number;
  seq: number;
  /** Samples in it, as its relay says. */
  n: number;
  data: Uint8Array;
}

interface OpenChain {
  hour: number;
  /** Frames up to this number have been read. */
  through: number;
  decoder: DeltaDecoder;
}

const slotOf = (key: ChainKey) => `${key.relay} ${key.epoch} ${key.lane}`;

export class OpenChains {
  readonly #chunks: ChunkStore;
  /** One open hour per relay, epoch and lane; in order of last use. */
  readonly #chains = new Map<string, OpenChain>();

  constructor(deps: { chunks: ChunkStore }) {
    this.#chunks = deps.chunks;
  }

  /** The polls of the chain's next frame. A frame that does not decode throws, and so do all after it until one begins anew. */
  async decode(db: Db, key: ChainKey, frame: NextFrame): Promise<ArrivedPoll[]> {
    const slot = slotOf(key);
    const chain = await this.#chainOf(db, slot, key, frame);
    this.#chains.delete(slot);
    this.#chains.set(slot, chain);
    if (this.#chains.size > MAX_CHAINS) this.#dropOldest();
    chain.through = frame.seq;
    const rows = new BatchRows(Math.min(frame.n, MAX_BATCH_VALUES));
    chain.decoder.visit(frame.data, rows.add);
    return rows.polls();
  }

  /** The transaction that would have stored the chain's last frames failed: what was decoded did not happen. */
  forget(key: Omit<ChainKey, 'hour'>): void {
    this.#chains.delete(slotOf({ ...key, hour: 0 }));
  }

  /** Takes over a decoder that has read every stored frame of the chain, unless one is open. */
  adopt(key: ChainKey, through: number, decoder: DeltaDecoder): void {
    const slot = slotOf(key);
    if (this.#chains.has(slot) || this.#chains.size >= MAX_CHAINS) return;
    this.#chains.set(slot, { hour: key.hour, through, decoder });
  }

  get size(): number {
    return this.#chains.size;
  }

  async #chainOf(db: Db, slot: string, key: ChainKey, { mark, data }: NextFrame): Promise<OpenChain> {
    const known = this.#chains.get(slot);
    const isOpen = known?.hour === key.hour;
    const chain = isOpen ? known : { hour: key.hour, through: 0, decoder: new DeltaDecoder(key.hour) };
    // A frame that begins anew needs nothing of what was before, which may be sealed and gone.
    if (chain.through === mark || beginsChain(data)) return chain;
    // A restart, or another console took the link in between: read on from what is stored.
    for await (const frame of storedFrames(this.#chunks, db, key, { afterSeq: chain.through }))
      decodeStored(chain.decoder, frame.data);
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
