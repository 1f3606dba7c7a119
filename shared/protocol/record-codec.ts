// The data of a BATCH of kind `records`: a msgpack array of SpoolRecord, checked like a frame.
import { z } from 'zod';
import { AppError, type ErrorCode } from '#shared/base/errors.ts';
import { SpoolRecord } from '#shared/model/record.ts';
import { MAX_BATCH_BYTES } from './batch.ts';
import { firstIssue } from './first-issue.ts';
import { packMsgpack, unpackMsgpack } from './msgpack.ts';

/** Array, record, identity, its lists: 4 in use. */
const MAX_DEPTH = 8;
/** 2,000 state records of 12 values and keys each, twice over. */
const MAX_NODES = 50_000;

const Records = z.array(SpoolRecord);

/** Throws AppError('too-large') when the records do not fit one batch; the maker splits them or cuts their content. */
export function encodeRecords(records: readonly SpoolRecord[]): Uint8Array {
  const bytes = packMsgpack(records);
  if (bytes.length > MAX_BATCH_BYTES)
    throw new AppError('too-large', `${records.length} records of ${bytes.length} bytes, more than ${MAX_BATCH_BYTES}`);
  return bytes;
}

/** Never throws, whatever the bytes: all records are good, or none is taken. */
export function decodeRecords(
  data: Uint8Array,
): { ok: true; records: SpoolRecord[] } | { ok: false; code: ErrorCode; message: string } {
  if (data.length > MAX_BATCH_BYTES)
    return {
      ok: false,
      code: 'frame-oversized',
      message: `records: ${data.length} bytes, more than ${MAX_BATCH_BYTES}`,
    };
  const unpacked = unpackMsgpack(data, { maxDepth: MAX_DEPTH, maxNodes: MAX_NODES });
  if (!unpacked.ok) return { ok: false, code: 'frame-malformed', message: `records: ${unpacked.message}` };
  const parsed = Records.safeParse(unpacked.value);
  return parsed.success
    ? { ok: true, records: parsed.data }
    : { ok: false, code: 'frame-malformed', message: `records: ${firstIssue(parsed.error)}` };
}
