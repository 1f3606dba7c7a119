// The journal of executions: what was taken, started and finished, on disk before it happens, in one commit with its report.
import type { Database, Statement } from 'better-sqlite3';
import type { DeviceId, ManifestId } from '#shared/base/id.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';

/** `accepted` may still be run; `started` may never be run again; the rest is final. */
export type JournalState = 'accepted' | OutcomeRecord['state'];

export interface JournalEntry {
  manifest: ManifestId;
  device: DeviceId;
  state: JournalState;
}

const SCHEMA = `
create table if not exists journal_manifest (
  id text primary key,
  signed text not null,
  accepted_at integer not null,
  expires_at integer not null
) strict;
create table if not exists journal (
  manifest text not null references journal_manifest (id) on delete cascade,
  device text not null,
  state text not null,
  at integer not null,
  primary key (manifest, device)
) strict, without rowid;
create index if not exists journal_unfinished on journal (state) where state in ('accepted', 'started');
create table if not exists execution_window (at integer not null, devices integer not null) strict;
`;

/** An order is remembered this long after it expired: longer than any manifest is valid, so none can come back. */
const REMEMBER_MS = 30 * 86_400_000;

/** What the journal needs of the spool: the same database, and a place for outcome records. */
export interface Outbox {
  readonly database: Database;
  /** One commit for the journal's rows and the records added within; `work` may run twice where room had to be made. */
  transact<T>(work: () => T): T;
  addRecords(lane: 0, records: readonly OutcomeRecord[]): void;
}

export class Journal {
  readonly #outbox: Outbox;
  readonly #insertManifest: Statement;
  readonly #insert: Statement;
  readonly #update: Statement;
  readonly #known: Statement;
  readonly #unfinished: Statement;
  readonly #signed: Statement;

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
    const db = outbox.database;
    db.exec(SCHEMA);
    this.#insertManifest = db.prepare(
      'insert into journal_manifest (id, signed, accepted_at, expires_at) values (?, ?, ?, ?)',
    );
    this.#insert = db.prepare("insert into journal (manifest, device, state, at) values (?, ?, 'accepted', ?)");
    this.#update = db.prepare(
      "update journal set state = @state, at = @at where manifest = @manifest and device = @device and state in ('accepted', 'started')",
    );
    this.#known = db.prepare('select 1 from journal_manifest where id = ?').pluck();
    this.#unfinished = db.prepare(
      "select manifest, device, state from journal where state in ('accepted', 'started') order by manifest, device",
    );
    this.#signed = db.prepare('select signed from journal_manifest where id = ?').pluck();
  }

  isKnown(manifest: string): boolean {
    return this.#known.get(manifest) !== undefined;
  }

  /** Takes a whole manifest at once: from here on it is ours to finish, whatever happens to the process. */
  accept(
    order: { id: ManifestId; signed: string; expiresAt: number; at: number },
    outcomes: readonly OutcomeRecord[],
  ): void {
    this.#together(() => {
      this.#insertManifest.run(order.id, order.signed, order.at, order.expiresAt);
      for (const outcome of outcomes) this.#insert.run(order.id, outcome.device, order.at);
      this.#outbox.addRecords(0, outcomes);
    });
  }

  /**
   * Writes the next state and its report in one commit. False when the entry was final already:
   * then nothing was written and the caller must not act.
   */
  advance(outcomes: readonly OutcomeRecord[]): boolean {
    return this.#together(() => {
      const moved = outcomes.filter(
        (o) => this.#update.run({ state: o.state, at: o.at, manifest: o.manifest, device: o.device }).changes > 0,
      );
      if (moved.length > 0) this.#outbox.addRecords(0, moved);
      return moved.length === outcomes.length;
    });
  }

  unfinished(): JournalEntry[] {
    return this.#unfinished.all() as JournalEntry[]; // the columns of the statement above
  }

  /** The text a manifest came with, for taking it up again after a restart; verified again by the caller. */
  signedText(manifest: ManifestId): string | undefined {
    return this.#signed.get(manifest) as string | undefined; // one text column
  }

  forgetOlderThan(now: number): void {
    this.#outbox.database
      .prepare(
        "delete from journal_manifest where expires_at < ? and not exists (select 1 from journal where manifest = id and state in ('accepted', 'started'))",
      )
      .run(now - REMEMBER_MS);
  }

  #together<T>(work: () => T): T {
    return this.#outbox.transact(work);
  }
}
