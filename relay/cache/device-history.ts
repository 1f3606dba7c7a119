// One device's last day in memory: an open chain that takes records, and sealed ones that only wait to be read or to grow too old.
import { type EpochMs, HOUR_MS, hourOf } from '#shared/base/clock.ts';
import { DeltaDecoder } from '#shared/codec/delta-decoder.ts';
import { DeltaEncoder } from '#shared/codec/delta-encoder.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';

/** A chain of one device and hour. A clock that jumps back begins a second chain of the same hour. */
interface Chain {
  hour: number;
  parts: Uint8Array[];
  /** What it takes in memory, overheads included. */
  bytes: number;
  samples: number;
}

interface OpenChain extends Chain {
  encoder: DeltaEncoder;
  /** Values in the encoder's open batch, unknown ones too. */
  values: number;
}

/** An encoder of 30 series with its writer's spare room. */
const OPEN_BYTES = 6_144;
/** A part's object, buffer and place in its list. */
const PART_BYTES = 256;
/** Half of what a batch may hold, so that the next record always fits. */
const MAX_OPEN_VALUES = 100_000;
/** Half of a decoder's bound for one batch, and the size the encoder asks for. */
const MAX_OPEN_BYTES = 64 * 1_024;
/** Each reading of the open hour closes a part; beyond this they are joined. */
const MAX_PARTS = 32;

/** Told of every change of what an hour takes. */
export type OnBytes = (hour: number, bytes: number, samples: number) => void;

export class DeviceHistory {
  readonly #onBytes: OnBytes;
  #open: OpenChain | undefined;
  #sealed: Chain[] = [];
  #last: PollRecord | undefined;

  constructor(onBytes: OnBytes) {
    this.#onBytes = onBytes;
  }

  get last(): PollRecord | undefined {
    return this.#last;
  }

  add(record: PollRecord): void {
    const open = this.#openAt(hourOf(record.at));
    if (open.encoder.size >= MAX_OPEN_BYTES || open.values + record.values.length > MAX_OPEN_VALUES)
      this.#closePart(open);
    const before = open.encoder.size;
    const samples = open.encoder.samples;
    open.encoder.add(record);
    open.values += record.values.length;
    this.#grow(open, open.encoder.size - before, open.encoder.samples - samples);
    this.#last = record;
  }

  /** Records with `from` <= at < `to`, in the order of their times. */
  range(from: EpochMs, to: EpochMs): PollRecord[] {
    if (this.#open !== undefined) this.#closePart(this.#open);
    if (this.#open !== undefined && this.#open.parts.length > MAX_PARTS) this.#join(this.#open);
    const chains = this.#open === undefined ? this.#sealed : [...this.#sealed, this.#open];
    const records = chains
      .filter(({ hour }) => hour * HOUR_MS < to && (hour + 1) * HOUR_MS > from)
      .flatMap(decodeChain)
      .filter(({ at }) => at >= from && at < to);
    return isOrdered(records) ? records : records.sort((a, b) => a.at - b.at);
  }

  hasHour(hour: number): boolean {
    return this.#open?.hour === hour || this.#sealed.some((chain) => chain.hour === hour);
  }

  /** Lets go of the chains of hours that `isOld`. */
  drop(isOld: (hour: number) => boolean): void {
    this.#sealed = this.#sealed.filter((chain) => {
      if (isOld(chain.hour)) this.#onBytes(chain.hour, -chain.bytes, -chain.samples);
      return !isOld(chain.hour);
    });
    const open = this.#open;
    if (open === undefined || !isOld(open.hour)) return;
    this.#onBytes(open.hour, -open.bytes, -open.samples);
    this.#open = undefined;
  }

  /** Seals an open chain of another hour than `hour`: its encoder costs more than its data. */
  sealBefore(hour: number): void {
    if (this.#open !== undefined && this.#open.hour < hour) this.#seal(this.#open);
  }

  #openAt(hour: number): OpenChain {
    if (this.#open?.hour === hour) return this.#open;
    if (this.#open !== undefined) this.#seal(this.#open);
    const open: OpenChain = { hour, parts: [], bytes: 0, samples: 0, encoder: new DeltaEncoder(hour), values: 0 };
    this.#open = open;
    this.#grow(open, OPEN_BYTES, 0);
    return open;
  }

  #seal(open: OpenChain): void {
    this.#closePart(open);
    const { hour, parts, samples } = open;
    const bytes = parts.reduce((sum, part) => sum + part.length + PART_BYTES, 0);
    this.#onBytes(hour, bytes - open.bytes, 0);
    this.#sealed.push({ hour, parts, bytes, samples });
    this.#open = undefined;
  }

  #closePart(open: OpenChain): void {
    if (open.values === 0) return;
    const before = open.encoder.size;
    const { data } = open.encoder.take();
    open.parts.push(data);
    open.values = 0;
    this.#grow(open, PART_BYTES + data.length - before + open.encoder.size, 0);
  }

  /** Encodes the hour anew, into as few parts as it needs. */
  #join(open: OpenChain): void {
    const records = decodeChain(open);
    this.#onBytes(open.hour, -open.bytes, -open.samples);
    this.#open = undefined;
    for (const record of records) this.add(record);
    this.#closePart(this.#openAt(open.hour));
  }

  #grow(chain: Chain, bytes: number, samples: number): void {
    chain.bytes += bytes;
    chain.samples += samples;
    this.#onBytes(chain.hour, bytes, samples);
  }
}

function decodeChain({ hour, parts }: Chain): PollRecord[] {
  const decoder = new DeltaDecoder(hour);
  return parts.flatMap((part) => decoder.decode(part));
}

const isOrdered = (records: readonly PollRecord[]): boolean =>
  records.every((record, i) => i === 0 || record.at >= (records[i - 1]?.at ?? 0));
