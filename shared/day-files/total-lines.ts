// Blocks of totals as lines of one series each, and back; and how finely rates are kept.
import { addTotal, type Rollup } from '#shared/codec/rollup.ts';
import { emptyTotals, type TotalsBlock } from '#shared/codec/totals-format.ts';
import type { HourLine } from './day-store.ts';

/**
 * Rates are kept in thousandths, of which the highest nine bits count: within 0.4 % of what they were, the least rounded down and the
 * greatest up, so that the average lies between them. Doubles as they are would take more than all else of the totals.
 */
const RATE_UNITS = 1_000;
const RATE_BITS = 9;
/** Beyond this a rate in thousandths is no exact number. */
const MAX_RATE = Number.MAX_SAFE_INTEGER / RATE_UNITS / 2;

export function roundRate(rate: number, round: (value: number) => number): number {
  if (!(Math.abs(rate) <= MAX_RATE)) return rate;
  const units = round(rate * RATE_UNITS);
  const magnitude = Math.abs(units);
  if (magnitude < 2 ** RATE_BITS) return (units + 0) / RATE_UNITS;
  const step = 2 ** (Math.floor(Math.log2(magnitude)) + 1 - RATE_BITS);
  return (round(units / step) * step + 0) / RATE_UNITS;
}

/**
 * Lines by series, with the hours that count something. Of an hour that several blocks tell, the one that counts more is taken.
 */
export function linesOf(blocks: readonly TotalsBlock[]): Map<number, HourLine> {
  const [only] = blocks;
  if (only !== undefined && blocks.length === 1) return linesOfOne(only);
  const places = new Map<number, Map<number, { block: TotalsBlock; at: number }>>();
  for (const block of blocks)
    for (const [column, number] of block.series.entries()) {
      const mine = places.get(number) ?? new Map<number, { block: TotalsBlock; at: number }>();
      places.set(number, mine);
      for (const [row, hour] of block.hours.entries()) {
        const at = column * block.hours.length + row;
        const count = block.count[at] ?? 0;
        const other = mine.get(hour);
        if (count > (other?.block.count[other.at] ?? 0)) mine.set(hour, { block, at });
      }
    }
  const lines = new Map<number, HourLine>();
  for (const [number, mine] of places) if (mine.size > 0) lines.set(number, lineOf(mine));
  return lines;
}

/** One block has each hour once: nothing has to be weighed. */
function linesOfOne(block: TotalsBlock): Map<number, HourLine> {
  const lines = new Map<number, HourLine>();
  for (const [column, number] of block.series.entries()) {
    const line = lineAt(block, column);
    if (line !== undefined) lines.set(number, line);
  }
  return lines;
}

/** The line of one series of a block; undefined where it counts nothing. */
export function lineIn(block: TotalsBlock, number: number): HourLine | undefined {
  const column = block.series.indexOf(number);
  return column < 0 ? undefined : lineAt(block, column);
}

function lineAt(block: TotalsBlock, column: number): HourLine | undefined {
  const rows = block.hours.length;
  const from = column * rows;
  const known = block.count.subarray(from, from + rows);
  const cut = (part: Float64Array) => part.slice(from, from + rows);
  if (!known.includes(0))
    return {
      hours: block.hours.slice(),
      count: known.slice(),
      min: cut(block.min),
      max: cut(block.max),
      sum: cut(block.sum),
      rest: cut(block.rest),
    };
  const hours = block.hours.filter((_, row) => known[row] !== 0);
  if (hours.length === 0) return undefined;
  const { series: _one, ...line } = emptyTotals(hours, Uint32Array.of(0));
  let to = 0;
  for (let row = 0; row < rows; row += 1) {
    if (known[row] === 0) continue;
    copyTotal(line, to, block, from + row);
    to += 1;
  }
  return line;
}

function lineOf(places: ReadonlyMap<number, { block: TotalsBlock; at: number }>): HourLine {
  const hours = Uint32Array.from(places.keys()).sort();
  const { series: _one, ...line } = emptyTotals(hours, Uint32Array.of(0));
  for (const [row, hour] of hours.entries()) {
    const place = places.get(hour);
    if (place !== undefined) copyTotal(line, row, place.block, place.at);
  }
  return line;
}

export function copyTotal(to: Rollup, at: number, from: Rollup, place: number): void {
  to.count[at] = from.count[place] ?? 0;
  to.min[at] = from.min[place] ?? Number.NaN;
  to.max[at] = from.max[place] ?? Number.NaN;
  to.sum[at] = from.sum[place] ?? 0;
  to.rest[at] = from.rest[place] ?? 0;
}

/** One block of the lines, of all hours that any of them has; undefined when there is none. */
export function blockOf(lines: ReadonlyMap<number, HourLine>): TotalsBlock | undefined {
  if (lines.size === 0) return undefined;
  const hours = Uint32Array.from(new Set([...lines.values()].flatMap((line) => [...line.hours]))).sort();
  const series = Uint32Array.from(lines.keys()).sort();
  const block = emptyTotals(hours, series);
  const rowOf = new Map(Array.from(hours, (hour, row) => [hour, row]));
  for (const [column, number] of series.entries()) {
    const line = lines.get(number);
    for (const [i, hour] of (line?.hours ?? []).entries())
      if (line !== undefined) copyTotal(block, column * hours.length + (rowOf.get(hour) ?? 0), line, i);
  }
  return block;
}

/** Totals by a number, added up as they come. */
export class TotalsSum {
  readonly #places = new Map<number, number>();
  #totals = emptyTotals(Uint32Array.of(0), new Uint32Array(64));

  add(number: number, part: Rollup, at: number): void {
    let place = this.#places.get(number);
    if (place === undefined) {
      place = this.#places.size;
      this.#places.set(number, place);
      if (place === this.#totals.count.length) this.#grow();
    }
    addTotal(this.#totals, place, part, at);
  }

  /** As lines of one hour. */
  *lines(): Generator<[number: number, totals: Rollup, at: number]> {
    for (const [number, place] of this.#places)
      if (this.#totals.count[place] !== 0) yield [number, this.#totals, place];
  }

  #grow(): void {
    const former = this.#totals;
    this.#totals = emptyTotals(Uint32Array.of(0), new Uint32Array(2 * former.count.length));
    for (const part of ['count', 'min', 'max', 'sum', 'rest'] as const) this.#totals[part].set(former[part]);
  }
}
