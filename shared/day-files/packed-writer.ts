// Writes the file of a closed day under another name, and gives it the day's name when all of it is on disk.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { idToBytes } from '#shared/base/id.ts';
import type { Day, DevicePlace } from './day-store.ts';
import { syncFolder } from './open-day-database.ts';
import {
  type Directory,
  HEAD_BYTES,
  headBytes,
  PACKED_FORMAT,
  type PartAt,
  PLACE_BYTES,
  packDirectory,
  RAW_RECORD,
  RECORD_BYTES,
} from './packed-format.ts';

/** Written at once: 25,000 devices of 3 kB are some 300 calls. */
const BUFFER_BYTES = 256 * 1024;

export interface PackedRecord {
  kind: number;
  /** Hour of the day. */
  part: number;
  hours: number;
  bytes: Uint8Array;
}

interface PlaceRow {
  id: Uint8Array;
  number: number;
  site: number;
  records: Array<{ kind: number; part: number; hours: number; offset: number; length: number }>;
}

export type DirectoryRest = Pick<Directory, 'series' | 'reserved' | 'coverage'>;

export class PackedWriter {
  readonly #day: Day;
  readonly #file: string;
  readonly #made: string;
  #fd: number | undefined;
  readonly #buffer = Buffer.alloc(BUFFER_BYTES);
  #held = 0;
  #written = 0;
  readonly #places: PlaceRow[] = [];
  readonly #sites = new Map<string, number>();
  readonly #lines: Directory['lines'] = [];
  #hasRaw = false;

  constructor(file: string, day: Day) {
    this.#day = day;
    this.#file = file;
    this.#made = `${file}.tmp`;
    rmSync(this.#made, { force: true });
    this.#fd = openSync(this.#made, 'wx', 0o600);
    // Room for the head, which is known at the end.
    this.#append(Buffer.alloc(HEAD_BYTES));
  }

  /** Where it lies until it has its name. */
  get madeFile(): string {
    return this.#made;
  }

  siteIndex(site: string): number {
    const known = this.#sites.get(site);
    if (known !== undefined) return known;
    this.#sites.set(site, this.#sites.size);
    return this.#sites.size - 1;
  }

  addPlace(number: number, { device, site }: DevicePlace, records: readonly PackedRecord[]): void {
    this.#places.push({
      id: idToBytes(device),
      number,
      site: this.siteIndex(site),
      records: records.map(({ kind, part, hours, bytes }) => {
        if (kind === RAW_RECORD) this.#hasRaw = true;
        return { kind, part, hours, offset: this.#append(bytes), length: bytes.length };
      }),
    });
  }

  addLines(name: number, bytes: Uint8Array): void {
    this.#lines.push([name, this.#append(bytes), bytes.length]);
  }

  /** All on disk, still under the other name. */
  finish(rest: DirectoryRest): void {
    const parts = this.#partsBytes();
    const directory = packDirectory({
      ...rest,
      sites: [...this.#sites.keys()],
      places: this.#places.length,
      records: this.#places.reduce((sum, { records }) => sum + records.length, 0),
      hasRaw: this.#hasRaw,
      lines: this.#lines,
    });
    const at = (bytes: Uint8Array): PartAt => ({ offset: 0, copy: 0, length: bytes.length, crc: crc32(bytes) });
    const head = { format: PACKED_FORMAT, day: this.#day, directory: at(directory), parts: at(parts) };
    head.parts.offset = this.#append(parts);
    head.directory.offset = this.#append(directory);
    head.directory.copy = this.#append(directory);
    head.parts.copy = this.#append(parts);
    this.#append(headBytes(head));
    this.#flush();
    if (this.#fd === undefined) return;
    writeAll(this.#fd, headBytes(head), 0);
    fsyncSync(this.#fd);
    this.#close();
  }

  /** The file has its name from now on, and what stood there before is gone. */
  rename(): void {
    renameSync(this.#made, this.#file);
    syncFolder(path.dirname(this.#file));
  }

  /** Nothing of it remains. */
  discard(): void {
    this.#close();
    rmSync(this.#made, { force: true });
  }

  #close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #partsBytes(): Uint8Array {
    this.#places.sort((a, b) => Buffer.compare(a.id, b.id) || a.number - b.number);
    const records = this.#places.reduce((sum, place) => sum + place.records.length, 0);
    const bytes = Buffer.alloc(this.#places.length * PLACE_BYTES + records * RECORD_BYTES);
    let next = 0;
    for (const [i, place] of this.#places.entries()) {
      const at = i * PLACE_BYTES;
      bytes.set(place.id, at);
      bytes.writeUInt32BE(place.number, at + 16);
      bytes.writeUInt32BE(place.site, at + 20);
      bytes.writeUInt32BE(next, at + 24);
      bytes.writeUInt32BE(place.records.length, at + 28);
      for (const record of place.records) {
        const to = this.#places.length * PLACE_BYTES + next * RECORD_BYTES;
        bytes[to] = record.kind;
        bytes[to + 1] = record.part;
        bytes[to + 2] = record.hours;
        bytes.writeUInt32BE(record.length, to + 4);
        bytes.writeDoubleBE(record.offset, to + 8);
        next += 1;
      }
    }
    return bytes;
  }

  #append(bytes: Uint8Array): number {
    const offset = this.#written + this.#held;
    if (this.#held + bytes.length > BUFFER_BYTES) this.#flush();
    if (bytes.length > BUFFER_BYTES) {
      if (this.#fd !== undefined) writeAll(this.#fd, bytes, this.#written);
      this.#written += bytes.length;
    } else {
      this.#buffer.set(bytes, this.#held);
      this.#held += bytes.length;
    }
    return offset;
  }

  #flush(): void {
    if (this.#fd !== undefined) writeAll(this.#fd, this.#buffer.subarray(0, this.#held), this.#written);
    this.#written += this.#held;
    this.#held = 0;
  }
}

function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, position + done);
}
