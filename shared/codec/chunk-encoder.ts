// Seals an hour of a device into a chunk; the layout stands in chunk-format.ts.
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { BitWriter } from './bit-writer.ts';
import { CHECKSUM_BYTES, CHUNK_VERSION, chunkChecksum, MAX_CHUNK_ROWS } from './chunk-format.ts';
import { type DeviceHour, type HourSpan, hourRefusal } from './device-hour.ts';
import { type Presence, writePresence } from './presence-runs.ts';
import { writeCount } from './residual-code.ts';
import { writeColumn } from './write-column.ts';

/** Keeps its buffers from chunk to chunk: a sealing worker has one. */
export class ChunkEncoder {
  readonly #writer = new BitWriter(4_096);
  readonly #column = new Float64Array(MAX_CHUNK_ROWS);
  /** The gaps that were written last. */
  #former: Presence | undefined;

  /** Throws AppError('bad-request') that names the device when the hour breaks a bound; nothing is clamped or dropped. Without a span it is one hour. */
  encode(device: DeviceId, hour: DeviceHour, span?: HourSpan): Uint8Array {
    const why = hourRefusal(hour, span) ?? this.#write(hour);
    const body = this.#writer.take();
    if (why !== undefined) throw new AppError('bad-request', `device ${device}: ${why}`);
    const chunk = new Uint8Array(body.length + CHECKSUM_BYTES);
    chunk.set(body);
    new DataView(chunk.buffer).setUint32(body.length, chunkChecksum(device, body));
    return chunk;
  }

  #write({ times, series, values }: DeviceHour): string | undefined {
    const writer = this.#writer;
    const rows = times.length;
    writer.reserve(16 + series.length * 6);
    writer.bits(CHUNK_VERSION, 8);
    writer.varint(rows);
    writer.varint(series.length);
    this.#column.set(times);
    writeColumn(writer, this.#column, rows);
    let former = -1;
    for (const number of series) {
      writeCount(writer, number - former);
      former = number;
    }
    this.#former = undefined;
    let why: string | undefined;
    for (let i = 0; i < series.length; i += 1) {
      why ??= this.#writeSeries(values, i * rows, rows) ? undefined : `series ${series[i]} has a value without end`;
    }
    writer.align();
    return why;
  }

  /** False when a value is infinite. */
  #writeSeries(values: Float64Array, from: number, rows: number): boolean {
    const column = this.#column;
    let count = 0;
    for (let i = from; i < from + rows; i += 1) {
      const value = values[i] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      if (value - value !== 0) return false;
      column[count] = value;
      count += 1;
    }
    if (count === rows) this.#writer.bits(1, 1);
    else this.#writeGaps(values, from, rows);
    if (count > 0) writeColumn(this.#writer, column, count);
    return true;
  }

  #writeGaps(values: Float64Array, from: number, rows: number): void {
    const present = new Uint8Array(rows);
    for (let i = 0; i < rows; i += 1) present[i] = Number.isNaN(values[from + i]) ? 0 : 1;
    writePresence(this.#writer, present, this.#former);
    this.#former = present;
  }
}
