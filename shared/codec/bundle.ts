// Several batches of one chain as one frame: what waits at a relay travels, is stored and is sealed together.
//
//   bundle  0xb1 | part, part, ... to the end
//   part    length of the batch (3 bytes, big-endian) | samples in it (3 bytes) | the batch
import { malformed } from './malformed.ts';

/** First byte; delta-format.ts counts its versions from 1 up and never comes here. */
const MARK = 0xb1;
const HEAD_BYTES = 1;
const PART_HEAD_BYTES = 6;

/** A batch, and how many samples its maker says it holds. */
export interface BundlePart {
  n: number;
  data: Uint8Array;
}

/** 64 KiB of the smallest batches that devices at rest make. */
export const MAX_BUNDLE_BATCHES = 1_024;

/** Where the first batch of a bundle begins. */
export const FIRST_BATCH_AT = HEAD_BYTES + PART_HEAD_BYTES;

export const isBundle = (data: Uint8Array): boolean => data[0] === MARK;

/** What `data` grows to in a bundle. */
export const bundledBytes = (data: Uint8Array): number => PART_HEAD_BYTES + data.length;

/** Batches that follow one another; one alone stays as it is. */
export function bundle(batches: readonly BundlePart[]): Uint8Array {
  const [only] = batches;
  if (only !== undefined && batches.length === 1) return only.data;
  const bytes = new Uint8Array(batches.reduce((sum, { data }) => sum + bundledBytes(data), HEAD_BYTES));
  bytes[0] = MARK;
  let at = HEAD_BYTES;
  for (const { n, data } of batches) {
    put24(bytes, at, data.length);
    put24(bytes, at + 3, n);
    bytes.set(data, at + PART_HEAD_BYTES);
    at += bundledBytes(data);
  }
  return bytes;
}

/** The batches of a bundle, views of it. Throws AppError('frame-malformed') where lengths do not fit. */
export function partsOf(data: Uint8Array): BundlePart[] {
  if (!isBundle(data)) throw malformed('no bundle');
  const parts: BundlePart[] = [];
  for (let at = HEAD_BYTES; at < data.length; ) {
    if (at + PART_HEAD_BYTES > data.length) throw malformed('a bundle ends within a head');
    const length = get24(data, at);
    const n = get24(data, at + 3);
    at += PART_HEAD_BYTES;
    if (length === 0 || length > data.length - at) throw malformed(`a bundle has a batch of ${length} bytes`);
    if (parts.length === MAX_BUNDLE_BATCHES) throw malformed(`more than ${MAX_BUNDLE_BATCHES} batches in a bundle`);
    parts.push({ n, data: data.subarray(at, at + length) });
    at += length;
  }
  if (parts.length < 2) throw malformed('a bundle of fewer than two batches');
  return parts;
}

/** The data of each batch of a frame: of a bundle its parts, of a batch itself. */
export const batchesOf = (data: Uint8Array): Uint8Array[] =>
  isBundle(data) ? partsOf(data).map((part) => part.data) : [data];

function put24(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 16;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value;
}

const get24 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
