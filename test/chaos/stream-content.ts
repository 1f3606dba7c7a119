// What a relay's spool and the console's database hold of the stream, read from their files without any of the product's own reading.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type Database from 'better-sqlite3';
import type { Batch } from '#shared/protocol/batch.ts';
import { LANES, type Lane, type Watermark } from '#shared/protocol/lane.ts';
import { openSqlite } from '#shared/runtime/open-sqlite.ts';

/** A batch as it lies in a file; `epoch` and `lane` say whose number `seq` is. */
export interface KeptBatch extends Pick<Batch, 'lane' | 'seq' | 'kind' | 'hour' | 'n' | 'data'> {
  epoch: string;
}

export interface KeptGap {
  epoch: string;
  lane: Lane;
  from: number;
  to: number;
  n: number;
}

/** One lane of one spool: what was numbered, and how far the console has come. */
export interface LaneMark extends Watermark {
  epoch: string;
  /** Number the next batch will get; only a spool knows it. */
  next: number;
}

export interface StreamContent {
  batches: KeptBatch[];
  gaps: KeptGap[];
  marks: LaneMark[];
}

/** The row id of a spool's batch is lane * 2^48 + seq; written down here once more so that the audit does not trust the reader it audits. */
const SPAN = 2 ** 48;

interface SpoolRow {
  id: number;
  hour: number;
  is_samples: number;
  n: number;
  data: Uint8Array;
}

/** All epochs of a relay: its spool, and every file that was moved aside as damaged and can still be read. */
export function readSpools(folder: string): StreamContent {
  const files = readdirSync(folder).filter((name) => /^spool\.db(\.corrupt-[\d-]+)?$/.test(name));
  return joined(files.map((name) => withDatabase(path.join(folder, name), readSpool)));
}

/** How far one relay's stream got at the console, and every sample frame it has of it. */
export const readConsoleStream = (file: string, relay: string): StreamContent =>
  withDatabase(file, (db) => {
    const frames = db
      .prepare<[string], Omit<KeptBatch, 'kind'> & { batches: number }>(
        `select epoch, lane, seq, batches, hour, samples as n, data from metric_frame where relay_id = ? order by epoch, lane, seq`,
      )
      .all(relay)
      .flatMap(unbundled);
    return {
      batches: frames.map((frame) => ({ ...frame, kind: 'samples' })),
      gaps: db
        .prepare<[string], KeptGap>(
          'select epoch, lane, from_seq as "from", to_seq as "to", n from gap where relay_id = ?',
        )
        .all(relay),
      marks: marksOf(db, relay),
    };
  });

/** First byte of a bundle; of each batch in it 3 bytes of length and 3 of samples stand before its bytes. */
const BUNDLE = 0xb1;
const PART_HEAD = 6;

/** The batches of a frame, as their relay numbered them. */
function unbundled({
  batches,
  ...frame
}: Omit<KeptBatch, 'kind'> & { batches: number }): Array<Omit<KeptBatch, 'kind'>> {
  const { data, seq } = frame;
  if (data[0] !== BUNDLE) return [frame];
  const parts: Array<Omit<KeptBatch, 'kind'>> = [];
  const number = (at: number) => ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
  for (let at = 1; at < data.length; at += PART_HEAD + number(at)) {
    const from = at + PART_HEAD;
    const part = {
      seq: seq - batches + 1 + parts.length,
      n: number(at + 3),
      data: data.subarray(from, from + number(at)),
    };
    parts.push({ ...frame, ...part });
  }
  return parts;
}

/** Only how far each lane has come: cheap enough to ask after every kill. */
export const readConsoleMarks = (file: string, relay: string): LaneMark[] =>
  withDatabase(file, (db) => marksOf(db, relay));

/** What a relay's spool says of its lanes. */
export const readSpoolMarks = (folder: string): LaneMark[] => withDatabase(path.join(folder, 'spool.db'), spoolMarks);

export function withDatabase<T>(file: string, read: (db: Database.Database) => T): T {
  const db = openSqlite(file, { isReadOnly: true });
  try {
    // One moment of a file that others write.
    return db.transaction(() => read(db))();
  } finally {
    db.close();
  }
}

const marksOf = (db: Database.Database, relay: string): LaneMark[] =>
  db
    .prepare<[string], Omit<LaneMark, 'next'>>(
      'select epoch, lane, received, durable from watermark where relay_id = ? order by epoch, lane',
    )
    .all(relay)
    .map((mark) => ({ ...mark, next: mark.received + 1 }));

function spoolMarks(db: Database.Database): LaneMark[] {
  const epoch = epochOf(db);
  return db
    .prepare<[], Omit<LaneMark, 'epoch'>>('select lane, next, received, durable from lane order by lane')
    .all()
    .map((mark) => ({ ...mark, epoch }));
}

function readSpool(db: Database.Database): StreamContent {
  const epoch = epochOf(db);
  const rows = db.prepare<[], SpoolRow>('select id, hour, is_samples, n, data from batch order by id').all();
  const gaps = db
    .prepare<[], { id: number; to: number; n: number }>('select id, to_seq as "to", n from gap order by id')
    .all();
  return {
    batches: rows.map(({ id, is_samples, ...rest }) => ({
      epoch,
      ...placeOf(id),
      kind: is_samples === 1 ? 'samples' : 'records',
      ...rest,
    })),
    gaps: gaps.map(({ id, to, n }) => {
      const { lane, seq: from } = placeOf(id);
      return { epoch, lane, from, to, n };
    }),
    marks: spoolMarks(db),
  };
}

const epochOf = (db: Database.Database): string =>
  db.prepare<[], { epoch: string }>('select epoch from spool').get()?.epoch ?? '';

function placeOf(id: number): { lane: Lane; seq: number } {
  const lane = LANES.find((one) => one === Math.floor(id / SPAN));
  if (lane === undefined) throw new Error(`a spool has a batch ${id} in no lane`);
  return { lane, seq: id % SPAN };
}

const joined = (parts: readonly StreamContent[]): StreamContent => ({
  batches: parts.flatMap(({ batches }) => batches),
  gaps: parts.flatMap(({ gaps }) => gaps),
  marks: parts.flatMap(({ marks }) => marks),
});
