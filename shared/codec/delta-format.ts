// The delta frame: what stands in the data of a BATCH of kind `samples`, and the bounds both ends hold it to.
//
//   batch   version (1 byte) | ordinal (varint) | hour (varint, only when ordinal is 0) | record, record, ... to the end
//   record  length of the rest (varint) | zigzag(device index - (last index + 1)) * 2 + isFull (varint) | body
//   full    [16 bytes of id, when the index is the next free one]
//           source (varint): 0, then columns follow here; j + 1: the columns device j of this chain has at this moment
//           bits: offset in the hour (22) | all present (1) or 0 and one bit a column | a sized number for each present column
//   delta   bits: interval since the device's former record, as a gauge column | 0, or 1 and one bit a column: presence changed
//           | all quiet columns unchanged (1), or 0 and one bit for each quiet column | a residual for each column not known so
//   column  metric * 2 + isCounter (varint) | bytes of instance (1 byte) | instance, UTF-8
//   columns count (varint) | column, column, ...
//
// A chain is all batches of one encoder: (lane, hour), from an ordinal 0 to the batch before the next ordinal 0. Bits are
// written most significant first, a record ends padded with zeros. Sized and residual codes: residual-code.ts. Predictors
// and Rice parameters are learned alike on both sides: column-model.ts. Whoever changes one of these three changes the version.

export const DELTA_VERSION = 1;

/** Twice the largest roster; an index fits two bytes. */
export const MAX_CHAIN_DEVICES = 4_096;
/** Columns of all devices of a chain together, about 45 MB of state: 2,000 devices of 500 columns. */
export const MAX_CHAIN_COLUMNS = 1_000_000;
/** Encoded column lists of all devices of a chain together; 2,000 devices of 500 columns of 16 bytes, twice over. */
export const MAX_CHAIN_LIST_BYTES = 32 * 1024 * 1024;
/** One device's encoded column list; with its values it stays far below a batch's 256 KiB. */
export const MAX_LIST_BYTES = 128 * 1024;
/** Values of one batch, unknown ones counted too, so that few bytes cannot become many megabytes. */
export const MAX_BATCH_VALUES = 200_000;
/** A decoder reads no more than this; the wire allows a quarter of it. */
export const MAX_DELTA_BYTES = 1024 * 1024;

/** Counters are 0..MAX_COUNTER. */
export const MAX_COUNTER = Number.MAX_SAFE_INTEGER;
/** Gauges are -MAX_GAUGE..MAX_GAUGE: the difference of any two is an exact double. */
export const MAX_GAUGE = 2 ** 52;

/** Bits of a millisecond within an hour. */
export const OFFSET_BITS = 22;
