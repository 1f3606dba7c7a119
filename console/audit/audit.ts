// The audit trail: appended inside the transaction of what it tells, read in pages, checked as a chain.

import type { Scope } from '#console/access/scope.ts';
import {
  olderThan,
  type PageOf,
  type PageRequest,
  pageFrom,
  readCursor,
  SeqKey,
  type TimeBound,
} from '#console/store/cursor.ts';
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import type { Clock } from '#shared/base/clock.ts';
import { canonicalJson } from '#shared/seal/canonical.ts';
import { type AuditLink, CHAIN_ROOT, followChain, linkHash } from './audit-chain.ts';

export type AuditOutcome = 'ok' | 'denied' | 'failed' | 'refused';

export interface AuditEntry {
  /** "person:<id>", "token:<person id>", "relay:<id>", "system:<part>" or "anonymous". */
  actor: string;
  /** "room.verb", e.g. "relay.revoke". */
  verb: string;
  /** "device:<id>", "site:<id>" ... */
  resource: string;
  outcome: AuditOutcome;
  /** Peer address of whoever asked. */
  address?: string | undefined;
  /** Flat facts worth keeping: strings are cut and cleaned, never a secret. */
  detail?: Readonly<Record<string, string | number | boolean | null | undefined>>;
}

/** A row as it is shown: its detail read back from the text that was hashed. */
export interface AuditRow extends Omit<AuditLink, 'detail' | 'prev'> {
  detail: unknown;
}

const COLUMNS = ['seq', 'at', 'actor', 'verb', 'resource', 'outcome', 'address', 'detail', 'prev', 'hash'] as const;
// A page of 1,000 rows is below 1 MB and 10 ms of hashing.
const VERIFY_PAGE = 1_000;

function detailText(detail: AuditEntry['detail']): string {
  const members = Object.entries(detail ?? {}).flatMap(
    ([key, value]): Array<[string, string | number | boolean | null]> => {
      if (value === undefined) return [];
      if (typeof value === 'string') return [[storedText(key, 100), storedText(value)]];
      // Canonical JSON knows integers only.
      if (typeof value === 'number' && !Number.isSafeInteger(value)) return [[storedText(key, 100), String(value)]];
      return [[storedText(key, 100), value]];
    },
  );
  return canonicalJson(Object.fromEntries(members));
}

export class Audit {
  #clock: Clock;

  constructor(deps: { clock: Clock }) {
    this.#clock = deps.clock;
  }

  /** Appends one row; whoever appends next waits until `tx` ends, so append last. Returns the row's number. */
  append(tx: Tx, entry: AuditEntry): Promise<number> {
    return this.appendMany(tx, [entry]);
  }

  /** Appends rows in order with one statement; returns the number of the last, or of the newest row when there are none. */
  async appendMany(tx: Tx, entries: readonly AuditEntry[]): Promise<number> {
    const head = await tx
      .selectFrom('audit_head')
      .select(['seq', 'hash'])
      .where('id', '=', 1)
      .$call(lockRows(tx))
      .executeTakeFirstOrThrow();
    let { seq, hash } = head;
    const rows = entries.map((entry) => {
      seq += 1;
      const content = {
        seq,
        at: this.#clock.now(),
        actor: storedText(entry.actor, 200),
        verb: storedText(entry.verb, 100),
        resource: storedText(entry.resource, 200),
        outcome: entry.outcome,
        address: entry.address === undefined ? null : storedText(entry.address, 100),
        detail: detailText(entry.detail),
      };
      const prev = hash;
      hash = linkHash(content, prev);
      return { ...content, prev, hash };
    });
    // 10 columns a row; SQLite binds 32,766 values at most.
    for (let from = 0; from < rows.length; from += 500)
      await tx
        .insertInto('audit_log')
        .values(rows.slice(from, from + 500))
        .execute();
    if (rows.length > 0) await tx.updateTable('audit_head').set({ seq, hash }).where('id', '=', 1).execute();
    return seq;
  }
}

/** The chain from its first row to the head; a tail cut off together with the head is for the relays as witnesses. */
export async function verifyChain(db: Db): Promise<{ ok: boolean; rows: number; firstBadSeq: number | null }> {
  let last = { seq: 0, hash: CHAIN_ROOT };
  // Read before the rows: what is appended meanwhile is checked too, and is no fault.
  const head = await db.selectFrom('audit_head').select(['seq', 'hash']).where('id', '=', 1).executeTakeFirst();
  for (;;) {
    const rows = await db
      .selectFrom('audit_log')
      .select(COLUMNS)
      .where('seq', '>', last.seq)
      .orderBy('seq')
      .limit(VERIFY_PAGE)
      .execute();
    const check = followChain(last, rows);
    if (!check.ok) return { ok: false, rows: check.firstBadSeq - 1, firstBadSeq: check.firstBadSeq };
    last = check.last;
    if (rows.length < VERIFY_PAGE) break;
  }
  if (head === undefined || last.seq < head.seq) return { ok: false, rows: last.seq, firstBadSeq: last.seq + 1 };
  return { ok: true, rows: last.seq, firstBadSeq: null };
}

/** Newest first. The trail is one chain over all sites: only who may see everything reads it. */
export async function listAudit(db: Db, scope: Scope, page: PageRequest): Promise<PageOf<AuditRow>> {
  const before = readCursor(page.cursor, SeqKey)?.[0];
  let query = db
    .selectFrom('audit_log')
    .select(COLUMNS)
    .orderBy('seq', 'desc')
    .limit(page.limit + 1);
  if (scope.kind !== 'everything') return { items: [], nextCursor: null };
  if (before !== undefined) query = query.where('seq', '<', before);
  const rows = await query.execute();
  return pageFrom(
    rows,
    page.limit,
    ({ prev: _prev, ...row }) => ({ ...row, detail: JSON.parse(row.detail) }),
    (row) => [row.seq],
  );
}

/** What the trail says of one thing, newest first. The caller has checked that the thing may be seen. */
export async function listAuditOf(
  db: Db,
  resource: string,
  bound: TimeBound | undefined,
  limit: number,
): Promise<Array<Pick<AuditRow, 'seq' | 'at' | 'actor' | 'verb' | 'outcome' | 'detail'>>> {
  let query = db
    .selectFrom('audit_log')
    .select(['seq', 'at', 'actor', 'verb', 'outcome', 'detail'])
    .where('resource', '=', resource)
    .orderBy('at', 'desc')
    .orderBy('seq', 'desc')
    .limit(limit);
  if (bound !== undefined) query = query.where(olderThan(bound, 'at', 'seq'));
  return (await query.execute()).map((row) => ({ ...row, detail: JSON.parse(row.detail) }));
}
