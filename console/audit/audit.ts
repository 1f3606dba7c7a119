// The audit trail is written here: inside the transaction of what it tells, one chain over everything.
import { lockRows, type Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import type { Clock } from '#shared/base/clock.ts';
import { CONTENT_VERSION, linkHash } from '#shared/crypto/audit-chain.ts';
import { canonicalJson } from '#shared/seal/canonical.ts';
import { sitesOf } from './site-of.ts';

export type AuditOutcome = 'ok' | 'denied' | 'failed' | 'refused';

export interface AuditEntry {
  /** "person:<id>", "token:<person id>", "relay:<id>", "system:<part>" or "anonymous". */
  actor: string;
  /** "room.verb", e.g. "relay.revoke". */
  verb: string;
  /** "device:<id>", "site:<id>" ... */
  resource: string;
  outcome: AuditOutcome;
  /** The site it is about: who may see that site alone reads the row. Absent: the site of the resource, where it has one. */
  site?: string | null | undefined;
  /** Peer address of whoever asked. */
  address?: string | undefined;
  /** Flat facts worth keeping: strings are cut and cleaned, never a secret. */
  detail?: Readonly<Record<string, string | number | boolean | null | undefined>>;
}

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
    // Before the head is locked: others need not wait for it.
    const sites = await sitesOf(tx, entries);
    const head = await tx
      .selectFrom('audit_head')
      .select(['seq', 'hash'])
      .where('id', '=', 1)
      .$call(lockRows(tx))
      .executeTakeFirstOrThrow();
    let { seq, hash } = head;
    const rows = entries.map((entry, i) => {
      seq += 1;
      const content = this.#contentOf(entry, seq, sites[i] ?? null);
      const prev = hash;
      hash = linkHash(content, prev);
      const { site, ...columns } = content;
      return { ...columns, site_id: site, prev, hash };
    });
    // 12 columns a row; SQLite binds 32,766 values at most.
    for (let from = 0; from < rows.length; from += 500)
      await tx
        .insertInto('audit_log')
        .values(rows.slice(from, from + 500))
        .execute();
    if (rows.length > 0) await tx.updateTable('audit_head').set({ seq, hash }).where('id', '=', 1).execute();
    return seq;
  }

  #contentOf(entry: AuditEntry, seq: number, site: string | null) {
    return {
      v: CONTENT_VERSION,
      seq,
      at: this.#clock.now(),
      actor: storedText(entry.actor, 200),
      verb: storedText(entry.verb, 100),
      resource: storedText(entry.resource, 200),
      outcome: entry.outcome,
      address: entry.address === undefined ? null : storedText(entry.address, 100),
      site,
      detail: detailText(entry.detail),
    };
  }
}
