// Makes numbered batches of records and polls, inside a transaction its caller holds.
import { type EpochMs, hourOf } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { SpoolRecord } from '#shared/model/record.ts';
import type { Batch } from '#shared/protocol/batch.ts';
import { batchCrc } from '#shared/protocol/batch-crc.ts';
import type { Lane } from '#shared/protocol/lane.ts';
import { encodeRecords } from '#shared/protocol/record-codec.ts';
import type { BatchStore } from './batch-store.ts';
import type { LaneBook } from './lane-book.ts';
import type { SampleChains } from './sample-chains.ts';

/**
 * Records are packed up to this size: on a 64 kbit/s link a batch of 16 KiB takes 2 s, and a command's outcome
 * waits for at most the one that is on the wire. A single larger record travels alone.
 */
const TARGET_BYTES = 16 * 1024;

export class BatchWriter {
  readonly #store: BatchStore;
  readonly #book: LaneBook;
  readonly #chains: SampleChains;

  constructor(deps: { store: BatchStore; book: LaneBook; chains: SampleChains }) {
    this.#store = deps.store;
    this.#book = deps.book;
    this.#chains = deps.chains;
  }

  /** Throws `too-large` when one record alone is over a batch's bound. */
  writeRecords(lane: Lane, records: readonly SpoolRecord[], now: EpochMs): void {
    if (records.length === 0) return;
    const data = records.length === 1 ? encodeRecords(records) : tryEncode(records);
    if (data !== undefined) {
      this.#insert({ lane, kind: 'records', hour: hourOf(now), n: records.length, data }, false);
      return;
    }
    const middle = records.length >> 1;
    this.writeRecords(lane, records.slice(0, middle), now);
    this.writeRecords(lane, records.slice(middle), now);
  }

  /** One batch per hour, oldest hour first. Gives the values that no batch can hold. */
  writePolls(lane: Lane, polls: readonly PollRecord[]): number {
    let refused = 0;
    for (const [hour, records] of byHour(polls)) {
      const encoding = this.#chains.encode(lane, hour, records);
      refused += encoding.refused;
      for (const { data, n, startsChain } of encoding.batches) {
        this.#insert({ lane, kind: 'samples', hour, n, data }, startsChain);
      }
    }
    return refused;
  }

  /** A number that stands for `n` samples or records which were never written. */
  writeLoss(lane: Lane, n: number, now: EpochMs): void {
    const seq = this.#book.skip(lane);
    this.#store.addGap({ lane, from: seq, to: seq, n, reason: 'quota', hour: hourOf(now) }, now);
  }

  #insert(body: Omit<Batch, 'seq' | 'crc'>, startsChain: boolean): void {
    const numbered = { ...body, seq: this.#book.take(body.lane, body.data.length) };
    this.#store.insert({ ...numbered, crc: batchCrc(numbered), startsChain });
  }
}

/** Undefined when several records are better split. */
function tryEncode(records: readonly SpoolRecord[]): Uint8Array | undefined {
  try {
    const data = encodeRecords(records);
    return data.length > TARGET_BYTES ? undefined : data;
  } catch (error) {
    if (error instanceof AppError && error.code === 'too-large') return undefined;
    throw error;
  }
}

function byHour(polls: readonly PollRecord[]): Array<[number, PollRecord[]]> {
  const hours = new Map<number, PollRecord[]>();
  for (const poll of polls) {
    const hour = hourOf(poll.at);
    const known = hours.get(hour);
    if (known === undefined) hours.set(hour, [poll]);
    else known.push(poll);
  }
  return [...hours].sort(([a], [b]) => a - b);
}
