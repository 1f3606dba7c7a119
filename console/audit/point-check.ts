// Compares points of the trail that others hold with the rows that stand.
import type { Db } from '#console/store/engine.ts';
import { MARK_BYTES, type TrailPoint } from '#shared/model/audit-checkpoint.ts';

// SQLite binds 32,766 values at most; a page of 500 is as much as one answer of a relay holds.
const AT_ONCE = 500;

async function hashesAt(db: Db, seqs: readonly number[]): Promise<Map<number, string>> {
  const known = new Map<number, string>();
  for (let from = 0; from < seqs.length; from += AT_ONCE) {
    const page = seqs.slice(from, from + AT_ONCE);
    const rows = await db.selectFrom('audit_log').select(['seq', 'hash']).where('seq', 'in', page).execute();
    for (const { seq, hash } of rows) known.set(seq, hash);
  }
  return known;
}

export interface Mismatch {
  /** The last point before it that fits; 0 when none does. */
  good: number;
  bad: TrailPoint;
  /** No such row stands. */
  isMissing: boolean;
}

/** The first of `points` (in order) that is not in the trail. */
export async function firstMismatch(db: Db, points: readonly TrailPoint[], good = 0): Promise<Mismatch | undefined> {
  const rows = await hashesAt(
    db,
    points.map(({ seq }) => seq),
  );
  let last = good;
  for (const point of points) {
    const hash = rows.get(point.seq);
    if (hash !== point.hash) return { good: last, bad: point, isMissing: hash === undefined };
    last = point.seq;
  }
  return undefined;
}

export interface MarkedRow {
  seq: number;
  isMissing: boolean;
  /** The first mark of all: what lies before it is not known. */
  isFirst: boolean;
}

/** The first row whose hash does not begin as `marks`, which end at `lastSeq`, say it did. */
export async function firstUnmarked(db: Db, marks: Uint8Array, lastSeq: number): Promise<MarkedRow | undefined> {
  const count = marks.length / MARK_BYTES;
  const first = lastSeq - count + 1;
  const seqs = Array.from({ length: count }, (_, i) => first + i);
  const rows = await hashesAt(db, seqs);
  for (const [i, seq] of seqs.entries()) {
    const mark = Buffer.from(marks.subarray(i * MARK_BYTES, (i + 1) * MARK_BYTES)).toString('hex');
    const hash = rows.get(seq);
    if (hash?.startsWith(mark) !== true) return { seq, isMissing: hash === undefined, isFirst: i === 0 };
  }
  return undefined;
}
