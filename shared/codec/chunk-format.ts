// The chunk: what is kept of one device in one UTC hour (or several, of a closed day), and the bounds both ends hold it to.
//
//   chunk     version (1 byte) | rows (varint) | columns (varint) | bits, padded with zeros to a whole byte | CRC-32 (4 bytes)
//   bits      times (a column) | gaps of the ascending series numbers, the first from -1 (counts) | presence and values of each
//             series, when it has a value
//   presence  1: every row has a value | 00: the rows of the last column that lacked some | 01: whether the first row has one (1),
//             then the lengths of runs of rows with and without, in turn (counts)
//   column    kind (2): 0 still, 1 to 3 is 1 + order | isScaled (1), and then the scale (3): decimals, or RAW
//             raw: 64 bits of IEEE 754 a value | still: the base (sized) | else
//             base (sized) | hasStep (1), and then the step (sized) | Rice parameter k (6) | centre (residual, k 3)
//             | a residual, by k, for each value but the first; or k SPARSE and no centre, then, over the changes of n from one
//             value to the next: how many are zero up to the next other one, plus 1 (count), and that one (sized), up to the end
//   count     an integer from 1: its bit length - 1 in ones and a zero, then its bits without the leading one
//
// A value is (base + step * n) / 10^decimals, n of the first value 0. A residual is, for order 0, n - c; for order 1, n - the last
// n - c; for order 2, n - the last n - what that was for the value before, beginning with c. c is centre * 2^max(0, k - 2).
// Bits are written most significant first. Sized and residual codes: residual-code.ts. The checksum covers the device's id and
// all bytes before it. Whoever changes one of these changes the version.
import { crc32 } from 'node:zlib';
import { MAX_SERIES_PER_DEVICE } from '#shared/model/metric-catalogue.ts';

export const CHUNK_VERSION = 1;

/** A poll a second; live polls come every 2 s. */
export const MAX_CHUNK_ROWS = 3_600;
/** A device may have that many series at any moment, so each of them may be replaced by another once within the hour. */
export const MAX_CHUNK_COLUMNS = 2 * MAX_SERIES_PER_DEVICE;
/** 1,024 series polled every 2 s are 1.84 million: 16 MiB of values is the most that a decoder makes. */
export const MAX_CHUNK_CELLS = 2 ** 21;
/** A chunk of raw doubles in all cells, with room for heads and runs. */
export const MAX_CHUNK_BYTES = 9 * MAX_CHUNK_CELLS;
/** Numbers of series are below this: their gaps are counts of at most 24 bits. */
export const MAX_SERIES_NUMBER = 2 ** 24 - 2;

/** What a column takes at least, in bits: presence, kind, no scale, a base of zero; and one for its series number. */
export const MIN_COLUMN_BITS = 1 + 2 + 1 + 6 + 1;
export const CHECKSUM_BYTES = 4;

/** In place of decimals: the values are doubles as they are. */
export const RAW = 7;
/** In place of k: few values change. */
export const SPARSE = 63;
/** A change alone costs about this many bits, a Rice code of nothing but zeros a bit for each value. */
export const SPARSE_SHARE = 16;
/** Values have up to 10^-6: what a script prints as a decimal is one. */
export const MAX_DECIMALS = 6;
/** All values of a column lie within this many steps, so that second differences less a centre are exact doubles. */
export const MAX_RANGE = 2 ** 50;
/** The centre is kept in quarters of the Rice unit: finer would cost more than it saves. */
export const CENTRE_QUARTERS = 2;
export const CENTRE_RICE = 3;

/** The bytes are bound to their device: under another's key they are damaged, and said to be so. */
export const chunkChecksum = (device: string, bytes: Uint8Array): number => crc32(bytes, ownerSum(device));

/** An estate and its sites; at the bound the knowledge begins anew. */
const MAX_OWNERS = 32_768;
const owners = new Map<string, number>();

function ownerSum(owner: string): number {
  const known = owners.get(owner);
  if (known !== undefined) return known;
  const sum = crc32(owner.toLowerCase());
  if (owners.size >= MAX_OWNERS) owners.clear();
  owners.set(owner, sum);
  return sum;
}
