// Follows the stored chain from its first row to its head, a page at a time.
import { setImmediate as pause } from 'node:timers/promises';
import type { Db } from '#console/store/engine.ts';
import { type AuditLink, CHAIN_ROOT, type ChainEnd, followChain } from '#shared/crypto/audit-chain.ts';
import { linksAfter } from './audit-rows.ts';

// A page of 1,000 rows is below 1 MB and 10 ms of hashing.
const VERIFY_PAGE = 1_000;

export interface ChainVerdict {
  ok: boolean;
  rows: number;
  firstBadSeq: number | null;
  why: string | null;
  /** The rows hold, and the head says another end. */
  isOfHead: boolean;
  /** The end of what holds. */
  last: ChainEnd;
}

/** `onRows` is shown every row that holds, in order. */
export async function followTrail(
  db: Db,
  onRows: (rows: readonly AuditLink[]) => void = () => {},
): Promise<ChainVerdict> {
  let last: ChainEnd = { seq: 0, hash: CHAIN_ROOT };
  // Read before the rows: what is appended meanwhile is checked too, and is no fault.
  const head = await db.selectFrom('audit_head').select(['seq', 'hash']).where('id', '=', 1).executeTakeFirst();
  const bad = (seq: number, why: string, isOfHead = true): ChainVerdict => ({
    ok: false,
    rows: seq - 1,
    firstBadSeq: seq,
    ...{ why, isOfHead, last },
  });
  for (;;) {
    const rows = await linksAfter(db, last.seq, VERIFY_PAGE);
    const check = followChain(last, rows);
    if (!check.ok) {
      onRows(rows.filter(({ seq }) => seq < check.firstBadSeq));
      return bad(check.firstBadSeq, check.why, false);
    }
    last = check.last;
    onRows(rows);
    if (rows.length < VERIFY_PAGE) break;
    // SQLite answers at once: without it nobody else is served until a long trail is followed to its end.
    await pause();
  }
  if (head === undefined) return bad(last.seq + 1, 'the head of the trail is missing');
  const atHead = await db.selectFrom('audit_log').select('hash').where('seq', '=', head.seq).executeTakeFirst();
  if (atHead !== undefined && atHead.hash !== head.hash)
    return bad(head.seq, `row ${head.seq} is not the one that the head of the trail names`);
  if (last.seq < head.seq)
    return bad(
      last.seq + 1,
      `row ${last.seq + 1} is missing: the trail ends at ${last.seq}, its head says ${head.seq}`,
    );
  return { ok: true, rows: last.seq, firstBadSeq: null, why: null, isOfHead: false, last };
}

/** Whether the chain holds, in three numbers. */
export async function verifyChain(db: Db): Promise<Pick<ChainVerdict, 'ok' | 'rows' | 'firstBadSeq'>> {
  const { ok, rows, firstBadSeq } = await followTrail(db);
  return { ok, rows, firstBadSeq };
}
