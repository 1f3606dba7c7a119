// HISTORY and CHUNKS, since protocol 8: what a relay keeps of its own site's past, asked by the console.
import { z } from 'zod';
import { Bytes } from '#shared/base/bytes.ts';
import { WIRE_CODES } from '#shared/base/errors.ts';
import { DeviceId } from '#shared/base/id.ts';
import { MAX_CHUNK_COLUMNS, MAX_SERIES_NUMBER } from '#shared/codec/chunk-format.ts';
import { MAX_INSTANCE_BYTES } from '#shared/model/metric-catalogue.ts';

/** The first protocol whose peers know these messages. */
export const HISTORY_PROTOCOL = 8;

/** Chunks of one answer together: a second of a line of 2 Mb/s. The relay gives less where the line is slower. */
export const MAX_CHUNKS_BYTES = 256 * 1024;
/** Of one answer; a chunk of one row and one series takes 20 bytes. */
export const MAX_CHUNKS = 4_096;
/** 31 days, the most that a relay keeps and a day for the edges. */
export const MAX_HISTORY_HOURS = 32 * 24;
/** Of one answer: four full devices without a series in common, or a whole site that has most in common. */
export const MAX_CHUNK_SERIES = 4 * MAX_CHUNK_COLUMNS;

/** Counts up from 1 in a run of the console; the answer names it. */
const AskId = z.int().min(1);
/** Whole hours since 1970-01-01 UTC, up to the year 2400. */
const Hour = z.int().min(0).max(3_770_000);
const Span = { from: Hour, to: Hour };

/** The last row that was told. Hours come in order, the devices of an hour by their ids, a long hour of a device in parts. */
const ChunkCursor = z.strictObject({ hour: Hour, device: DeviceId, at: z.int().nonnegative() });
export type ChunkCursor = z.infer<typeof ChunkCursor>;

/**
 * `from` <= hour < `to`. `chunks`: of one device, or of all; what follows `after`, of at most `maxBytes` in all, or a single chunk.
 * `got`: the answer has come, told at once, before it is worked on: from that the relay learns what the line carries.
 */
export const HistoryMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('coverage'), ask: AskId, ...Span }),
  z.strictObject({
    kind: z.literal('chunks'),
    ask: AskId,
    ...Span,
    device: DeviceId.optional(),
    after: ChunkCursor.optional(),
    maxBytes: z.int().min(1_024).max(MAX_CHUNKS_BYTES),
  }),
  z.strictObject({ kind: z.literal('got'), ask: AskId }),
]);
export type HistoryMessage = z.infer<typeof HistoryMessage>;

const Count = z.int().nonnegative();

const ChunkSeries = z.strictObject({
  number: z.int().min(0).max(MAX_SERIES_NUMBER),
  /** Its name in the catalogue. */
  metric: z.string().min(1).max(128),
  instance: z.string().max(MAX_INSTANCE_BYTES),
});

const Chunk = z.strictObject({
  device: DeviceId,
  hour: Hour,
  data: Bytes.refine(({ length }) => length <= MAX_CHUNKS_BYTES, `expected at most ${MAX_CHUNKS_BYTES} bytes`),
});

/** `series` says what the numbers in these chunks stand for. Without `next` nothing follows. */
export const ChunksMessage = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('coverage'),
    ask: AskId,
    hours: z.array(z.strictObject({ hour: Hour, devices: Count, samples: Count })).max(MAX_HISTORY_HOURS),
  }),
  z.strictObject({
    kind: z.literal('chunks'),
    ask: AskId,
    series: z.array(ChunkSeries).max(MAX_CHUNK_SERIES),
    chunks: z.array(Chunk).max(MAX_CHUNKS),
    next: ChunkCursor.optional(),
  }),
  z.strictObject({
    kind: z.literal('refusal'),
    ask: AskId,
    code: z.enum(WIRE_CODES),
    message: z.string().max(1_000),
  }),
]);
export type ChunksMessage = z.infer<typeof ChunksMessage>;
