// Makes and opens the database of a day; mends its first page, which is known by heart, where the disk changed it.
import { closeSync, existsSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import type Database from 'better-sqlite3';
import { AppError } from '#shared/base/errors.ts';
import { openSqlite } from '#shared/runtime/open-sqlite.ts';
import { damaged, isUnfit } from './damaged.ts';
import { dayText } from './day-paths.ts';
import type { Day } from './day-store.ts';
import { DAY_FORMAT, dayCrc, PAGE_BYTES, PRESENCE_KEYS, SCHEMA } from './open-day-schema.ts';
import { GET_DAY, PUT_DAY, PUT_PRESENT } from './open-day-sql.ts';
import { sealedBits } from './presence.ts';

/** Pages that a file keeps in memory, in KiB: the dictionary and the tree above the leaves of a day of 25,000 devices. */
const CACHE_KIB = 2_048;

/** Throws what SQLite says, `frame-malformed` or `store-newer` where the file is none that can be used. */
export function openDatabase(file: string, day: Day): { db: Database.Database; isMended: boolean } {
  try {
    return { db: openChecked(file, day), isMended: false };
  } catch (error) {
    const former = isUnfit(error) ? mendFirstPage(file, day) : undefined;
    if (former === undefined) throw error;
    try {
      return { db: openChecked(file, day), isMended: true };
    } catch (again) {
      // It was none of ours: it stays as it was.
      writePage(file, former);
      throw again;
    }
  }
}

function openChecked(file: string, day: Day): Database.Database {
  const db = openPaged(file);
  try {
    checkDay(db, day);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function openPaged(file: string): Database.Database {
  const db = openSqlite(file, { packed: { pageBytes: PAGE_BYTES } });
  db.pragma(`cache_size = -${CACHE_KIB}`);
  db.pragma('cell_size_check = ON');
  return db;
}

interface DayRow {
  format: number;
  day: number;
  crc: number;
}

function checkDay(db: Database.Database, day: Day): void {
  let failure: unknown;
  for (const sql of GET_DAY)
    try {
      const row = db.prepare<[], DayRow>(sql).get();
      if (row === undefined || row.crc !== dayCrc(row.format, row.day)) continue;
      if (row.format > DAY_FORMAT)
        throw new AppError('store-newer', `day ${dayText(day)}: format ${row.format} is newer than ${DAY_FORMAT}`);
      if (row.day !== day) throw damaged(day, `its file is that of ${dayText(row.day)}`);
      return;
    } catch (error) {
      if (error instanceof AppError) throw error;
      failure = error;
    }
  throw failure ?? damaged(day, 'its file is no day file');
}

/** Made whole under another name first: a file with the day's name is never half made. */
export function makeDatabase(file: string, day: Day): void {
  const made = `${file}.tmp`;
  makeEmpty(made, day);
  renameSync(made, file);
  syncFolder(path.dirname(file));
}

function makeEmpty(made: string, day: Day): void {
  rmSync(made, { force: true });
  rmSync(`${made}-journal`, { force: true });
  const db = openPaged(made);
  try {
    db.transaction(() => {
      db.exec(SCHEMA);
      for (const put of PUT_DAY) db.prepare(put).run(DAY_FORMAT, day, dayCrc(DAY_FORMAT, day));
      for (const put of PUT_PRESENT) {
        const present = db.prepare(put);
        for (const key of PRESENCE_KEYS) present.run(key, sealedBits(key));
      }
    })();
  } finally {
    db.close();
  }
  rmSync(`${made}-journal`, { force: true });
}

/** Where SQLite's head keeps how many pages there are, and which of them are free. */
const PAGES_AT = 28;
const FREE_AT = 32;

/**
 * All day files have the same tables, made in the same order, so their first page differs in its counters alone. Free pages are
 * forgotten with it, which costs their room until the day is closed. The page as it was; undefined where the file is of no whole pages.
 */
function mendFirstPage(file: string, day: Day): Uint8Array | undefined {
  const size = statSync(file).size;
  // A journal belongs to the page as it is: SQLite has to play it back first.
  if (size < 2 * PAGE_BYTES || size % PAGE_BYTES !== 0 || isJournal(`${file}-journal`)) return undefined;
  const made = `${file}.tmp`;
  makeEmpty(made, day);
  const page = readPage(made);
  rmSync(made, { force: true });
  const head = new DataView(page.buffer);
  head.setUint32(PAGES_AT, size / PAGE_BYTES);
  head.setUint32(FREE_AT, 0);
  head.setUint32(FREE_AT + 4, 0);
  const former = readPage(file);
  writePage(file, page);
  return former;
}

function readPage(file: string): Uint8Array<ArrayBuffer> {
  const page = new Uint8Array(PAGE_BYTES);
  const fd = openSync(file, 'r');
  try {
    readSync(fd, page, 0, PAGE_BYTES, 0);
    return page;
  } finally {
    closeSync(fd);
  }
}

function writePage(file: string, page: Uint8Array): void {
  const fd = openSync(file, 'r+');
  try {
    writeSync(fd, page, 0, PAGE_BYTES, 0);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

const isJournal = (file: string): boolean => existsSync(file) && statSync(file).size > 0;

export function syncFolder(folder: string): void {
  // Windows keeps names durable by itself and opens no folders.
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
