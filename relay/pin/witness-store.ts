// What this relay remembers of the console's audit trail: every checkpoint it took, on disk, never one that goes back.
import path from 'node:path';
import type Database from 'better-sqlite3';
import { type EpochMs, HOUR_MS } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { MARK_BYTES, MAX_TOLD, type SignedCheckpoint, type TrailPoint } from '#shared/model/audit-checkpoint.ts';
import { openSqlite } from '#shared/runtime/open-sqlite.ts';
import { verifyCheckpoint } from '#shared/seal/checkpoint-seal.ts';

const SCHEMA = `
create table if not exists trail (
  n integer primary key,
  console text not null,
  key_id text not null,
  began_at integer not null,
  ended_at integer,
  ended_by text,
  reason text
) strict;
create table if not exists checkpoint (
  trail integer not null,
  seq integer not null,
  hash text not null,
  at integer not null,
  signature blob not null,
  marks blob not null,
  anchor_hour integer,
  primary key (trail, seq)
) strict;
create table if not exists refusal (at integer not null, code text not null, message text not null) strict;
`;

/**
 * The newest: half a day of a busy console, one every ten seconds. Besides, the first of every hour for half a year, beyond which every
 * second one of the older half goes: a console that floods its relays with checkpoints pushes no hour out, and the first never goes.
 */
const MAX_KEPT = 5_000;
/** Trails that a person let go: enough to see what happened. */
const MAX_TRAILS = 8;
/** Ten thousand checkpoints with all their marks. A full file takes none, and says so. */
const MAX_BYTES = 64 * 1024 * 1024;

export interface PinnedTrail {
  n: number;
  console: string;
  keyId: string;
  beganAt: EpochMs;
}
export interface EndedTrail {
  endedAt: EpochMs;
  by: string;
  reason: string;
}

export interface Refusal {
  at: EpochMs;
  code: string;
  message: string;
}

interface Row {
  seq: number;
  hash: string;
  at: number;
}

export interface WitnessLimits {
  kept: number;
  /** In one answer. */
  told: number;
}

export class WitnessStore {
  readonly #db: Database.Database;
  readonly #limits: WitnessLimits;

  private constructor(db: Database.Database, limits: WitnessLimits) {
    this.#db = db;
    this.#limits = limits;
  }

  static open(data: string, limits: WitnessLimits = { kept: MAX_KEPT, told: MAX_TOLD }): WitnessStore {
    const db = openSqlite(path.join(data, 'witness.db'), { maxBytes: MAX_BYTES });
    db.exec(SCHEMA);
    return new WitnessStore(db, limits);
  }

  /** The trail it holds on to. Read each time: a person at this machine may have let it go. */
  get pinned(): PinnedTrail | undefined {
    const text = `select n, console, key_id as keyId, began_at as beganAt from trail
      where ended_at is null order by n desc limit 1`;
    return this.#db.prepare<[], PinnedTrail>(text).get();
  }

  /** The last one that a person let go. */
  get ended(): EndedTrail | undefined {
    const text = `select ended_at as endedAt, ended_by as by, reason from trail
      where ended_at is not null order by n desc limit 1`;
    return this.#db.prepare<[], EndedTrail>(text).get();
  }

  get newest(): Row | undefined {
    return this.#db.prepare<[number], Row>(`${POINTS} order by seq desc limit 1`).get(this.#trail);
  }

  get count(): number {
    return Number(this.#db.prepare('select count(*) from checkpoint where trail = ?').pluck().get(this.#trail));
  }

  /**
   * Takes a checkpoint of the pinned trail that lies ahead of what it holds; the first one pins. Durable before it returns.
   * `known`: it has this very one already. `pinned`: the first of its trail. What goes back, or is of another key or console, throws.
   */
  async accept(signed: SignedCheckpoint, marks: Uint8Array, now: EpochMs): Promise<'taken' | 'known' | 'pinned'> {
    await verifyCheckpoint(signed);
    const { checkpoint, key } = signed;
    const end = checkpoint.hash.slice(0, 2 * MARK_BYTES);
    if (marks.length > 0 && Buffer.from(marks.subarray(-MARK_BYTES)).toString('hex') !== end)
      throw new AppError('bad-request', `audit checkpoint ${checkpoint.seq}: its marks end at another row`);
    return this.#db.transaction(() => {
      const { pinned } = this;
      if (pinned !== undefined && this.#judge(pinned, signed) === 'known') return 'known';
      const trail = pinned?.n ?? this.#begin(checkpoint.console, key.id, now);
      const { seq, hash, at } = checkpoint;
      const values = [trail, seq, hash, at, signed.signature, marks, this.#anchorOf(trail, now)];
      this.#db
        .prepare(
          'insert into checkpoint (trail, seq, hash, at, signature, marks, anchor_hour) values (?, ?, ?, ?, ?, ?, ?)',
        )
        .run(...values);
      this.#thin(trail);
      return pinned === undefined ? 'pinned' : 'taken';
    })();
  }

  /** Those of a span, oldest first; of too many an even choice, its ends among them. */
  held(from: number, to: number): TrailPoint[] {
    const text = `${POINTS} and seq between ? and ? order by seq`;
    const rows = this.#db.prepare<[number, number, number], Row>(text).all(this.#trail, from, to);
    const last = rows.length - 1;
    const chosen = Math.min(rows.length, this.#limits.told);
    const at = (i: number) => (chosen < 2 ? last : Math.round((i * last) / (chosen - 1)));
    return Array.from({ length: chosen }, (_, i) => rows[at(i)]).flatMap((row) =>
      row === undefined ? [] : [{ seq: row.seq, hash: row.hash }],
    );
  }

  /** The marks that came with a checkpoint; empty for one it does not hold. */
  marks(seq: number): Uint8Array {
    const text = 'select marks from checkpoint where trail = ? and seq = ?';
    const found = this.#db.prepare<[number, number], { marks: Buffer }>(text).get(this.#trail, seq);
    return new Uint8Array(found?.marks ?? []);
  }

  /** A person at this machine lets the trail go: the next checkpoint that comes begins another. False when there was none. */
  letGo(by: string, reason: string, now: EpochMs): boolean {
    const text = 'update trail set ended_at = ?, ended_by = ?, reason = ? where ended_at is null';
    return this.#db.prepare(text).run(now, by, reason).changes > 0;
  }

  /** For whoever looks at this machine: a console that went back says nothing of it itself. The newest twenty are kept. */
  noteRefusal(at: EpochMs, code: string, message: string): void {
    this.#db.prepare('insert into refusal (at, code, message) values (?, ?, ?)').run(at, code, message);
    this.#db.exec('delete from refusal where rowid not in (select rowid from refusal order by rowid desc limit 20)');
  }

  get refusals(): Refusal[] {
    return this.#db.prepare<[], Refusal>('select at, code, message from refusal order by rowid desc').all();
  }

  stop(): void {
    this.#db.close();
  }

  get #trail(): number {
    return this.pinned?.n ?? 0;
  }

  #judge(pinned: PinnedTrail, { checkpoint, key }: SignedCheckpoint): 'known' | 'ahead' {
    const { seq, hash } = checkpoint;
    if (key.id !== pinned.keyId)
      throw new AppError(
        'audit-key-changed',
        `audit checkpoint ${seq}: signed by key ${key.id}, pinned is ${pinned.keyId}`,
      );
    if (checkpoint.console !== pinned.console)
      throw new AppError(
        'audit-trail-changed',
        `audit checkpoint ${seq}: of console ${checkpoint.console}, pinned is ${pinned.console}`,
      );
    const { newest } = this;
    if (newest === undefined || seq > newest.seq) return 'ahead';
    if (seq === newest.seq && hash === newest.hash) return 'known';
    throw new AppError('audit-regression', regressionText(checkpoint, newest));
  }

  #begin(console: string, keyId: string, now: EpochMs): number {
    const made = this.#db
      .prepare('insert into trail (console, key_id, began_at) values (?, ?, ?)')
      .run(console, keyId, now);
    const n = Number(made.lastInsertRowid);
    this.#db.prepare('delete from trail where n <= ?').run(n - MAX_TRAILS);
    this.#db.prepare('delete from checkpoint where trail <= ?').run(n - MAX_TRAILS);
    return n;
  }

  /** The hour, for the first checkpoint that came in it. */
  #anchorOf(trail: number, now: EpochMs): number | null {
    const hour = Math.floor(now / HOUR_MS);
    const text = 'select 1 from checkpoint where trail = ? and anchor_hour = ?';
    return this.#db.prepare(text).get(trail, hour) === undefined ? hour : null;
  }

  #thin(trail: number): void {
    const { kept } = this.#limits;
    const overtaken = `delete from checkpoint where trail = ? and anchor_hour is null and seq <= (
      select seq from checkpoint where trail = ? and anchor_hour is null order by seq desc limit 1 offset ?)`;
    this.#db.prepare(overtaken).run(trail, trail, kept);
    const anchors = 'select count(*) from checkpoint where trail = ? and anchor_hour is not null';
    if (Number(this.#db.prepare(anchors).pluck().get(trail)) <= kept) return;
    const text = `delete from checkpoint where trail = ? and seq in (
      select seq from (select seq, row_number() over (order by seq) as place from checkpoint
        where trail = ? and anchor_hour is not null)
      where place % 2 = 0 and place <= ?)`;
    this.#db.prepare(text).run(trail, trail, Math.floor(kept / 2));
  }
}

const POINTS = 'select seq, hash, at from checkpoint where trail = ?';

function regressionText({ seq, hash }: TrailPoint, newest: Row): string {
  const held = `this relay holds checkpoint ${newest.seq} (${newest.hash.slice(0, 16)}) of ${new Date(newest.at).toISOString()}`;
  return seq === newest.seq
    ? `audit checkpoint ${seq} has another hash (${hash.slice(0, 16)}): ${held}`
    : `audit checkpoint ${seq} goes back: ${held}`;
}
