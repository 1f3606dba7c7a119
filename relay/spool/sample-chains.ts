// Turns polls into sample batches: one delta chain per lane and hour, begun anew whenever a batch of it could not be kept.
import { AppError } from '#shared/base/errors.ts';
import { DeltaEncoder } from '#shared/codec/delta-encoder.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { Lane } from '#shared/protocol/lane.ts';

interface EncodedSamples {
  data: Uint8Array;
  /** Known values inside. */
  n: number;
  startsChain: boolean;
}

interface Encoding {
  batches: EncodedSamples[];
  /** Values of polls that no batch can hold. */
  refused: number;
}

/** This hour and the one before in two lanes, and as many again for a clock that jumps; the oldest goes. */
const MAX_CHAINS = 8;

/** Where the codec asks to take a batch: none is larger than 200 KiB then, whatever the next poll is. */
const TAKE_BYTES = 64 * 1024;

interface Chain {
  encoder: DeltaEncoder;
  /** No batch was taken yet: the next begins the chain. */
  isNew: boolean;
  /** Polls in the encoder's open batch. */
  open: number;
}

const keyOf = (lane: Lane, hour: number): string => `${lane}:${hour}`;

/** Values a poll knows; an unknown one is not a sample. */
export function knownValues(record: PollRecord): number {
  let n = 0;
  for (const value of record.values) if (value !== undefined) n += 1;
  return n;
}

export class SampleChains {
  #chains = new Map<string, Chain>();
  /** The hour of each lane's last batch. */
  readonly #hours = new Map<Lane, number>();

  /**
   * The polls (all of `hour`) as batches that go on from the lane's last batch of that hour. A lane that went over to another hour
   * begins anew when it comes back: the console may have sealed the former by then, and lets go of what late polls would go on from.
   */
  encode(lane: Lane, hour: number, records: readonly PollRecord[]): Encoding {
    if (this.#hours.get(lane) !== hour) this.restart(lane, hour);
    this.#hours.set(lane, hour);
    const encoding: Encoding = { batches: [], refused: 0 };
    for (const record of records) {
      if (!this.#add(lane, hour, record, encoding)) encoding.refused += knownValues(record);
      if (this.#sizeOf(lane, hour) >= TAKE_BYTES) this.#take(lane, hour, encoding);
    }
    this.#take(lane, hour, encoding);
    return encoding;
  }

  /** The chain's next batch will begin with full records. */
  restart(lane: Lane, hour: number): void {
    this.#chains.delete(keyOf(lane, hour));
  }

  restartAll(): void {
    this.#chains.clear();
  }

  /** False when the codec refuses this very poll; a chain that has no room for it is closed and begun anew. */
  #add(lane: Lane, hour: number, record: PollRecord, encoding: Encoding): boolean {
    if (tryAdd(this.#chain(lane, hour), record)) return true;
    if (!tryAdd(new DeltaEncoder(hour), record)) return false;
    this.#take(lane, hour, encoding);
    this.restart(lane, hour);
    return tryAdd(this.#chain(lane, hour), record);
  }

  #sizeOf(lane: Lane, hour: number): number {
    return this.#chains.get(keyOf(lane, hour))?.encoder.size ?? 0;
  }

  #take(lane: Lane, hour: number, encoding: Encoding): void {
    const chain = this.#chains.get(keyOf(lane, hour));
    if (chain === undefined || chain.open === 0) return;
    const { data, samples } = chain.encoder.take();
    encoding.batches.push({ data, n: samples, startsChain: chain.isNew });
    chain.open = 0;
    chain.isNew = false;
  }

  #chain(lane: Lane, hour: number): Chain {
    const known = this.#chains.get(keyOf(lane, hour));
    if (known !== undefined) return known;
    const chain = { encoder: new DeltaEncoder(hour), isNew: true, open: 0 };
    this.#chains.set(keyOf(lane, hour), chain);
    const oldest = this.#chains.keys().next().value;
    if (this.#chains.size > MAX_CHAINS && oldest !== undefined) this.#chains.delete(oldest);
    return chain;
  }
}

function tryAdd(chain: Chain | DeltaEncoder, record: PollRecord): boolean {
  const encoder = chain instanceof DeltaEncoder ? chain : chain.encoder;
  try {
    encoder.add(record);
  } catch (error) {
    if (error instanceof AppError && error.code === 'bad-request') return false;
    throw error;
  }
  if (!(chain instanceof DeltaEncoder)) chain.open += 1;
  return true;
}
