// Reads the file of a closed day in place: a part that the disk changed is read from its copy, or said to be damaged.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { AppError } from '#shared/base/errors.ts';
import { bytesToId, DeviceId, idToBytes, SiteId } from '#shared/base/id.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import { damaged } from './damaged.ts';
import { dayText } from './day-paths.ts';
import type { Day, DevicePlace } from './day-store.ts';
import { Dictionary } from './dictionary.ts';
import { OpenedLines } from './opened-lines.ts';
import {
  type Directory,
  HEAD_BYTES,
  type Head,
  PACKED_FORMAT,
  type PartAt,
  PLACE_BYTES,
  RECORD_BYTES,
  readHead,
  unpackDirectory,
} from './packed-format.ts';
import type { PackedRecord } from './packed-writer.ts';

const ID_BYTES = 16;

export interface PackedPlace extends DevicePlace {
  number: number;
  first: number;
  records: number;
}

export interface RecordAt extends Omit<PackedRecord, 'bytes'> {
  offset: number;
  length: number;
}

export class PackedFile {
  readonly day: Day;
  readonly path: string;
  readonly directory: Directory;
  readonly #fd: number;
  readonly #size: number;
  readonly #head: Head;
  /** The chunk that was opened last: at most 16 MiB. */
  lastOpened: { offset: number; only: ReadonlySet<number> | undefined; data: DeviceHour } | undefined;
  /** Of the device that was asked for last: its hours are read one after the other. */
  #lastRecords: { device: DeviceId; records: readonly RecordAt[] } | undefined;
  /** Lines of names that were asked for. */
  readonly openedLines = new OpenedLines();
  #parts: Buffer | undefined;
  #dictionary: Dictionary | undefined;
  /** What was read from its copy because the disk changed it. */
  readonly faults: string[] = [];

  /** Throws `store-newer`, or `frame-malformed` where neither of two copies of what is needed can be read. */
  constructor(file: string, day: Day) {
    this.day = day;
    this.path = file;
    this.#fd = openSync(file, 'r');
    try {
      this.#size = fstatSync(this.#fd).size;
      this.#head = this.#readHead();
      this.directory = unpackDirectory(this.#readTwice('its directory', this.#head.directory));
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Without the places: they are looked up in the file. */
  get dictionary(): Dictionary {
    if (this.#dictionary !== undefined) return this.#dictionary;
    const made = new Dictionary(this.day);
    made.reserve(this.directory.reserved, this.directory.series.length);
    for (const [number, series] of this.directory.series.entries()) if (series !== null) made.addSeries(number, series);
    this.#dictionary = made;
    return made;
  }

  /** The places of a device. */
  placesOf(device: DeviceId): PackedPlace[] {
    return this.#indicesOf(device).map((index) => this.placeAt(index));
  }

  /** By search in the list of parts. */
  #indicesOf(device: DeviceId): number[] {
    const id = Buffer.from(idToBytes(device));
    const parts = this.#partsList();
    const isBefore = (index: number) =>
      parts.compare(id, 0, ID_BYTES, index * PLACE_BYTES, index * PLACE_BYTES + ID_BYTES) < 0;
    let low = 0;
    let high = this.directory.places;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(middle)) low = middle + 1;
      else high = middle;
    }
    const found: number[] = [];
    for (; low < this.directory.places; low += 1) {
      if (parts.compare(id, 0, ID_BYTES, low * PLACE_BYTES, low * PLACE_BYTES + ID_BYTES) !== 0) break;
      found.push(low);
    }
    return found;
  }

  placeAt(index: number): PackedPlace {
    const parts = this.#partsList();
    const at = index * PLACE_BYTES;
    const site = this.directory.sites[parts.readUInt32BE(at + 20)];
    if (site === undefined) throw damaged(this.day, `place ${index} has no site`);
    return {
      device: DeviceId.parse(bytesToId(parts.subarray(at, at + 16))),
      site: SiteId.parse(site),
      number: parts.readUInt32BE(at + 16),
      ...spanAt(parts, at),
    };
  }

  recordsOf({ first, records }: Pick<PackedPlace, 'first' | 'records'>): RecordAt[] {
    const parts = this.#partsList();
    return Array.from({ length: records }, (_, i) => {
      const at = this.directory.places * PLACE_BYTES + (first + i) * RECORD_BYTES;
      return {
        kind: parts[at] ?? 0,
        part: parts[at + 1] ?? 0,
        hours: parts[at + 2] ?? 0,
        length: parts.readUInt32BE(at + 4),
        offset: parts.readDoubleBE(at + 8),
      };
    });
  }

  /** Of all places of a device. */
  recordsOfDevice(device: DeviceId): readonly RecordAt[] {
    if (this.#lastRecords?.device === device) return this.#lastRecords.records;
    const parts = this.#partsList();
    const records = this.#indicesOf(device).flatMap((index) => this.recordsOf(spanAt(parts, index * PLACE_BYTES)));
    this.#lastRecords = { device, records };
    return records;
  }

  /** Reads what is kept twice, both times; what is damaged is in `faults` afterwards. */
  readCopies(): void {
    for (const [what, part] of [
      ['its directory', this.#head.directory],
      ['its list of parts', this.#head.parts],
    ] as const)
      for (const offset of [part.offset, part.copy])
        if (crc32(this.read(offset, part.length)) !== part.crc) this.faults.push(what);
    for (const at of [0, this.#size - HEAD_BYTES])
      if (readHead(this.read(at, HEAD_BYTES)) === undefined) this.faults.push('its head');
  }

  read(offset: number, length: number): Uint8Array {
    if (!Number.isSafeInteger(offset) || offset < 0 || offset + length > this.#size)
      throw damaged(this.day, 'its file ends too early');
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const read = readSync(this.#fd, bytes, done, length - done, offset + done);
      if (read === 0) throw damaged(this.day, 'its file ends too early');
      done += read;
    }
    return bytes;
  }

  #readHead(): Head {
    const whole = this.#size >= 2 * HEAD_BYTES;
    const first = whole ? readHead(this.read(0, HEAD_BYTES)) : undefined;
    const head = first ?? (whole ? readHead(this.read(this.#size - HEAD_BYTES, HEAD_BYTES)) : undefined);
    if (head === undefined) throw damaged(this.day, 'its file is no day file, or its ends are lost');
    if (first === undefined) this.faults.push('its head');
    if (head.format > PACKED_FORMAT)
      throw new AppError(
        'store-newer',
        `day ${dayText(this.day)}: format ${head.format} is newer than ${PACKED_FORMAT}`,
      );
    if (head.day !== this.day) throw damaged(this.day, `its file is that of ${dayText(head.day)}`);
    return head;
  }

  #partsList(): Buffer {
    if (this.#parts !== undefined) return this.#parts;
    const bytes = this.#readTwice('its list of parts', this.#head.parts);
    this.#parts = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    return this.#parts;
  }

  #readTwice(what: string, { offset, copy, length, crc }: PartAt): Uint8Array {
    for (const at of [offset, copy]) {
      const bytes = at + length <= this.#size ? this.read(at, length) : undefined;
      if (bytes !== undefined && crc32(bytes) === crc) return bytes;
      this.faults.push(what);
    }
    throw damaged(this.day, `${what} is damaged twice`);
  }
}

/** Which records are those of the place that stands there. */
const spanAt = (parts: Buffer, at: number): Pick<PackedPlace, 'first' | 'records'> => ({
  first: parts.readUInt32BE(at + 24),
  records: parts.readUInt32BE(at + 28),
});
