// The port to stored metric bytes: whole frames as received, keyed by their place in a relay's stream. Never a row per sample.
import type { Db, Tx } from '#console/store/engine.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import type { Lane } from '#shared/protocol/lane.ts';

/** One delta chain: the frames of one lane of one spool within one UTC hour, decoded in the order of `seq`. */
export interface ChainKey {
  relay: RelayId;
  epoch: string;
  /** Whole hours since 1970-01-01 UTC. */
  hour: number;
  lane: Lane;
}

export interface Frame extends ChainKey {
  site: SiteId;
  /** Of a bundle the last. */
  seq: number;
  /** How many numbers it covers. */
  batches: number;
  /** Samples inside, as the relay counted them. */
  samples: number;
  data: Uint8Array;
}

/** Where a stored chain ends. */
export interface ChainTail extends ChainKey {
  lastSeq: number;
  frames: number;
}

/** Opaque bytes in, the same bytes out. */
export interface ChunkStore {
  /** Stores frames inside the caller's transaction; a frame that is already there is an error. */
  put(tx: Tx, frames: readonly Frame[]): Promise<void>;
  /** At most `limit` frames of a chain after `afterSeq`, in order. */
  get(db: Db, key: ChainKey, afterSeq: number, limit: number): Promise<Array<{ seq: number; data: Uint8Array }>>;
  /** The chains of a relay within [fromHour, toHour], by hour, epoch and lane. */
  tails(db: Db, relay: RelayId, fromHour: number, toHour: number): Promise<ChainTail[]>;
  /** The newest hours of a relay that hold frames, newest first, none after `notAfter`. */
  newestHours(db: Db, relay: RelayId, notAfter: number, limit: number): Promise<number[]>;
  /** The oldest hour of a relay that holds frames, none before `notBefore`. */
  oldestHour(db: Db, relay: RelayId, notBefore: number): Promise<number | undefined>;
  /** Removes whole hours before `hour`; returns how many frames went. */
  drop(tx: Tx, beforeHour: number): Promise<number>;
  stats(db: Db): Promise<{ frames: number; samples: number; bytes: number }>;
}
