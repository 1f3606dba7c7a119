// The trail as it was, to put it back after each attack, and the tools of whoever owns the database.
import type Database from 'better-sqlite3';
import { type AuditLink, CHAIN_ROOT, linkHash } from '#shared/crypto/audit-chain.ts';
import type { AuditCheckpoint } from '#shared/model/audit-checkpoint.ts';
import { toBase64url } from '#shared/seal/base64url.ts';
import { signCheckpoint } from '#shared/seal/checkpoint-seal.ts';
import type { SigningKey } from '#shared/seal/key-pair.ts';

const TABLES = ['audit_log', 'audit_head', 'audit_checkpoint', 'audit_witness'] as const;

export type LogRow = Omit<AuditLink, 'site'> & { site_id: string | null };

export class Evidence {
  readonly #database: Database.Database;
  readonly #kept: Array<{ table: string; rows: Array<Record<string, unknown>> }>;

  constructor(database: Database.Database) {
    this.#database = database;
    this.#kept = TABLES.map((table) => ({
      table,
      rows: database.prepare<[], Record<string, unknown>>(`select * from ${table}`).all(),
    }));
  }

  restore(): void {
    this.#database.transaction(() => {
      for (const { table, rows } of this.#kept) {
        this.run(`delete from ${table}`);
        for (const row of rows) this.#insert(table, row);
      }
    })();
  }

  /** The row's columns as they were when all was well. */
  rows(): LogRow[] {
    // Written by the console with these columns.
    return structuredClone(this.#kept[0]?.rows ?? []) as unknown as LogRow[];
  }

  get last(): number {
    return this.rows().at(-1)?.seq ?? 0;
  }

  /** Rows that checkpoints speak for, oldest first. */
  get checkpoints(): number[] {
    return (this.#kept[2]?.rows ?? []).map(({ seq }) => Number(seq)).sort((a, b) => a - b);
  }

  run(statement: string, ...values: Array<string | number | null>): void {
    this.#database.prepare(statement).run(...values);
  }

  /** Writes these rows in the place of all, chained anew from the first on, with a head that fits. */
  rewrite(rows: readonly LogRow[]): void {
    this.run('delete from audit_log');
    let hash = CHAIN_ROOT;
    for (const [i, row] of rows.entries()) {
      const { site_id: site, ...content } = row;
      const seq = i + 1;
      const prev = hash;
      hash = linkHash({ ...content, seq, site }, prev);
      this.#insert('audit_log', { ...row, seq, prev, hash });
    }
    this.run('update audit_head set seq = ?, hash = ?', rows.length, hash);
  }

  /** Gives every checkpoint up to the end the hash that its row has now, signed by `key`; later ones go. */
  async resign(key: SigningKey, change: Partial<AuditCheckpoint> = {}): Promise<void> {
    const text = `select c.seq, l.hash, c.at, c.console from audit_checkpoint c left join audit_log l on l.seq = c.seq`;
    const rows = this.#database
      .prepare<[], { seq: number; hash: string | null; at: number; console: string }>(text)
      .all();
    for (const { seq, hash, at, console } of rows) {
      if (hash === null) {
        this.run('delete from audit_checkpoint where seq = ?', seq);
        continue;
      }
      const { checkpoint, signature } = await signCheckpoint({ v: 1, console, seq, hash, at, ...change }, key);
      this.run(
        'update audit_checkpoint set hash = ?, console = ?, key_id = ?, key = ?, signature = ? where seq = ?',
        ...[hash, checkpoint.console, key.publicKey.id, key.publicKey.key, toBase64url(signature), seq],
      );
    }
  }

  #insert(table: string, row: Readonly<Record<string, unknown>>): void {
    const names = Object.keys(row);
    const marks = names.map(() => '?').join(', ');
    this.#database.prepare(`insert into ${table} (${names.join(', ')}) values (${marks})`).run(...Object.values(row));
  }
}
