// Encodes the polls of many devices in one (lane, UTC hour) into batches; the layout stands in delta-format.ts.
import { HOUR_MS } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { DeviceId, idToBytes } from '#shared/base/id.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { BitWriter } from './bit-writer.ts';
import { ChainBudget } from './chain-budget.ts';
import { type ColumnList, columnListOf, isSameSeries, writeColumnList } from './column-list.ts';
import { ColumnSources } from './column-sources.ts';
import { DELTA_VERSION, MAX_BATCH_VALUES } from './delta-format.ts';
import { beginDevice, type DeviceChain } from './device-chain.ts';
import { timeRefusal, valuesRefusal } from './record-check.ts';
import { MAX_CODE_BITS } from './residual-code.ts';
import { writeDelta, writeFull } from './write-record.ts';

/** Bytes a record may take besides its columns: length, index, id, source, time, flags. */
const RECORD_ROOM = 64;
/** The worst case of one value with its presence bit and its quiet bit. */
const VALUE_ROOM = Math.ceil((MAX_CODE_BITS + 2) / 8);

/**
 * One chain: its batches are decoded by one DeltaDecoder in the order they were taken. A restarted relay, or one that lost
 * or dropped a batch after taking it, goes on with a new encoder, whose first batch begins the chain anew.
 * Take a batch before `size` passes 64 KiB: then none is larger than 210 KiB, whatever the last record is.
 * Memory: 3 KiB, the open batch, and 0.4 KiB with 44 bytes a column for each device.
 */
export class DeltaEncoder {
  readonly hour: number;
  readonly #writer = new BitWriter(256);
  readonly #budget = new ChainBudget();
  readonly #sources = new ColumnSources();
  readonly #indexes = new Map<DeviceId, number>();
  readonly #chains: DeviceChain[] = [];
  #ordinal = 0;
  #lastIndex = -1;
  #samples = 0;
  #values = 0;
  #records = 0;

  constructor(hour: number) {
    this.hour = hour;
    this.#beginBatch();
  }

  /** Bytes of the open batch so far. */
  get size(): number {
    return this.#writer.length;
  }

  /** Known values in the open batch so far: an unknown value is no sample. */
  get samples(): number {
    return this.#samples;
  }

  /** Throws AppError('bad-request') that names the device, and changes nothing, when the record breaks a bound. */
  add(record: PollRecord): void {
    const index = this.#indexes.get(record.device);
    const chain = index === undefined ? undefined : this.#chains[index];
    const isDelta = chain !== undefined && isSameSeries(chain.columns.series, record.series);
    const columns = isDelta ? chain.columns : columnListOf(record.series);
    const why = typeof columns === 'string' ? columns : this.#refusal(record, columns, chain);
    if (why !== undefined || typeof columns === 'string')
      throw new AppError('bad-request', `device ${record.device}: ${why}`);
    const { length } = record.values;
    this.#writer.reserve(RECORD_ROOM + (isDelta ? 0 : columns.bytes) + length * VALUE_ROOM);
    const start = this.#writer.length;
    if (isDelta && index !== undefined) {
      this.#writeHead(index, false);
      this.#samples += writeDelta(this.#writer, chain, record);
    } else this.#samples += this.#addFull(index, columns, record);
    this.#writer.align();
    this.#writer.prefixLength(start);
    this.#values += Math.max(1, length);
    this.#records += 1;
  }

  /** Closes the batch and opens the next; what was learned of the devices stays. */
  take(): { data: Uint8Array; samples: number; records: number } {
    const taken = { data: this.#writer.take(), samples: this.#samples, records: this.#records };
    this.#ordinal += 1;
    this.#samples = 0;
    this.#values = 0;
    this.#records = 0;
    this.#beginBatch();
    return taken;
  }

  #beginBatch(): void {
    this.#writer.reserve(16);
    this.#writer.bits(DELTA_VERSION, 8);
    this.#writer.varint(this.#ordinal);
    if (this.#ordinal === 0) this.#writer.varint(this.hour);
  }

  #refusal(record: PollRecord, columns: ColumnList, chain: DeviceChain | undefined): string | undefined {
    const isFull = columns !== chain?.columns;
    return (
      timeRefusal(record.at, this.hour) ??
      valuesRefusal(record, columns) ??
      (this.#values + Math.max(1, record.values.length) > MAX_BATCH_VALUES ? 'the open batch is full' : undefined) ??
      (isFull ? this.#budget.refusal(columns, chain?.columns) : undefined) ??
      (chain === undefined ? idRefusal(record.device) : undefined)
    );
  }

  #writeHead(index: number, isFull: boolean): void {
    const step = index - (this.#lastIndex + 1);
    this.#writer.varint((step < 0 ? -2 * step - 1 : 2 * step) * 2 + (isFull ? 1 : 0));
    this.#lastIndex = index;
  }

  #addFull(known: number | undefined, columns: ColumnList, record: PollRecord): number {
    const index = known ?? this.#chains.length;
    this.#writeHead(index, true);
    if (known === undefined) this.#writer.bytes(idToBytes(record.device));
    const source = this.#sources.find(columns.series, (other) => this.#chains[other]?.columns.series);
    this.#writer.varint(source === undefined ? 0 : source + 1);
    if (source === undefined) writeColumnList(this.#writer, columns);
    const chain = this.#replace(index, columns, record);
    return writeFull(this.#writer, chain, record, record.at - this.hour * HOUR_MS);
  }

  #replace(index: number, columns: ColumnList, { device, at }: PollRecord): DeviceChain {
    const former = this.#chains[index]?.columns;
    if (former !== undefined) this.#sources.drop(former.series, index);
    this.#sources.put(columns.series, index);
    this.#budget.take(columns, former);
    const chain = beginDevice(device, columns, at);
    this.#chains[index] = chain;
    this.#indexes.set(device, index);
    return chain;
  }
}

function idRefusal(device: DeviceId): string | undefined {
  const isGood = DeviceId.safeParse(device).success && device === device.toLowerCase();
  return isGood ? undefined : 'its id is no lower-case UUID';
}
