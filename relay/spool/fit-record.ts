// Cuts a record to what one batch can carry, before it has a number: a record that cannot be written would block its lane.
import { AppError } from '#shared/base/errors.ts';
import type { OutcomeRecord, SpoolRecord } from '#shared/model/record.ts';
import { MAX_BATCH_BYTES } from '#shared/protocol/batch.ts';

/** Room for everything of a record but its two outputs or its body: details of 2,000 characters, ids, names. */
const OTHER_BYTES = 16 * 1024;
const OUTPUT_BYTES = MAX_BATCH_BYTES - OTHER_BYTES;

/** Outputs of a command are cut, marked as truncated; a fact over the bound throws `too-large` at its maker. */
export function fitRecord(record: SpoolRecord): SpoolRecord {
  if (record.type === 'outcome') return fitOutcome(record);
  if (record.type === 'fact' && Buffer.byteLength(record.body) > OUTPUT_BYTES) {
    throw new AppError('too-large', `fact ${record.kind} of device ${record.device} is over ${OUTPUT_BYTES} bytes`);
  }
  return record;
}

function fitOutcome(record: OutcomeRecord): OutcomeRecord {
  const { stdout, stderr } = record;
  if ((stdout?.length ?? 0) + (stderr?.length ?? 0) <= OUTPUT_BYTES) return record;
  // Errors are short and say why: they keep up to half, the output what is left.
  const kept = stderr?.subarray(0, Math.max(OUTPUT_BYTES >> 1, OUTPUT_BYTES - (stdout?.length ?? 0)));
  return {
    ...record,
    ...(kept !== undefined && { stderr: kept }),
    ...(stdout !== undefined && { stdout: stdout.subarray(0, OUTPUT_BYTES - (kept?.length ?? 0)) }),
    isTruncated: true,
  };
}
