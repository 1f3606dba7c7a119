// Checks the stored checkpoints: signed by this console's audit key, of its trail, and with the hashes of the rows that stand.
import { setImmediate as pause } from 'node:timers/promises';
import type { Db } from '#console/store/engine.ts';
import { describeError } from '#shared/base/errors.ts';
import { verifyCheckpoint } from '#shared/seal/checkpoint-seal.ts';
import { checkpointsAfter, type StoredCheckpoint } from './checkpoint-repository.ts';
import { signedOf } from './checkpoints.ts';
import { firstMismatch } from './point-check.ts';
import { type Fault, rowsText, spanOf } from './trail-faults.ts';

const PAGE = 500;

export interface CheckpointVerdict {
  count: number;
  newest: { seq: number; at: number } | undefined;
  faults: Fault[];
}

/** Each kind of fault once, at its first row. */
export async function checkCheckpoints(db: Db, own: { keyId: string; console: string }): Promise<CheckpointVerdict> {
  const faults = new Map<string, Fault>();
  let [count, good] = [0, 0];
  let newest: CheckpointVerdict['newest'];
  for (;;) {
    const page = await checkpointsAfter(db, newest?.seq ?? 0, PAGE);
    for (const row of page) {
      const fault = await keyFault(row, own);
      if (fault !== undefined && !faults.has(fault.what)) faults.set(fault.what, fault);
    }
    const mismatch = faults.has('row') ? undefined : await firstMismatch(db, page, good);
    if (mismatch !== undefined) faults.set('row', rowFault(mismatch));
    count += page.length;
    good = page.at(-1)?.seq ?? good;
    const last = page.at(-1);
    if (last !== undefined) newest = { seq: last.seq, at: last.at };
    if (page.length < PAGE) return { count, newest, faults: [...faults.values()] };
    await pause(); // as in verify-chain.ts
  }
}

function rowFault({ good, bad, isMissing }: { good: number; bad: { seq: number }; isMissing: boolean }): Fault {
  const span = spanOf(good + 1, bad.seq);
  const what = isMissing ? `row ${bad.seq} is missing` : `${rowsText(span)} is not the one that was written`;
  return { kind: 'checkpoint', ...span, text: `${what}: the checkpoint at row ${bad.seq} has another hash` };
}

async function keyFault(
  row: StoredCheckpoint,
  own: { keyId: string; console: string },
): Promise<(Fault & { what: string }) | undefined> {
  const fault = (what: string, text: string) => ({
    kind: 'checkpoint' as const,
    ...{ seq: row.seq, toSeq: null, isOfKey: true, what, text },
  });
  if (row.keyId !== own.keyId)
    return fault(
      'key',
      `the checkpoint at row ${row.seq} is signed by key ${row.keyId}, not by this console's audit key`,
    );
  if (row.console !== own.console)
    return fault('trail', `the checkpoint at row ${row.seq} is of another console's trail (${row.console})`);
  try {
    await verifyCheckpoint(signedOf(row));
    return undefined;
  } catch (error) {
    return fault('signature', `the checkpoint at row ${row.seq}: ${describeError(error).message}`);
  }
}
