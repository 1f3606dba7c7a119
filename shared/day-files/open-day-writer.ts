// Writes into a day that may still change: chunks, totals, and what they add up to for a site.

import { AppError } from '#shared/base/errors.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import { ChunkEncoder } from '#shared/codec/chunk-encoder.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import type { Rollup } from '#shared/codec/rollup.ts';
import { decodeTotals } from '#shared/codec/totals-decoder.ts';
import { TotalsEncoder } from '#shared/codec/totals-encoder.ts';
import { emptyTotals, type TotalsBlock } from '#shared/codec/totals-format.ts';
import { dayText, HOURS_A_DAY } from './day-paths.ts';
import type { Coverage, DayWriter, DevicePlace, HourLine, StoredSeries } from './day-store.ts';
import type { OpenDayFile } from './open-day-file.ts';
import { LINE_PART } from './open-day-schema.ts';
import type { PackedFile } from './packed-file.ts';
import { TOTALS_RECORD } from './packed-format.ts';
import { blockOf, copyTotal, linesOf, roundRate, TotalsSum } from './total-lines.ts';

const chunks = new ChunkEncoder();
const blocks = new TotalsEncoder();

/** Places of a list in the order of its numbers, the numbers in that order, and which of them are counters. */
interface Layout {
  order: Uint32Array;
  series: Uint32Array;
  isCounter: Uint8Array;
}

export class OpenDayWriter implements DayWriter {
  readonly #file: OpenDayFile;
  readonly #closed: readonly PackedFile[];
  readonly #onDamage: (text: string) => void;
  readonly #firstHour: number;
  /** How the totals of a list of series are laid: of all devices that share the list. */
  readonly #layouts = new Map<Uint32Array, Layout>();

  /** `closed`: files of the day from before, whose totals count where the open file has none. */
  constructor(file: OpenDayFile, closed: readonly PackedFile[], onDamage: (text: string) => void) {
    this.#file = file;
    this.#closed = closed;
    this.#onDamage = onDamage;
    this.#firstHour = file.day * HOURS_A_DAY;
  }

  numberOf(series: StoredSeries): number {
    return this.#file.seriesNumber(series);
  }

  putRaw(place: DevicePlace, hour: number, data: DeviceHour): void {
    const part = this.#part(hour);
    const chunk = chunks.encode(place.device, data, { hour, hours: 1 });
    this.#file.put('chunk', part, this.#file.placeNumber(place), chunk);
  }

  putChunk(place: DevicePlace, hour: number, chunk: Uint8Array): void {
    this.#file.put('chunk', this.#part(hour), this.#file.placeNumber(place), chunk);
  }

  putTotals(place: DevicePlace, hour: number, series: Uint32Array, totals: Rollup): void {
    const part = this.#part(hour);
    const number = this.#file.placeNumber(place);
    const block = this.#blockOf(hour, series, totals);
    this.#file.putTotals(part, number, block, blocks.encode(place.device, block));
  }

  sumSite(site: SiteId, hour: number): void {
    const key = this.#file.dictionary.numbersOfSite(site)[0];
    if (key === undefined) return;
    const parts = new Map<number, Map<number, HourLine>>();
    for (const [name, totals, at] of this.#siteSum(site, hour).lines()) {
      const part = Math.floor(name / LINE_PART);
      const lines = parts.get(part) ?? new Map<number, HourLine>();
      parts.set(part, lines);
      const { series: _one, ...line } = emptyTotals(Uint32Array.of(hour), Uint32Array.of(0));
      copyTotal(line, 0, totals, at);
      lines.set(name, line);
    }
    for (const part of new Set([...parts.keys(), ...this.#file.linePartsOf(key)]))
      this.#putLines(site, key, part, hour, parts.get(part) ?? new Map<number, HourLine>());
  }

  cover(coverage: Coverage): void {
    this.#part(coverage.hour);
    this.#file.cover(coverage);
  }

  #part(hour: number): number {
    const part = hour - this.#firstHour;
    if (!(part >= 0 && part < HOURS_A_DAY))
      throw new AppError('bad-request', `day ${dayText(this.#file.day)}: hour ${hour} is of another day`);
    return part;
  }

  /** Ascending by series, rates rounded. */
  #blockOf(hour: number, list: Uint32Array, totals: Rollup): TotalsBlock {
    const { order, series, isCounter } = this.#layoutOf(list);
    const block = emptyTotals(Uint32Array.of(hour), series);
    for (let at = 0; at < order.length; at += 1) {
      const from = order[at] ?? 0;
      if ((totals.count[from] ?? 0) === 0) continue;
      copyTotal(block, at, totals, from);
      if (isCounter[at] !== 1) continue;
      block.min[at] = roundRate(block.min[at] ?? 0, Math.floor);
      block.max[at] = roundRate(block.max[at] ?? 0, Math.ceil);
    }
    return block;
  }

  #layoutOf(list: Uint32Array): Layout {
    const known = this.#layouts.get(list);
    if (known !== undefined) return known;
    const order = Uint32Array.from(list.keys()).sort((a, b) => (list[a] ?? 0) - (list[b] ?? 0));
    const series = order.map((place) => list[place] ?? 0);
    const { dictionary } = this.#file;
    const isCounter = Uint8Array.from(series, (number) => (dictionary.series[number]?.kind === 'counter' ? 1 : 0));
    const layout = { order, series, isCounter };
    this.#layouts.set(list, layout);
    return layout;
  }

  #siteSum(site: SiteId, hour: number): TotalsSum {
    const part = this.#part(hour);
    const sum = new TotalsSum();
    for (const number of this.#file.dictionary.numbersOfSite(site)) {
      const block = this.#file.totalsPut(part, number) ?? this.#stored(part, number);
      for (const [at, series] of (block?.series ?? []).entries()) {
        const name = this.#nameOf(series);
        if (block !== undefined && name !== undefined) sum.add(name, block, at);
      }
    }
    return sum;
  }

  #nameOf(series: number): number | undefined {
    const { dictionary } = this.#file;
    const known = dictionary.series[series];
    return known === undefined ? undefined : dictionary.nameNumber(known.name);
  }

  /** A row that the disk changed is reported and let go: sums are of what is kept. */
  #stored(part: number, number: number): TotalsBlock | undefined {
    const device = this.#file.dictionary.places[number]?.device;
    if (device === undefined) return undefined;
    const hour = this.#firstHour + part;
    try {
      const bytes = this.#file.get('total', part, number);
      if (bytes !== undefined) return decodeTotals(device, bytes, hour, hour + 1);
      return this.#closedTotals(device, number, hour);
    } catch (error) {
      this.#onDamage(`day ${dayText(this.#file.day)}: totals of ${device} in hour ${hour}: ${String(error)}`);
      this.#file.drop('total', part, number);
      return undefined;
    }
  }

  #putLines(site: SiteId, key: number, part: number, hour: number, now: ReadonlyMap<number, HourLine>): void {
    const pieces = [blockOf(this.#keptLines(site, key, part, hour)), blockOf(now)];
    const block = blockOf(linesOf(pieces.filter((piece) => piece !== undefined)));
    if (block === undefined) this.#file.drop('line', part, key);
    else this.#file.put('line', part, key, blocks.encode(site, block));
  }

  #closedTotals(device: DeviceId, number: number, hour: number): TotalsBlock | undefined {
    for (const file of this.#closed)
      for (const place of file.placesOf(device))
        for (const { kind, offset, length } of file.recordsOf(place)) {
          if (kind !== TOTALS_RECORD || place.number !== number) continue;
          const lines = linesOf([
            decodeTotals(device, file.read(offset, length), this.#firstHour, this.#firstHour + HOURS_A_DAY),
          ]);
          return blockOf(hourOfLines(lines, hour));
        }
    return undefined;
  }

  /** The site's lines of that part without the hour. Lines that the disk changed are added up anew. */
  #keptLines(site: SiteId, key: number, part: number, hour: number): Map<number, HourLine> {
    try {
      // Lines lie under the first number of site and name: where a number was lost, they are added up under those that are known.
      if ((this.#file.faultOf('place') ?? this.#file.faultOf('series')) !== undefined)
        return this.#linesAnew(site, part, hour);
      const bytes = this.#file.get('line', part, key);
      if (bytes === undefined) return new Map<number, HourLine>();
      return linesOf([without(decodeTotals(site, bytes, this.#firstHour, this.#firstHour + HOURS_A_DAY), hour)]);
    } catch (error) {
      this.#onDamage(`day ${dayText(this.#file.day)}: lines of site ${site}: ${String(error)}`);
      return this.#linesAnew(site, part, hour);
    }
  }

  #linesAnew(site: SiteId, part: number, hour: number): Map<number, HourLine> {
    const hours: TotalsBlock[] = [];
    for (let other = this.#firstHour; other < this.#firstHour + HOURS_A_DAY; other += 1) {
      if (other === hour) continue;
      const lines = [...this.#siteSum(site, other).lines()].filter(([name]) => Math.floor(name / LINE_PART) === part);
      lines.sort(([a], [b]) => a - b);
      const block = emptyTotals(
        Uint32Array.of(other),
        Uint32Array.from(lines, ([name]) => name),
      );
      for (const [i, [, totals, at]] of lines.entries()) copyTotal(block, i, totals, at);
      hours.push(block);
    }
    return linesOf(hours);
  }
}

/** What lines say of one hour. */
function hourOfLines(lines: ReadonlyMap<number, HourLine>, hour: number): Map<number, HourLine> {
  const found = new Map<number, HourLine>();
  for (const [number, line] of lines) {
    const row = line.hours.indexOf(hour);
    if (row < 0) continue;
    const { series: _one, ...mine } = emptyTotals(Uint32Array.of(hour), Uint32Array.of(0));
    copyTotal(mine, 0, line, row);
    found.set(number, mine);
  }
  return found;
}

/** The block with nothing known of the hour. */
function without(block: TotalsBlock, hour: number): TotalsBlock {
  const row = block.hours.indexOf(hour);
  if (row >= 0) for (let at = row; at < block.count.length; at += block.hours.length) block.count[at] = 0;
  return block;
}
