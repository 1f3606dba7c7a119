// Writes what is kept of a day anew into files of a closed day, place by place, so that a worker can give way between two.
import { HOUR_MS } from '#shared/base/clock.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import { checkChunk, decodeChunk } from '#shared/codec/chunk-decoder.ts';
import { ChunkEncoder } from '#shared/codec/chunk-encoder.ts';
import { MAX_CHUNK_CELLS, MAX_CHUNK_COLUMNS, MAX_CHUNK_ROWS } from '#shared/codec/chunk-format.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import { TotalsEncoder } from '#shared/codec/totals-encoder.ts';
import { emptyTotals, MAX_TOTALS_SERIES } from '#shared/codec/totals-format.ts';
import {
  coverageOf,
  type DayLayers,
  dictionaryOf,
  linesOfNames,
  type OnUnread,
  placesOf,
  rawOf,
  totalsOf,
} from './day-layers.ts';
import { HOURS_A_DAY } from './day-paths.ts';
import type { Day, Forgotten, HourLine } from './day-store.ts';
import { chainHours, sliceHours } from './join-hours.ts';
import { lineOwner, RAW_RECORD, TOTALS_RECORD } from './packed-format.ts';
import type { PackedRecord, PackedWriter } from './packed-writer.ts';
import { copyTotal } from './total-lines.ts';

const chunks = new ChunkEncoder();
const blocks = new TotalsEncoder();

/** Names whose lines are held at a time: of 200 sites some 12 MB. */
const NAMES_AT_ONCE = 64;

export interface Rewrite {
  day: Day;
  layers: DayLayers;
  /** One file for both, or one for each; undefined: that half is not written. */
  raw: PackedWriter | undefined;
  totals: PackedWriter | undefined;
  /** Hours of a device become one chunk: a tenth smaller, at the price of opening and sealing them. */
  isJoined: boolean;
  forgotten?: Forgotten;
  onUnread: OnUnread;
}

/** Yields after each device. The writers are not finished by it. */
export function* rewriteDay(rewrite: Rewrite): Generator<void, void> {
  const { day, layers, raw, totals, onUnread } = rewrite;
  for (const [number, place] of placesOf(layers)) {
    if (isGone(rewrite.forgotten, place, 'all')) continue;
    const records = new Map<PackedWriter, PackedRecord[]>();
    for (const writer of [raw, totals]) if (writer !== undefined) records.set(writer, []);
    if (raw !== undefined && !isGone(rewrite.forgotten, place, 'raw')) {
      const kept = rawOf(layers, number, place, onUnread);
      for (const { part, bytes } of kept)
        told(`${place.device} from hour ${part} of the day`, place.device, bytes, onUnread);
      records.get(raw)?.push(...(rewrite.isJoined ? joined(day, place.device, kept) : kept));
    }
    const block = totals === undefined ? undefined : totalsOf(layers, { day, number, place }, onUnread);
    if (totals !== undefined && block !== undefined)
      records
        .get(totals)
        ?.push({ kind: TOTALS_RECORD, part: 0, hours: HOURS_A_DAY, bytes: blocks.encode(place.device, block) });
    for (const [writer, mine] of records) writer.addPlace(number, place, mine);
    yield;
  }
  if (totals !== undefined) yield* writeLines(rewrite, totals);
}

/** A damaged chunk is kept as it is, so that whoever reads it is told. */
function told(what: string, device: DeviceId, bytes: Uint8Array, onUnread: OnUnread): void {
  try {
    checkChunk(device, bytes);
  } catch (error) {
    onUnread(what, error);
  }
}

function* writeLines({ day, layers, forgotten, onUnread }: Rewrite, to: PackedWriter): Generator<void, void> {
  const names = dictionaryOf(layers)?.series.length ?? 0;
  for (let from = 0; from < names; from += NAMES_AT_ONCE) {
    for (const [name, lines] of linesOfNames(layers, { day, from, to: from + NAMES_AT_ONCE }, onUnread)) {
      const kept = [...lines]
        .filter(([site]) => !(forgotten?.what === 'all' && forgotten.sites.has(site)))
        .map(([site, line]) => ({ site: to.siteIndex(site), line }))
        .sort((a, b) => a.site - b.site);
      for (let at = 0; at < kept.length; at += MAX_TOTALS_SERIES)
        to.addLines(name, blocks.encode(lineOwner(day, name), blockOfSites(kept.slice(at, at + MAX_TOTALS_SERIES))));
    }
    yield;
  }
}

function blockOfSites(lines: ReadonlyArray<{ site: number; line: HourLine }>) {
  const hours = Uint32Array.from(new Set(lines.flatMap(({ line }) => [...line.hours]))).sort();
  const block = emptyTotals(
    hours,
    Uint32Array.from(lines, ({ site }) => site),
  );
  const rowOf = new Map(Array.from(hours, (hour, row) => [hour, row]));
  for (const [column, { line }] of lines.entries())
    for (const [i, hour] of line.hours.entries())
      copyTotal(block, column * hours.length + (rowOf.get(hour) ?? 0), line, i);
  return block;
}

function isGone(
  forgotten: Forgotten | undefined,
  { device, site }: { device: DeviceId; site: SiteId },
  what: Forgotten['what'],
): boolean {
  if (forgotten === undefined || (what === 'all' && forgotten.what === 'raw')) return false;
  return forgotten.devices.has(device) || forgotten.sites.has(site);
}

/** Chunks one after the other become one, as far as the bounds of a chunk allow. One that does not open stays as it is. */
function joined(day: Day, device: DeviceId, records: readonly PackedRecord[]): PackedRecord[] {
  const out: PackedRecord[] = [];
  let run: Array<{ record: PackedRecord; data: DeviceHour }> = [];
  let size = new RunSize();
  const flush = (): void => {
    out.push(...sealed(day, device, run));
    run = [];
    size = new RunSize();
  };
  for (const piece of piecesOf(day, device, records)) {
    if (piece.data === undefined) {
      out.push(piece.record);
      continue;
    }
    const last = run.at(-1)?.record;
    const isNext = last === undefined || piece.record.part >= last.part + last.hours;
    if (!isNext || !size.takes(piece.data)) {
      flush();
      size.takes(piece.data);
    }
    run.push({ record: piece.record, data: piece.data });
  }
  flush();
  return out;
}

interface Piece {
  record: PackedRecord;
  /** Undefined where it does not open. */
  data: DeviceHour | undefined;
}

/** The records opened, by their first hour; of a span from which an hour was written anew, the hours that were not. */
function piecesOf(day: Day, device: DeviceId, records: readonly PackedRecord[]): Piece[] {
  const single = new Set(records.filter(({ hours }) => hours === 1).map(({ part }) => part));
  return records
    .flatMap((record): Piece[] => {
      const data = opened(day, device, record);
      const parts = Array.from({ length: record.hours }, (_, i) => record.part + i);
      if (record.hours === 1 || data === undefined || !parts.some((part) => single.has(part)))
        return [{ record, data }];
      return parts.flatMap((part) => {
        const from = (day * HOURS_A_DAY + part) * HOUR_MS;
        const cut = single.has(part) ? undefined : sliceHours(data, from, from + HOUR_MS);
        if (cut === undefined) return [];
        const bytes = chunks.encode(device, cut, { hour: day * HOURS_A_DAY + part, hours: 1 });
        return [{ record: { kind: RAW_RECORD, part, hours: 1, bytes }, data: cut }];
      });
    })
    .sort((a, b) => a.record.part - b.record.part);
}

function opened(day: Day, device: DeviceId, { part, hours, bytes }: PackedRecord): DeviceHour | undefined {
  try {
    return decodeChunk(device, day * HOURS_A_DAY + part, bytes, hours);
  } catch {
    // It is kept as it is: whoever reads it is told.
    return undefined;
  }
}

/** How large a chunk of several hours becomes. */
class RunSize {
  #rows = 0;
  readonly #series = new Set<number>();
  #last: Uint32Array | undefined;

  /** False, and nothing is counted, where the chunk would break a bound of chunks. */
  takes({ times, series }: DeviceHour): boolean {
    const rows = this.#rows + times.length;
    const added = isSameList(series, this.#last) ? [] : [...series].filter((number) => !this.#series.has(number));
    const columns = this.#series.size + added.length;
    if (this.#rows > 0 && (rows > MAX_CHUNK_ROWS || columns > MAX_CHUNK_COLUMNS || rows * columns > MAX_CHUNK_CELLS))
      return false;
    this.#rows = rows;
    for (const number of added) this.#series.add(number);
    this.#last = series;
    return true;
  }
}

function isSameList(a: Uint32Array, b: Uint32Array | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((number, i) => number === b[i]);
}

function sealed(
  day: Day,
  device: DeviceId,
  run: ReadonlyArray<{ record: PackedRecord; data: DeviceHour }>,
): PackedRecord[] {
  const first = run[0]?.record;
  const last = run.at(-1)?.record;
  const data = chainHours(run.map((one) => one.data));
  if (first === undefined || last === undefined || data === undefined) return [];
  if (first === last) return [first];
  const hours = last.part + last.hours - first.part;
  const bytes = chunks.encode(device, data, { hour: day * HOURS_A_DAY + first.part, hours });
  return [{ kind: RAW_RECORD, part: first.part, hours, bytes }];
}

/** The rest of the directory. */
export function restOf(layers: DayLayers) {
  const dictionary = dictionaryOf(layers);
  const reserved = Math.max(
    dictionary?.places.length ?? 0,
    ...layers.packed.map((file) => file.directory.reserved),
    ...[...placesOf(layers).keys()].map((number) => number + 1),
  );
  return {
    series: Array.from(dictionary?.series ?? [], (series) => series ?? null),
    reserved,
    coverage: coverageOf(layers),
  };
}
