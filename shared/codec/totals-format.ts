// The block of totals: count, least, greatest and sum of some series in some hours of a day, of one owner (a device, a site, a name).
//
//   block     version (1 byte) | hours (varint) | series (varint) | bits, padded with zeros to a whole byte | CRC-32 (4 bytes)
//   bits      hours (a column) | gaps of the ascending series numbers, the first from -1 (counts) | the lines of each series
//   lines     counts: 1: those of the series before; 01: those of the last series that had others; 00: a column of them
//             then, over the hours that have a count, form (2) and columns of values:
//             0 flat: least; the greatest is the same, the sum count times it
//             1 near: least, greatest - least, sum - floor(count * (least + greatest) / 2)
//             2 plain: least, greatest, sum | 3 split: least, greatest, sum, rest
//
// Columns, counts and the checksum are those of chunks (chunk-format.ts); the checksum covers the owner's id. Nothing is said of a
// rest but in `split`: it is 0. Whoever changes one of these changes the version.
import type { Rollup } from './rollup.ts';

/** The place of series i in hour j is i * hours.length + j. Where the count is 0 nothing is known: NaN and sums of 0. */
export interface TotalsBlock extends Rollup {
  /** Ascending hours since 1970, all of one day. */
  hours: Uint32Array;
  /** Ascending numbers of whoever keeps the block. */
  series: Uint32Array;
}

export const TOTALS_VERSION = 1;
export const MAX_TOTALS_HOURS = 24;
/** As many as a chunk may have. */
export const MAX_TOTALS_SERIES = 2_048;
export const FLAT = 0;
export const NEAR = 1;
export const PLAIN = 2;
export const SPLIT = 3;
/** What a series takes at least, in bits: its number, the counts, the form, one still column. */
export const MIN_LINE_BITS = 1 + 1;
/** Columns of raw doubles everywhere, with room for heads. */
export const MAX_TOTALS_BYTES = 48 * MAX_TOTALS_HOURS * MAX_TOTALS_SERIES;

export function emptyTotals(hours: Uint32Array, series: Uint32Array): TotalsBlock {
  const places = hours.length * series.length;
  return {
    hours,
    series,
    count: new Float64Array(places),
    min: new Float64Array(places).fill(Number.NaN),
    max: new Float64Array(places).fill(Number.NaN),
    sum: new Float64Array(places),
    rest: new Float64Array(places),
  };
}
