// The database of one day that may still change: rows by their keys, the day's dictionary, and which keys there are.
import { existsSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import { decodeTotals } from '#shared/codec/totals-decoder.ts';
import type { TotalsBlock } from '#shared/codec/totals-format.ts';
import { damaged } from './damaged.ts';
import { HOURS_A_DAY } from './day-paths.ts';
import type { Coverage, Day, DevicePlace, StoredSeries } from './day-store.ts';
import { crcOf, Dictionary, MAX_DAY_SERIES, placeCrc, seriesCrc } from './dictionary.ts';
import { makeDatabase, openDatabase } from './open-day-database.ts';
import {
  type BlobTable,
  COVERAGE_KEY,
  ID_SPAN,
  LINE_KEY,
  LINE_PARTS,
  PLACE_KEY,
  PRESENCE_KEYS,
  RAW_KEY,
  SERIES_KEY,
  TOTAL_KEY,
} from './open-day-schema.ts';
import {
  ALL_NAMES,
  DROP_BLOB,
  GET_BLOB,
  GET_COPY,
  GET_NAME,
  GET_PRESENT,
  LAST_NAME,
  type NameTable,
  PUT_BLOB,
  PUT_COVERAGE,
  PUT_PLACE,
  PUT_PRESENT,
  PUT_SERIES,
} from './open-day-sql.ts';
import { Presence } from './presence.ts';

/**
 * Totals of opened lines that stay in memory, 40 bytes each: 20 MiB, a day of 200 sites of 100 names. A sum over the fleet reads those of
 * every site, and sealing changes one site's at a time.
 */
const MAX_LINE_TOTALS = 2 ** 19;

/** Devices of an hour whose totals stay in memory until the next hour's come: a site of the largest size, 3 KB each of 60 series. */
const MAX_PUT_TOTALS = 2_048;

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
  /** What of the dictionary the disk changed, in both copies. */
  readonly faults: string[] = [];
  /** What was read from its copy, and that the first page was mended. */
  readonly healed: string[] = [];
  readonly #db: Database.Database;
  readonly #get: Record<BlobTable, Database.Statement<[number], Uint8Array>>;
  readonly #put: Record<BlobTable, Database.Statement<[number, Uint8Array]>>;
  readonly #coverage = new Map<string, CoverageRow>();
  /** Opened lines by their row, those that were opened first before the others. */
  readonly #lines = new Map<number, TotalsBlock>();
  #lineTotals = 0;
  /** Totals that were put last, of one hour, by place: what they add up to for a site is made without reading them back. */
  readonly #putTotals = new Map<number, TotalsBlock>();
  #putPart = -1;

  /** Throws `store-newer` where a newer version made the file, and SQLite's own error or `frame-malformed` where it is none of ours. */
  constructor(file: string, day: Day) {
    this.day = day;
    this.dictionary = new Dictionary(day);
    if (!existsSync(file)) makeDatabase(file, day);
    const { db, isMended } = openDatabase(file, day);
    if (isMended) this.healed.push('its first page');
    this.#db = db;
    try {
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

  /** A row of a site's lines, opened; nobody changes it. */
  linesOf(site: SiteId, part: number, number: number): TotalsBlock | undefined {
    const id = part * ID_SPAN + number;
    const known = this.#lines.get(id);
    if (known !== undefined) return known;
    const bytes = this.get('line', part, number);
    if (bytes === undefined) return undefined;
    const first = this.day * HOURS_A_DAY;
    const block = decodeTotals(site, bytes, first, first + HOURS_A_DAY);
    this.#lines.set(id, block);
    this.#lineTotals += block.count.length;
    for (const oldest of this.#lines.keys()) {
      if (this.#lineTotals <= MAX_LINE_TOTALS) break;
      this.#letGoOfLines(oldest);
    }
    return block;
  }

  /** Totals of a device, and their bytes; nobody changes the block afterwards. */
  putTotals(part: number, number: number, block: TotalsBlock, data: Uint8Array): void {
    this.put('total', part, number, data);
    if (part !== this.#putPart || this.#putTotals.size >= MAX_PUT_TOTALS) this.#putTotals.clear();
    this.#putPart = part;
    this.#putTotals.set(number, block);
  }

  /** As they were put; undefined where they have to be read. */
  totalsPut(part: number, number: number): TotalsBlock | undefined {
    return part === this.#putPart ? this.#putTotals.get(number) : undefined;
  }

  #letGoOfTotals(part: number, number: number): void {
    if (part === this.#putPart) this.#putTotals.delete(number);
  }

  #letGoOfLines(id: number): void {
    this.#lineTotals -= this.#lines.get(id)?.count.length ?? 0;
    this.#lines.delete(id);
  }

  /** The row is no longer kept, whether it could be read or not. */
  drop(table: BlobTable, part: number, number: number): void {
    this.#db.prepare(DROP_BLOB[table]).run(part * ID_SPAN + number);
    this.presence.set(FIRST_KEY[table] + part, number, false);
    if (table === 'total') this.#letGoOfTotals(part, number);
    if (table === 'line') this.#letGoOfLines(part * ID_SPAN + number);
  }

  put(table: BlobTable, part: number, number: number, data: Uint8Array): void {
    this.#put[table].run(part * ID_SPAN + number, data);
    this.presence.set(FIRST_KEY[table] + part, number, true);
    if (table === 'total') this.#letGoOfTotals(part, number);
    if (table === 'line') this.#letGoOfLines(part * ID_SPAN + number);
  }

  /** What of a dictionary the disk changed, the first of it. */
  faultOf(table: 'place' | 'series'): string | undefined {
    const key = table === 'place' ? PLACE_KEY : SERIES_KEY;
    return this.faults.find((fault) => fault.startsWith(`${table} `) || fault === `presence ${key}`);
  }

  /** What SQLite finds wrong with its own pages, up to 100 sentences. */
  pageFaults(): string[] {
    const said = this.#tried(() => this.#db.pragma('integrity_check(100)'));
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
    const number = this.dictionary.nextPlace(place.site);
    this.#putPlace(number, { device: place.device, site: place.site });
    return number;
  }

  seriesNumber(series: StoredSeries): number {
    const known = this.dictionary.seriesNumber(series);
    if (known !== undefined) return known;
    const number = this.dictionary.nextSeries();
    this.#putSeries(number, series);
    return number;
  }

  #putPlace(number: number, place: DevicePlace): void {
    for (const put of PUT_PLACE) this.#db.prepare(put).run(number, place.device, place.site, placeCrc(number, place));
    this.presence.set(PLACE_KEY, number, true);
    this.dictionary.addPlace(number, place);
  }

  #putSeries(number: number, series: StoredSeries): void {
    const { name, instance, unit, kind, resolution } = series;
    const crc = seriesCrc(number, series);
    for (const put of PUT_SERIES) this.#db.prepare(put).run(number, name, instance, unit, kind, resolution, crc);
    this.presence.set(SERIES_KEY, number, true);
    this.dictionary.addSeries(number, { name, instance, unit, kind, resolution });
  }

  /** Takes over the numbers of a closed file of the day, before anything else is written. */
  seed(places: ReadonlyMap<number, DevicePlace>, dictionary: Dictionary, coverage: readonly Coverage[]): void {
    this.begin();
    for (const [number, place] of places) this.#putPlace(number, place);
    for (const [number, series] of dictionary.series.entries())
      if (series !== undefined) this.#putSeries(number, series);
      // A number whose series nobody knows any more stays given.
      else this.presence.set(SERIES_KEY, number, true);
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
    for (const [key, data] of this.presence.takeChanged())
      for (const put of PUT_PRESENT) this.#db.prepare(put).run(key, data);
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
    const present = new Map(
      GET_PRESENT.map((sql) => [sql, this.#db.prepare<[number], Uint8Array>(sql).pluck()] as const),
    );
    for (const key of PRESENCE_KEYS)
      this.#either(`presence ${key}`, GET_PRESENT, (sql) => this.presence.load(key, present.get(sql)?.get(key)));
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

  /** Above all numbers that were given. */
  #nextId(table: NameTable): number {
    const key = { place: PLACE_KEY, series: SERIES_KEY, coverage: COVERAGE_KEY }[table];
    if (this.presence.has(key, 0) !== undefined) return 1 + (this.presence.numbers(key).at(-1) ?? -1);
    const found = this.#tried(() => this.#db.prepare<[], number | null>(LAST_NAME[table]).pluck().get());
    // A number beyond all bounds is damage too.
    return typeof found === 'number' && found >= 0 && found < MAX_DAY_SERIES ? found + 1 : 0;
  }

  /** All at once; where that fails, row by row by their keys, so that a damaged page costs its own rows alone. */
  #each<Row extends { id: number }>(table: NameTable, key: number, take: (row: Row) => boolean): void {
    const tables = [GET_NAME[table], GET_COPY[table]].filter((sql) => sql !== undefined);
    const prepared = new Map(tables.map((sql) => [sql, this.#db.prepare<[number], Row>(sql)] as const));
    const all = this.#tried(() => this.#db.prepare<[], Row>(ALL_NAMES[table]).all()) ?? [];
    const rows = new Map(all.map((row) => [row.id, row]));
    for (const number of this.presence.numbers(key)) {
      const read = rows.get(number);
      if (read !== undefined && take(read)) continue;
      this.#either(`${table} ${number}`, tables, (sql) => {
        const row = prepared.get(sql)?.get(number);
        return row !== undefined && take(row);
      });
    }
  }

  /** From its copy where the disk changed it; a fault where that is changed too. */
  #either(what: string, statements: readonly string[], take: (sql: string) => boolean): void {
    for (const [i, sql] of statements.entries()) {
      if (this.#tried(() => take(sql)) !== true) continue;
      if (i > 0) this.healed.push(what);
      return;
    }
    this.faults.push(what);
  }

  #tried<T>(act: () => T): T | undefined {
    try {
      return act();
    } catch {
      // Whoever asks says what is damaged.
      return undefined;
    }
  }
}
