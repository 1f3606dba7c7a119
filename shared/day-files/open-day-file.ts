// The database of one day that may still change: rows by their keys, the day's dictionary, and which keys there are.
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type Database from 'better-sqlite3';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import { openSqlite } from '#shared/runtime/open-sqlite.ts';
import { damaged } from './damaged.ts';
import { dayText } from './day-paths.ts';
import type { Coverage, Day, DevicePlace, StoredSeries } from './day-store.ts';
import { crcOf, Dictionary, placeCrc, seriesCrc } from './dictionary.ts';
import {
  type BlobTable,
  COVERAGE_KEY,
  DAY_FORMAT,
  dayCrc,
  ID_SPAN,
  LINE_KEY,
  LINE_PARTS,
  PAGE_BYTES,
  PLACE_KEY,
  PRESENCE_KEYS,
  RAW_KEY,
  SCHEMA,
  SERIES_KEY,
  TOTAL_KEY,
} from './open-day-schema.ts';
import {
  DROP_BLOB,
  GET_BLOB,
  GET_DAY,
  GET_NAME,
  GET_PRESENT,
  LAST_NAME,
  type NameTable,
  PUT_BLOB,
  PUT_COVERAGE,
  PUT_DAY,
  PUT_PLACE,
  PUT_PRESENT,
  PUT_SERIES,
} from './open-day-sql.ts';
import { Presence, sealedBits } from './presence.ts';

/** Pages that a file keeps in memory, in KiB: the dictionary and the tree above the leaves of a day of 25,000 devices. */
const CACHE_KIB = 2_048;
const FIRST_KEY: Record<BlobTable, number> = { chunk: RAW_KEY, total: TOTAL_KEY, line: LINE_KEY };

interface PlaceRow {
  id: number;
  device: DeviceId;
  site: SiteId;
  crc: number;
}
interface SeriesRow extends StoredSeries {
  id: number;
  crc: number;
}
interface CoverageRow extends Coverage {
  id: number;
  crc: number;
}

const coverageCrc = (id: number, { relay, hour, devices, samples }: Coverage): number =>
  crcOf(['coverage', id, relay, hour, devices, samples]);

export class OpenDayFile {
  readonly day: Day;
  readonly dictionary: Dictionary;
  readonly presence = new Presence();
  /** What of the dictionary the disk changed. */
  readonly faults: string[] = [];
  readonly #db: Database.Database;
  readonly #get: Record<BlobTable, Database.Statement<[number], Uint8Array>>;
  readonly #put: Record<BlobTable, Database.Statement<[number, Uint8Array]>>;
  readonly #coverage = new Map<string, CoverageRow>();

  /** Throws `store-newer` where a newer version made the file, and SQLite's own error or `frame-malformed` where it is none of ours. */
  constructor(file: string, day: Day) {
    this.day = day;
    this.dictionary = new Dictionary(day);
    if (!existsSync(file)) makeFile(file, day);
    this.#db = openDatabase(file);
    try {
      checkDay(this.#db, day);
      this.#load();
      const get = (table: BlobTable) => this.#db.prepare<[number], Uint8Array>(GET_BLOB[table]).pluck();
      const put = (table: BlobTable) => this.#db.prepare<[number, Uint8Array]>(PUT_BLOB[table]);
      this.#get = { chunk: get('chunk'), total: get('total'), line: get('line') };
      this.#put = { chunk: put('chunk'), total: put('total'), line: put('line') };
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  /** Bytes of a row, or undefined where none was ever kept. Throws when there is one that the disk does not give back. */
  get(table: BlobTable, part: number, number: number): Uint8Array | undefined {
    const isThere = this.presence.has(FIRST_KEY[table] + part, number);
    if (isThere === false) return undefined;
    const id = part * ID_SPAN + number;
    const found = this.#get[table].get(id);
    if (found === undefined) throw damaged(this.day, `row ${id} of its ${table}s is gone`);
    return found;
  }

  /** The row is no longer kept, whether it could be read or not. */
  drop(table: BlobTable, part: number, number: number): void {
    this.#db.prepare(DROP_BLOB[table]).run(part * ID_SPAN + number);
    this.presence.set(FIRST_KEY[table] + part, number, false);
  }

  put(table: BlobTable, part: number, number: number, data: Uint8Array): void {
    this.#put[table].run(part * ID_SPAN + number, data);
    this.presence.set(FIRST_KEY[table] + part, number, true);
  }

  /** What of a dictionary the disk changed, the first of it. */
  faultOf(table: 'place' | 'series'): string | undefined {
    const key = table === 'place' ? PLACE_KEY : SERIES_KEY;
    return this.faults.find((fault) => fault.startsWith(`${table} `) || fault === `presence ${key}`);
  }

  /** What SQLite finds wrong with its own pages, up to 100 sentences. */
  pageFaults(): string[] {
    const said = this.#tried('pages', () => this.#db.pragma('integrity_check(100)'));
    // One row with the text "ok", or a row for each fault.
    const rows = (said ?? [{ integrity_check: 'it cannot be checked' }]) as Array<{ integrity_check: string }>;
    return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
  }

  /** Parts in which a site has lines, or may have some. */
  linePartsOf(site: number): number[] {
    const parts: number[] = [];
    for (let part = 0; part < LINE_PARTS; part += 1)
      if (this.presence.has(LINE_KEY + part, site) !== false) parts.push(part);
    return parts;
  }

  placeNumber(place: DevicePlace): number {
    const known = this.dictionary.placeNumber(place);
    if (known !== undefined) return known;
    const number = this.dictionary.nextPlace();
    const insert = this.#db.prepare(PUT_PLACE);
    insert.run(number, place.device, place.site, placeCrc(number, place));
    this.presence.set(PLACE_KEY, number, true);
    this.dictionary.addPlace(number, { device: place.device, site: place.site });
    return number;
  }

  seriesNumber(series: StoredSeries): number {
    const known = this.dictionary.seriesNumber(series);
    if (known !== undefined) return known;
    const number = this.dictionary.nextSeries();
    const { name, instance, unit, kind, resolution } = series;
    this.#db.prepare(PUT_SERIES).run(number, name, instance, unit, kind, resolution, seriesCrc(number, series));
    this.presence.set(SERIES_KEY, number, true);
    this.dictionary.addSeries(number, { name, instance, unit, kind, resolution });
    return number;
  }

  /** Takes over the numbers of a closed file of the day, before anything else is written. */
  seed(places: ReadonlyMap<number, DevicePlace>, dictionary: Dictionary, coverage: readonly Coverage[]): void {
    this.begin();
    const putPlace = this.#db.prepare(PUT_PLACE);
    for (const [number, place] of places) {
      putPlace.run(number, place.device, place.site, placeCrc(number, place));
      this.dictionary.addPlace(number, place);
    }
    const putSeries = this.#db.prepare(PUT_SERIES);
    for (const [number, series] of dictionary.series.entries()) {
      // A number whose series nobody knows any more stays given.
      this.presence.set(SERIES_KEY, number, true);
      if (series === undefined) continue;
      const { name, instance, unit, kind, resolution } = series;
      putSeries.run(number, name, instance, unit, kind, resolution, seriesCrc(number, series));
      this.dictionary.addSeries(number, series);
    }
    for (let number = 0; number < dictionary.places.length; number += 1) this.presence.set(PLACE_KEY, number, true);
    this.dictionary.reserve(dictionary.places.length, dictionary.series.length);
    for (const one of coverage) this.cover(one);
    this.commit();
  }

  cover(coverage: Coverage): void {
    const { relay, hour, devices, samples } = coverage;
    const id = this.#coverage.get(`${relay} ${hour}`)?.id ?? this.#nextId('coverage');
    const crc = coverageCrc(id, coverage);
    this.#db.prepare(PUT_COVERAGE).run(id, relay, hour, devices, samples, crc);
    this.presence.set(COVERAGE_KEY, id, true);
    this.#coverage.set(`${relay} ${hour}`, { id, relay, hour, devices, samples, crc });
  }

  coverage(): Coverage[] {
    return [...this.#coverage.values()].map(({ relay, hour, devices, samples }) => ({ relay, hour, devices, samples }));
  }

  begin(): void {
    this.#db.exec('begin immediate');
  }

  /** On disk when it returns. */
  commit(): void {
    const keep = this.#db.prepare(PUT_PRESENT);
    for (const [key, data] of this.presence.takeChanged()) keep.run(key, data);
    this.#db.exec('commit');
  }

  /** The handle must be closed afterwards: what it knows in memory was not kept. */
  rollback(): void {
    if (this.#db.inTransaction) this.#db.exec('rollback');
  }

  close(): void {
    this.#db.close();
  }

  #load(): void {
    const present = this.#db.prepare<[number], Uint8Array>(GET_PRESENT).pluck();
    for (const key of PRESENCE_KEYS)
      if (
        !this.presence.load(
          key,
          this.#tried(`presence ${key}`, () => present.get(key)),
        )
      )
        this.faults.push(`presence ${key}`);
    this.#each<PlaceRow>('place', PLACE_KEY, (row) => {
      if (placeCrc(row.id, row) !== row.crc) return false;
      this.dictionary.addPlace(row.id, { device: row.device, site: row.site });
      return true;
    });
    this.#each<SeriesRow>('series', SERIES_KEY, (row) => {
      if (seriesCrc(row.id, row) !== row.crc) return false;
      const { name, instance, unit, kind, resolution } = row;
      this.dictionary.addSeries(row.id, { name, instance, unit, kind, resolution });
      return true;
    });
    this.dictionary.reserve(this.#nextId('place'), this.#nextId('series'));
    this.#each<CoverageRow>('coverage', COVERAGE_KEY, (row) => {
      if (coverageCrc(row.id, row) !== row.crc) return false;
      this.#coverage.set(`${row.relay} ${row.hour}`, row);
      return true;
    });
  }

  /** Above all ids that are known or found. */
  #nextId(table: NameTable): number {
    const key = { place: PLACE_KEY, series: SERIES_KEY, coverage: COVERAGE_KEY }[table];
    const known = this.presence.numbers(key).at(-1) ?? -1;
    const select = this.#db.prepare<[], number | null>(LAST_NAME[table]).pluck();
    return 1 + Math.max(known, this.#tried(`ids of ${table}`, () => select.get()) ?? -1);
  }

  /** Row by row by their keys, so that a damaged page costs its own rows alone. */
  #each<Row>(table: NameTable, key: number, take: (row: Row) => boolean): void {
    const get = this.#db.prepare<[number], Row>(GET_NAME[table]);
    for (const number of this.presence.numbers(key)) {
      const row = this.#tried(`${table} ${number}`, () => get.get(number));
      if (row === undefined || !take(row)) this.faults.push(`${table} ${number}`);
    }
  }

  #tried<T>(what: string, act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      this.faults.push(`${what}: ${describeError(error).message}`);
      return undefined;
    }
  }
}

function openDatabase(file: string): Database.Database {
  const db = openSqlite(file, { packed: { pageBytes: PAGE_BYTES } });
  db.pragma(`cache_size = -${CACHE_KIB}`);
  db.pragma('cell_size_check = ON');
  return db;
}

function checkDay(db: Database.Database, day: Day): void {
  const row = db.prepare<[], { format: number; day: number; crc: number }>(GET_DAY).get();
  if (row === undefined || row.crc !== dayCrc(row.format, row.day)) throw damaged(day, 'its file is no day file');
  if (row.format > DAY_FORMAT)
    throw new AppError('store-newer', `day ${dayText(day)}: format ${row.format} is newer than ${DAY_FORMAT}`);
  if (row.day !== day) throw damaged(day, `its file is that of ${dayText(row.day)}`);
}

/** Made whole under another name first: a file with the day's name is never half made. */
function makeFile(file: string, day: Day): void {
  const made = `${file}.tmp`;
  rmSync(made, { force: true });
  rmSync(`${made}-journal`, { force: true });
  const db = openDatabase(made);
  try {
    db.transaction(() => {
      db.exec(SCHEMA);
      const put = db.prepare(PUT_DAY);
      put.run(DAY_FORMAT, day, dayCrc(DAY_FORMAT, day));
      const present = db.prepare(PUT_PRESENT);
      for (const key of PRESENCE_KEYS) present.run(key, sealedBits(key));
    })();
  } finally {
    db.close();
  }
  rmSync(`${made}-journal`, { force: true });
  renameSync(made, file);
  syncFolder(path.dirname(file));
}

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
