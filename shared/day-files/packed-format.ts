// The file of a closed day: written once, read in place, every part with a checksum, and what finds the parts kept twice.
//
//   file     head (80 bytes) | records and lines | parts list | directory | directory again | parts list again | head again
//   head     magic (8) | format (4) | day (4) | offset (8), length (4) and CRC-32 (4) of the directory, its copy's offset (8),
//            the same of the parts list and its copy | padding | CRC-32 of all before (4). Integers big-endian, offsets as doubles
//   record   a chunk or a block of totals of a device, with the codec's own checksum, bound to device and hours
//   line     a block of totals of a name, with a line for each site (its place in the directory's list of sites)
//   parts    a row of 40 bytes for each place: device (16) | number (4) | site (4) | first record (4) | records (4) | none (8),
//            ascending by device; then a row of 16 for each record: kind (1) | hour of the day (1) | hours (1) | none (1) |
//            length (4) | offset (8)
//   directory  deflated JSON: series, sites, places and records in the parts list, lines by name, coverage
//
// Whoever changes one of these changes the format's number.
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import type { Day } from './day-store.ts';

export const PACKED_FORMAT = 1;
export const HEAD_BYTES = 80;
const MAGIC = 'RMMDAYS\n';
export const PLACE_BYTES = 40;
export const RECORD_BYTES = 16;
export const RAW_RECORD = 0;
export const TOTALS_RECORD = 1;
/** A directory of 2^18 series with names of 300 bytes. */
const MAX_DIRECTORY_BYTES = 128 * 2 ** 20;

const count = z.int().nonnegative();
export const Directory = z.strictObject({
  /** By number; null where the dictionary was damaged before. */
  series: z.array(
    z
      .strictObject({
        name: z.string(),
        instance: z.string(),
        unit: z.string(),
        kind: z.enum(['gauge', 'counter']),
        resolution: z.number(),
      })
      .nullable(),
  ),
  sites: z.array(z.uuid()),
  places: count,
  /** Numbers below this were given to places, found or not. */
  reserved: count,
  records: count,
  hasRaw: z.boolean(),
  /** Number of the name, offset, length. */
  lines: z.array(z.tuple([count, count, count])),
  coverage: z.array(z.strictObject({ relay: z.uuid(), hour: count, devices: count, samples: count })),
});
export type Directory = z.infer<typeof Directory>;

export interface PartAt {
  offset: number;
  copy: number;
  length: number;
  crc: number;
}

export interface Head {
  format: number;
  day: Day;
  directory: PartAt;
  parts: PartAt;
}

export function headBytes({ format, day, directory, parts }: Head): Uint8Array {
  const bytes = Buffer.alloc(HEAD_BYTES);
  bytes.write(MAGIC, 0, 'latin1');
  bytes.writeUInt32BE(format, 8);
  bytes.writeUInt32BE(day, 12);
  for (const [i, part] of [directory, parts].entries()) {
    const at = 16 + 24 * i;
    bytes.writeDoubleBE(part.offset, at);
    bytes.writeDoubleBE(part.copy, at + 8);
    bytes.writeUInt32BE(part.length, at + 16);
    bytes.writeUInt32BE(part.crc, at + 20);
  }
  bytes.writeUInt32BE(crc32(bytes.subarray(0, HEAD_BYTES - 4)), HEAD_BYTES - 4);
  return bytes;
}

/** Undefined when these bytes are no head, or a changed one. */
export function readHead(from: Uint8Array): Head | undefined {
  const bytes = Buffer.from(from.buffer, from.byteOffset, from.length);
  if (bytes.length !== HEAD_BYTES || bytes.toString('latin1', 0, 8) !== MAGIC) return undefined;
  if (crc32(bytes.subarray(0, HEAD_BYTES - 4)) !== bytes.readUInt32BE(HEAD_BYTES - 4)) return undefined;
  const partAt = (at: number): PartAt => ({
    offset: bytes.readDoubleBE(at),
    copy: bytes.readDoubleBE(at + 8),
    length: bytes.readUInt32BE(at + 16),
    crc: bytes.readUInt32BE(at + 20),
  });
  return { format: bytes.readUInt32BE(8), day: bytes.readUInt32BE(12), directory: partAt(16), parts: partAt(40) };
}

export const packDirectory = (directory: Directory): Uint8Array => deflateRawSync(JSON.stringify(directory));

/** Bytes of a right checksum: what they say is ours, or a bug. */
export const unpackDirectory = (bytes: Uint8Array): Directory =>
  Directory.parse(JSON.parse(inflateRawSync(bytes, { maxOutputLength: MAX_DIRECTORY_BYTES }).toString('utf8')));

/** Whose the lines of a name are, for the checksum of their block. */
export const lineOwner = (day: Day, name: number): string => `day ${day} name ${name}`;
