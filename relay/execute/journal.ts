// The journal of executions: what was taken, started and finished, on disk before it happens, in one commit with its report.
import type { Database, Statement } from 'better-sqlite3';
import type { EpochMs } from '#shared/base/clock.ts';
import type { DeviceId, ManifestId } from '#shared/base/id.ts';
import type { Attempt } from '#shared/model/failure-class.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';
import { COOL_DOWN_SCHEMA } from './cool-down.ts';
import { RUN_OVER, RUN_SCHEMA } from './cut-off-runs.ts';
import { WINDOW_SCHEMA } from './execution-window.ts';

/** `accepted` may still be run; `started` may never be run again; the rest is final. */
export type JournalState = OutcomeRecord['state'];

export interface JournalEntry {
  manifest: ManifestId;
  device: DeviceId;
  state: JournalState;
}

/** The tables live in the spool's file, so that a step and its report are one commit. */
export const JOURNAL_SCHEMA = `
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
create table if not exists journal_try (
  manifest text not null references journal_manifest (id) on delete cascade,
  device text not null,
  n integer not null,
  primary key (manifest, device)
) strict, without rowid;
create index if not exists journal_unfinished on journal (manifest, device, state) where state in ('accepted', 'started');
${WINDOW_SCHEMA}
${RUN_SCHEMA}
${COOL_DOWN_SCHEMA}`;

const INSERT_MANIFEST = 'insert into journal_manifest (id, signed, accepted_at, expires_at) values (?, ?, ?, ?)';
const INSERT = "insert into journal (manifest, device, state, at) values (?, ?, 'accepted', ?)";
const INSERT_REFUSED = "insert into journal (manifest, device, state, at) values (?, ?, 'refused', ?)";
const ADVANCE = `update journal set state = ?, at = ?
  where manifest = ? and device = ? and (state = 'accepted' or (state = 'started' and ? <> 'started'))`;
const STATE = 'select state from journal where manifest = ? and device = ?';
/** How often a device was tried that did not begin. */
const TRIES = 'select n from journal_try where manifest = ? and device = ?';
const TRIED = `insert into journal_try (manifest, device, n) values (?, ?, ?)
  on conflict (manifest, device) do update set n = excluded.n`;
const UNFINISHED =
  "select manifest, device, state from journal where state in ('accepted', 'started') order by manifest, device";
const ENTRIES = 'select manifest, device, state from journal where manifest = ? order by device';
const SIGNED = "select signed, accepted_at as acceptedAt from journal_manifest where id = ? and signed <> ''";
/** What is over is not taken up again: its id is kept, and not its text, which for a large order is half a megabyte. */
const DROP_TEXT = `update journal_manifest set signed = '' where id = ?
  and not exists (select 1 from journal where manifest = ? and state in ('accepted', 'started'))`;
/** An order is remembered this long after it expired: far longer than any manifest is valid, so none can come back. */
const REMEMBER_MS = 30 * 86_400_000;
/**
 * Measured by the newest signed time: a clock that ran ahead must not make an order unknown that may still come. What this
 * relay gives itself (its id is a UUID of version 8) comes from nowhere else, and is measured by the clock.
 */
const FORGET = `delete from journal_manifest
  where expires_at < iif(substr(id, 15, 1) = '8', ?, ?) - ${REMEMBER_MS}
  and not exists (select 1 from journal where manifest = id and state in ('accepted', 'started'))`;

/** What the journal needs of the spool: its database, and outcomes that commit together with what is written in it. */
export interface Outbox {
  transact<T>(work: (db: Database) => T): T;
  addRecords(lane: 0, records: readonly OutcomeRecord[]): void;
}

/** The database may be replaced when its file was damaged, so statements are kept per database. */
const prepared = new WeakMap<Database, Map<string, Statement>>();

function statement(db: Database, sql: string): Statement {
  const known = prepared.get(db) ?? new Map<string, Statement>();
  prepared.set(db, known);
  const found = known.get(sql) ?? db.prepare(sql);
  known.set(sql, found);
  return found;
}

export class Journal {
  readonly #outbox: Outbox;
  readonly #signedTime: () => EpochMs;

  /** `signedTime`: the newest one that a trusted key has signed. */
  constructor(outbox: Outbox, signedTime: () => EpochMs) {
    this.#outbox = outbox;
    this.#signedTime = signedTime;
  }

  /** An order that was refused although its signature was good: told once, and never run later, when the cap is free again. */
  refuse(order: { id: ManifestId; expiresAt: number; at: number }, outcomes: readonly OutcomeRecord[]): void {
    this.#outbox.transact((db) => {
      this.#forget(db, order.at);
      statement(db, INSERT_MANIFEST).run(order.id, '', order.at, order.expiresAt);
      for (const { device } of outcomes) statement(db, INSERT_REFUSED).run(order.id, device, order.at);
      this.#outbox.addRecords(0, outcomes);
    });
  }

  /** Takes a whole manifest at once: from here on it is ours to finish, whatever happens to the process. */
  accept(
    order: { id: ManifestId; signed: string; expiresAt: number; at: number },
    outcomes: readonly OutcomeRecord[],
  ): void {
    this.#outbox.transact((db) => {
      this.#forget(db, order.at);
      statement(db, INSERT_MANIFEST).run(order.id, order.signed, order.at, order.expiresAt);
      for (const outcome of outcomes) statement(db, INSERT).run(order.id, outcome.device, order.at);
      this.#outbox.addRecords(0, outcomes);
    });
  }

  /**
   * Writes the next state and its report in one commit; entries that are final stay as they are and are not reported.
   * False when any entry did not move: then the caller must not act.
   */
  advance(outcomes: readonly OutcomeRecord[]): boolean {
    return this.#outbox.transact((db) => {
      const update = statement(db, ADVANCE);
      const moved = outcomes.filter((o) => update.run(o.state, o.at, o.manifest, o.device, o.state).changes > 0);
      const ended = new Set(moved.flatMap(({ manifest, state }) => (state === 'started' ? [] : [manifest])));
      for (const { manifest, device, state } of moved)
        if (state !== 'started') statement(db, RUN_OVER).run(manifest, device);
      for (const manifest of ended) statement(db, DROP_TEXT).run(manifest, manifest);
      if (moved.length > 0) this.#outbox.addRecords(0, moved);
      return moved.length === outcomes.length;
    });
  }

  /** How often the device was tried without beginning, in this life and those before. */
  tries(manifest: ManifestId, device: DeviceId): number {
    const row = this.#outbox.transact((db) => statement(db, TRIES).get(manifest, device)) as { n: number } | undefined;
    return row?.n ?? 0;
  }

  /** The device stays accepted and was tried once more, which is told. False when it is accepted no more. */
  wait(outcome: OutcomeRecord & { attempt: Attempt }): boolean {
    return this.#outbox.transact((db) => {
      const row = statement(db, STATE).get(outcome.manifest, outcome.device) as { state: string } | undefined;
      if (row?.state !== 'accepted') return false;
      statement(db, TRIED).run(outcome.manifest, outcome.device, outcome.attempt.n);
      this.#outbox.addRecords(0, [outcome]);
      return true;
    });
  }

  unfinished(): JournalEntry[] {
    return this.#outbox.transact((db) => statement(db, UNFINISHED).all() as JournalEntry[]); // the statement's columns
  }

  /** How far each device of a manifest is; none for one that is not known. */
  entriesOf(manifest: ManifestId): JournalEntry[] {
    return this.#outbox.transact((db) => statement(db, ENTRIES).all(manifest) as JournalEntry[]); // the statement's columns
  }

  /** What a manifest came with and when it was taken, for taking it up again; verified again by the caller. None once it is over. */
  taken(manifest: ManifestId): { signed: string; acceptedAt: number } | undefined {
    // The statement's columns.
    return this.#outbox.transact((db) => statement(db, SIGNED).get(manifest)) as
      | { signed: string; acceptedAt: number }
      | undefined;
  }

  /** At a start; and with each order that is taken, as a relay may run for a year. */
  forget(now: EpochMs): void {
    this.#outbox.transact((db) => this.#forget(db, now));
  }

  #forget(db: Database, now: EpochMs): void {
    statement(db, FORGET).run(now, Math.min(now, this.#signedTime()));
  }
}
