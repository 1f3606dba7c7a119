// Decodes the batches of one chain, from hostile bytes: bounded in time and memory, with one kind of error.
import { HOUR_MS, hourOf } from '#shared/base/clock.ts';
import { bytesToId, DeviceId } from '#shared/base/id.ts';
import { MAX_SERIES_PER_DEVICE, type Series } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { type BitReader, SharedReader } from './bit-reader.ts';
import { batchesOf, FIRST_BATCH_AT, isBundle } from './bundle.ts';
import { ChainBudget } from './chain-budget.ts';
import { type ColumnList, readColumnList } from './column-list.ts';
import { DELTA_VERSION, MAX_BATCH_VALUES, MAX_DELTA_BYTES, OFFSET_BITS } from './delta-format.ts';
import { beginDevice, type DeviceChain } from './device-chain.ts';
import { malformed } from './malformed.ts';
import { type RowPlace, readDelta, readFull } from './read-record.ts';

/** True when this batch or bundle begins a chain: it can be decoded without any batch before it. A cheap look at the first bytes. */
export function beginsChain(data: Uint8Array): boolean {
  const at = isBundle(data) ? FIRST_BATCH_AT : 0;
  return data[at] === DELTA_VERSION && data[at + 1] === 0;
}

/** A device of the chain. `chain` is absent while its records are passed over. */
interface Member {
  device: DeviceId;
  columns: ColumnList;
  chain: DeviceChain | undefined;
}

/** A record, of which the values stand in an array of many. */
export interface Row {
  device: DeviceId;
  at: number;
  /** The same array object for all records of a device as long as its columns do not change. */
  series: readonly Series[];
  /** The sink's array, of which its values are some. */
  values: Float64Array;
  /** Where they begin; unknown ones are NaN. */
  from: number;
}

/** Takes the records of a batch. */
export interface RowSink {
  /** Makes room for so many values and says where they begin; `values` may be another array afterwards. */
  place(count: number): number;
  readonly values: Float64Array;
  take(row: Row): void;
}

/** A batch is read at one go, and nothing of it is kept in views. */
const room = new SharedReader();

/**
 * Give it the batches of one lane and hour in the order of their sequence. A failed batch, or one out of order, throws
 * AppError('frame-malformed') and ends the chain: everything is refused until a batch that begins a chain (`beginsChain`).
 * Records of a device share one `series` array as long as its columns do not change.
 */
export class DeltaDecoder {
  readonly hour: number;
  readonly #only: DeviceId | undefined;
  #members: Member[] = [];
  #budget = new ChainBudget();
  #lastIndex = -1;
  /** Ordinal of the batch that continues the chain; 0 when there is none to continue. */
  #next = 0;

  /** `only`: return this device's records and pass over all others, unread but for their columns. */
  constructor(hour: number, options: { only?: DeviceId } = {}) {
    this.hour = hour;
    this.#only = options.only;
  }

  /** Of a batch, or of all batches of a bundle: when one of them fails, nothing of it is given. */
  decode(data: Uint8Array): PollRecord[] {
    const rows = new DecodedRows();
    this.visit(data, rows);
    return rows.records;
  }

  /** Tells each record as it is read; those before a fault have been told when it throws, and may be wrong. */
  visit(data: Uint8Array, rows: RowSink): void {
    if (data.length > MAX_DELTA_BYTES) {
      this.#next = 0;
      throw malformed(`a batch of ${data.length} bytes is too long`);
    }
    let count = 0;
    if (!isBundle(data)) this.#visitOne(data, rows, count);
    else for (const batch of this.#batchesOf(data)) count = this.#visitOne(batch, rows, count);
  }

  #batchesOf(data: Uint8Array): Uint8Array[] {
    const next = this.#next;
    this.#next = 0;
    const batches = batchesOf(data);
    this.#next = next;
    return batches;
  }

  /** Gives how many values there are in all. */
  #visitOne(data: Uint8Array, rows: RowSink, before: number): number {
    const next = this.#next;
    this.#next = 0;
    const reader = room.of(data);
    const ordinal = this.#readHeader(reader, next);
    let values = before;
    while (reader.left > 0) values = this.#readRecord(reader, rows, values);
    this.#next = ordinal + 1;
    return values;
  }

  #readHeader(reader: BitReader, next: number): number {
    const version = reader.bits(8);
    if (version !== DELTA_VERSION) throw malformed(`version ${version} of the frame is not known`);
    const ordinal = reader.varint();
    if (ordinal !== 0) {
      if (ordinal !== next) throw malformed(`batch ${ordinal} of its chain, expected ${next}`);
      return ordinal;
    }
    const hour = reader.varint();
    if (hour !== this.hour) throw malformed(`a chain of hour ${hour}, expected hour ${this.hour}`);
    this.#members = [];
    this.#budget = new ChainBudget();
    this.#lastIndex = -1;
    return 0;
  }

  /** Gives how many values there are in all; a record that is passed over adds none. */
  #readRecord(reader: BitReader, rows: RowSink, before: number): number {
    const end = reader.narrow(reader.varint());
    const head = reader.varint();
    const folded = head >>> 1;
    const index = this.#lastIndex + 1 + (folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2);
    if (index < 0 || index > this.#members.length) throw malformed('a record of no known device');
    this.#lastIndex = index;
    const known = this.#members[index];
    if (head % 2 === 0 && known === undefined) throw malformed('a delta of a device without a full record');
    const member = known !== undefined && head % 2 === 0 ? known : this.#readMember(reader, index);
    const { chain, device } = member;
    if (chain === undefined) {
      reader.skip(end);
      return before;
    }
    const { series } = member.columns;
    const values = before + Math.max(1, series.length);
    if (values > MAX_BATCH_VALUES) throw malformed('a batch has too many values');
    const from = rows.place(series.length);
    const place = { into: rows.values, from };
    if (head % 2 === 0) readDelta(reader, chain, place);
    else this.#readFull(reader, chain, place);
    reader.widen(end);
    if (hourOf(chain.at) !== this.hour) throw malformed('a record outside its hour');
    rows.take({ device, at: chain.at, series, values: place.into, from });
    return values;
  }

  #readFull(reader: BitReader, chain: DeviceChain, place: RowPlace): void {
    chain.at = this.hour * HOUR_MS + reader.bits(OFFSET_BITS);
    readFull(reader, chain, place);
  }

  /** Id and columns of a full record: a device that is new, or one that begins again. */
  #readMember(reader: BitReader, index: number): Member {
    const known = this.#members[index];
    const device = known?.device ?? readDevice(reader);
    const source = reader.varint();
    const columns = source === 0 ? readColumnList(reader) : this.#members[source - 1]?.columns;
    if (columns === undefined) throw malformed('columns of no known device');
    const why = this.#budget.refusal(columns, known?.columns);
    if (why !== undefined) throw malformed(why);
    this.#budget.take(columns, known?.columns);
    const isWanted = this.#only === undefined || this.#only === device;
    const member = { device, columns, chain: isWanted ? beginDevice(device, columns, 0) : undefined };
    this.#members[index] = member;
    return member;
  }
}

/** An array that holds doubles in one piece: a copy of a part of it is of the same kind. */
const HALVES = Array.from({ length: MAX_SERIES_PER_DEVICE }, () => 0.5);

/** Each record with an array of its own. */
class DecodedRows implements RowSink {
  readonly records: PollRecord[] = [];
  #values = new Float64Array(64);

  get values(): Float64Array {
    return this.#values;
  }

  place(count: number): number {
    if (count > this.#values.length) this.#values = new Float64Array(count);
    return 0;
  }

  take({ device, at, series }: Row): void {
    const values: (number | undefined)[] = HALVES.slice(0, series.length);
    for (let i = 0; i < values.length; i += 1) {
      const value = this.#values[i] ?? Number.NaN;
      values[i] = Number.isNaN(value) ? undefined : value;
    }
    this.records.push({ device, at, series, values });
  }
}

function readDevice(reader: BitReader): DeviceId {
  const device = DeviceId.safeParse(bytesToId(reader.bytes(16)));
  if (!device.success) throw malformed('a device id is no UUID');
  return device.data;
}
