// The tables of one spool file and their statements: batches, gaps, watermarks, quarantine. No policy lives here.
import type Database from 'better-sqlite3';
import type { EpochMs } from '#shared/base/clock.ts';
import type { Batch, Gap } from '#shared/protocol/batch.ts';
import { LANES, type Lane, type Watermark } from '#shared/protocol/lane.ts';

/** A batch and whether its samples begin a delta chain (need no batch before it). */
export interface StoredBatch extends Batch {
  startsChain: boolean;
}

/** A gap as kept: `hour` is the hour of what was lost. */
export interface StoredGap extends Gap {
  hour: number;
}

/** A lane's numbers. Size is counted as it changes: adding it up would read the whole file. */
export interface LaneRow extends Watermark {
  next: number;
  batches: number;
  bytes: number;
}

/** What a deletion took away. */
export interface Removed {
  /** Samples or records. */
  n: number;
  batches: number;
  bytes: number;
}

export interface AckMark {
  lane: Lane;
  /** Wall time before which `durable` had been acknowledged. */
  at: EpochMs;
  durable: number;
}

// One B-tree for all lanes: the row id is lane * 2^48 + seq, so that a lane reads in order and ids stay exact integers.
const SPAN = 2 ** 48;
const keyOf = (lane: Lane, seq: number): number => lane * SPAN + Math.min(seq, SPAN);
const seqOf = (key: number): number => key % SPAN;

const SCHEMA = `
create table if not exists spool (
  id integer primary key check (id = 1), epoch text not null, created_at integer not null, incarnation text) strict;
create table if not exists lane (
  lane integer primary key, next integer not null, received integer not null, durable integer not null,
  batches integer not null, bytes integer not null) strict;
create table if not exists batch (
  id integer primary key, hour integer not null, is_samples integer not null, starts_chain integer not null,
  n integer not null, crc integer not null, data blob not null) strict;
create index if not exists batch_hour on batch (hour);
create table if not exists gap (
  id integer primary key, to_seq integer not null, n integer not null, reason text not null,
  hour integer not null, at integer not null) strict;
create table if not exists ack_mark (
  lane integer not null, at integer not null, durable integer not null, primary key (lane, at)) strict, without rowid;
create table if not exists quarantine (
  id integer primary key, hour integer not null, is_samples integer not null,
  n integer not null, crc integer not null, data blob not null, at integer not null) strict;
`;

const COLUMNS = 'id, hour, is_samples, starts_chain, n, crc, data';

interface BatchRow {
  id: number;
  hour: number;
  is_samples: number;
  starts_chain: number;
  n: number;
  crc: number;
  data: Uint8Array;
}
interface GapRow {
  id: number;
  to_seq: number;
  n: number;
  reason: Gap['reason'];
  hour: number;
}
interface LostRow {
  id: number;
  n: number;
  hour: number;
  bytes: number;
}

const toBatch = (lane: Lane, row: BatchRow): StoredBatch => ({
  lane,
  seq: seqOf(row.id),
  kind: row.is_samples === 1 ? 'samples' : 'records',
  hour: row.hour,
  n: row.n,
  crc: row.crc,
  data: row.data,
  startsChain: row.starts_chain === 1,
});

const toGap = (lane: Lane, row: GapRow): StoredGap => ({
  lane,
  from: seqOf(row.id),
  to: row.to_seq,
  n: row.n,
  reason: row.reason,
  hour: row.hour,
});

const prepareAll = (db: Database.Database) => ({
  saveLane: db.prepare<[LaneRow]>(
    `insert or replace into lane (lane, next, received, durable, batches, bytes)
     values (@lane, @next, @received, @durable, @batches, @bytes)`,
  ),
  insert: db.prepare<[number, number, number, number, number, number, Uint8Array]>(
    `insert into batch (${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?)`,
  ),
  batchAt: db.prepare<[number, number], BatchRow>(
    `select ${COLUMNS} from batch where id >= ? and id < ? order by id limit 1`,
  ),
  oldest: db.prepare<[number, number], { id: number; hour: number }>(
    'select id, hour from batch where id >= ? and id < ? order by id limit 1',
  ),
  // The index on hour ends in the row id, so that an hour of one lane is one range of it.
  ofHour: db.prepare<[number, number, number], LostRow>(
    'select id, n, hour, length(data) as bytes from batch where hour = ? and id >= ? and id < ? order by id',
  ),
  range: db.prepare<[number, number, number], LostRow>(
    'select id, n, hour, length(data) as bytes from batch where id >= ? and id < ? order by id limit ?',
  ),
  deleteBatch: db.prepare<[number]>('delete from batch where id = ?'),
  chainAfter: db.prepare<[number, number, number], { id: number; starts_chain: number }>(
    'select id, starts_chain from batch where hour = ? and id > ? and id < ? and is_samples = 1 order by id',
  ),
  samplesOfHour: db.prepare<[number, number, number], { id: number }>(
    'select id from batch where hour = ? and id >= ? and id < ? and is_samples = 1 order by id',
  ),
  hoursSince: db.prepare<[number], { hour: number }>('select distinct hour from batch where hour >= ? order by hour'),
  quarantine: db.prepare<[number, number]>(
    `insert or replace into quarantine (id, hour, is_samples, n, crc, data, at)
     select id, hour, is_samples, n, crc, data, ? from batch where id = ?`,
  ),
  trimQuarantine: db.prepare<[number]>(
    'delete from quarantine where id not in (select id from quarantine order by at desc, id desc limit ?)',
  ),
  countQuarantine: db.prepare<[], { n: number }>('select count(*) as n from quarantine'),
  insertGap: db.prepare<[number, number, number, string, number, number]>(
    'insert or replace into gap (id, to_seq, n, reason, hour, at) values (?, ?, ?, ?, ?, ?)',
  ),
  gapBefore: db.prepare<[number, number], GapRow>(
    'select id, to_seq, n, reason, hour from gap where id >= ? and id <= ? order by id desc limit 1',
  ),
  gapAfter: db.prepare<[number, number], GapRow>(
    'select id, to_seq, n, reason, hour from gap where id >= ? and id < ? order by id limit 1',
  ),
  lost: db.prepare<[], { n: number | null }>("select sum(n) as n from gap where reason <> 'not-kept'"),
  pruneGaps: db.prepare<[number, number, number, number]>(
    'delete from gap where id >= ? and id < ? and to_seq <= ? and at < ?',
  ),
  deleteGaps: db.prepare<[number, number]>('delete from gap where id >= ? and id < ?'),
  saveMark: db.prepare<[number, number, number]>(
    'insert or replace into ack_mark (lane, at, durable) values (?, ?, ?)',
  ),
  deleteMarks: db.prepare<[number, number, number]>('delete from ack_mark where lane = ? and (at < ? or durable > ?)'),
});

export class BatchStore {
  readonly db: Database.Database;
  readonly #sql: ReturnType<typeof prepareAll>;

  constructor(db: Database.Database) {
    this.db = db;
    db.exec(SCHEMA);
    this.#sql = prepareAll(db);
  }

  /** The file's own row; written once, when the file is made. */
  identity(make: () => { epoch: string; createdAt: EpochMs }): { epoch: string; createdAt: EpochMs } {
    const read = this.db.prepare<[], { epoch: string; createdAt: EpochMs }>(
      'select epoch, created_at as createdAt from spool where id = 1',
    );
    const known = read.get();
    if (known !== undefined) return known;
    const fresh = make();
    this.db.prepare('insert into spool (id, epoch, created_at) values (1, ?, ?)').run(fresh.epoch, fresh.createdAt);
    return fresh;
  }

  setEpoch(epoch: string): void {
    this.db.prepare('update spool set epoch = ? where id = 1').run(epoch);
  }

  /** Remembers the state of the console's database, and says whether it is the one we knew. */
  meet(incarnation: string): 'first' | 'same' | 'changed' {
    const read = this.db.prepare<[], { incarnation: string | null }>('select incarnation from spool where id = 1');
    const known = read.get()?.incarnation ?? undefined;
    if (known === incarnation) return 'same';
    this.db.prepare('update spool set incarnation = ? where id = 1').run(incarnation);
    return known === undefined ? 'first' : 'changed';
  }

  lanes(): LaneRow[] {
    const rows = this.db
      .prepare<[], LaneRow>('select lane, next, received, durable, batches, bytes from lane order by lane')
      .all();
    return LANES.map(
      (lane) =>
        rows.find((row) => row.lane === lane) ?? { lane, next: 1, received: 0, durable: 0, batches: 0, bytes: 0 },
    );
  }

  saveLane(row: LaneRow): void {
    this.#sql.saveLane.run(row);
  }

  insert(batch: StoredBatch): void {
    const isSamples = batch.kind === 'samples' ? 1 : 0;
    const { lane, seq, hour, n, crc, data } = batch;
    this.#sql.insert.run(keyOf(lane, seq), hour, isSamples, batch.startsChain ? 1 : 0, n, crc, data);
  }

  /** The first batch of the lane at or after `seq`. */
  batchAt(lane: Lane, seq: number): StoredBatch | undefined {
    const row = this.#sql.batchAt.get(keyOf(lane, seq), keyOf(lane, SPAN));
    return row && toBatch(lane, row);
  }

  /** Number and hour of the lane's first kept batch. */
  oldest(lane: Lane): { seq: number; hour: number } | undefined {
    const row = this.#sql.oldest.get(keyOf(lane, 0), keyOf(lane, SPAN));
    return row && { seq: seqOf(row.id), hour: row.hour };
  }

  hoursSince(hour: number): number[] {
    return this.#sql.hoursSince.all(hour).map((row) => row.hour);
  }

  /** Numbers of the sample batches of one hour of a lane, in order. */
  sampleSeqs(lane: Lane, hour: number): number[] {
    return this.#sql.samplesOfHour.all(hour, keyOf(lane, 0), keyOf(lane, SPAN)).map((row) => seqOf(row.id));
  }

  /** The first batch of the hour of batch `durable + 1`. */
  replayFrom(lane: Lane, durable: number): number {
    const next = this.batchAt(lane, durable + 1);
    if (next === undefined) return durable + 1;
    const first = this.#sql.ofHour.get(next.hour, keyOf(lane, 0), keyOf(lane, SPAN));
    return first === undefined ? next.seq : Math.min(next.seq, seqOf(first.id));
  }

  /** Deletes batches of `hour` in `lane` up to `through`; each unbroken run leaves a gap. */
  dropHour(lane: Lane, hour: number, through: number, reason: Gap['reason'], at: EpochMs): Removed {
    return this.#drop(lane, this.#sql.ofHour.all(hour, keyOf(lane, 0), keyOf(lane, through + 1)), reason, at);
  }

  /** Deletes the first `most` batches up to `through`, whatever their hour; a gap never spans two hours. */
  dropThrough(lane: Lane, through: number, most: number, at: EpochMs): Removed {
    return this.#drop(lane, this.#sql.range.all(keyOf(lane, 0), keyOf(lane, through + 1), most), 'not-kept', at);
  }

  /** Deletes batches and gaps up to `through` without a receipt: they count under another epoch. */
  forgetThrough(lane: Lane, through: number): Removed {
    const removed = this.#drop(lane, this.#sql.range.all(keyOf(lane, 0), keyOf(lane, through + 1), -1), 'not-kept', 0);
    this.#sql.deleteGaps.run(keyOf(lane, 0), keyOf(lane, through + 1));
    return removed;
  }

  #drop(lane: Lane, rows: LostRow[], reason: Gap['reason'], at: EpochMs): Removed {
    let open: StoredGap | undefined;
    const removed: Removed = { n: 0, batches: rows.length, bytes: 0 };
    for (const row of rows) {
      const seq = seqOf(row.id);
      this.#sql.deleteBatch.run(row.id);
      removed.n += row.n;
      removed.bytes += row.bytes;
      if (open !== undefined && open.to + 1 === seq && open.hour === row.hour) {
        open.to = seq;
        open.n += row.n;
        continue;
      }
      if (open !== undefined) this.addGap(open, at);
      open = { lane, from: seq, to: seq, n: row.n, reason, hour: row.hour };
    }
    if (open !== undefined) this.addGap(open, at);
    return removed;
  }

  addGap(gap: StoredGap, at: EpochMs): void {
    this.#sql.insertGap.run(keyOf(gap.lane, gap.from), gap.to, gap.n, gap.reason, gap.hour, at);
  }

  /** The gap that covers `seq`, or the first after it. */
  gapAt(lane: Lane, seq: number): StoredGap | undefined {
    const before = this.#sql.gapBefore.get(keyOf(lane, 0), keyOf(lane, seq));
    if (before !== undefined && before.to_seq >= seq) return toGap(lane, before);
    const after = this.#sql.gapAfter.get(keyOf(lane, seq), keyOf(lane, SPAN));
    return after && toGap(lane, after);
  }

  /** Samples and records that became gaps, but for those that were durable at the console. */
  lost(): number {
    return this.#sql.lost.get()?.n ?? 0;
  }

  pruneGaps(lane: Lane, durable: number, before: EpochMs): void {
    this.#sql.pruneGaps.run(keyOf(lane, 0), keyOf(lane, SPAN), durable, before);
  }

  /**
   * Moves a batch to quarantine, and with a sample batch the rest of its delta chain, which cannot be read without it.
   * Keeps at most `keep` bodies in quarantine, for people. What was durable at the console is no loss.
   */
  quarantine(batch: StoredBatch, durable: number, keep: number, at: EpochMs): Removed {
    const removed: Removed = { n: 0, batches: 0, bytes: 0 };
    for (const seq of [batch.seq, ...this.#restOfChain(batch)]) {
      const doomed = this.batchAt(batch.lane, seq);
      if (doomed === undefined) continue;
      const { lane, n, hour } = doomed;
      this.#sql.quarantine.run(at, keyOf(lane, seq));
      this.#sql.deleteBatch.run(keyOf(lane, seq));
      this.addGap({ lane, from: seq, to: seq, n, reason: seq <= durable ? 'not-kept' : 'corrupt', hour }, at);
      removed.n += n;
      removed.batches += 1;
      removed.bytes += doomed.data.length;
    }
    this.#sql.trimQuarantine.run(keep);
    return removed;
  }

  #restOfChain({ lane, seq, hour, kind }: StoredBatch): number[] {
    if (kind !== 'samples') return [];
    const rows = this.#sql.chainAfter.all(hour, keyOf(lane, seq), keyOf(lane, SPAN));
    const end = rows.findIndex((row) => row.starts_chain === 1);
    return rows.slice(0, end < 0 ? rows.length : end).map((row) => seqOf(row.id));
  }

  quarantined(): number {
    return this.#sql.countQuarantine.get()?.n ?? 0;
  }

  marks(): AckMark[] {
    return this.db.prepare<[], AckMark>('select lane, at, durable from ack_mark order by lane, at').all();
  }

  saveMark(mark: AckMark): void {
    this.#sql.saveMark.run(mark.lane, mark.at, mark.durable);
  }

  /** Forgets marks older than `before`, and those above `durable` (the console was restored from a backup). */
  deleteMarks(lane: Lane, before: EpochMs, durable: number): void {
    this.#sql.deleteMarks.run(lane, before, durable);
  }

  /** Bytes of pages in use; freed pages inside the file do not count, they are written again. */
  usedBytes(): number {
    const pragma = (name: string) => Number(this.db.pragma(name, { simple: true }));
    return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
  }

  fileBytes(): number {
    return (
      Number(this.db.pragma('page_count', { simple: true })) * Number(this.db.pragma('page_size', { simple: true }))
    );
  }
}
