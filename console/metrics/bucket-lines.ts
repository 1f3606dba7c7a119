// Buckets of time that fill up from values, rates or totals, in any order: what a chart or a sum shows of each.
import { addExactly } from '#shared/codec/rollup.ts';
import type { BucketLine } from './metric-engine.ts';

export interface Shape {
  from: number;
  stepMs: number;
  places: number;
}

/**
 * Values of one answer: 400 lines of 5,000 points, and the other way round; in buckets 100 MB. A device that names 2,048 interfaces, and
 * polls of every second, must not take the memory of all others.
 */
export const MAX_CELLS = 2 ** 21;

type Id = Pick<BucketLine, 'name' | 'instance' | 'unit' | 'resolution'>;

export const emptyLine = (id: Id, places: number): BucketLine => ({
  ...id,
  count: new Float64Array(places),
  weight: new Float64Array(places),
  min: new Float64Array(places).fill(Number.NaN),
  max: new Float64Array(places).fill(Number.NaN),
  sum: new Float64Array(places),
  rest: new Float64Array(places),
});

/** What one value or one total adds to a bucket; `min` and `max` in natural units, `sum` and `rest` in those of the line. */
export interface Share {
  count: number;
  weight: number;
  min: number;
  max: number;
  sum: number;
  rest: number;
}

/** Places outside the line are passed over. */
export function addShare(line: BucketLine, place: number, share: Share): void {
  if (place < 0 || place >= line.count.length || !(share.count > 0)) return;
  line.count[place] = (line.count[place] ?? 0) + share.count;
  line.weight[place] = (line.weight[place] ?? 0) + share.weight;
  line.min[place] = least(line.min[place] ?? Number.NaN, share.min);
  line.max[place] = -least(-(line.max[place] ?? Number.NaN), -share.max);
  addExactly(line, place, share.sum);
  if (share.rest !== 0) addExactly(line, place, share.rest);
}

const least = (a: number, b: number): number => (Number.isNaN(a) || b < a ? b : a);

export function shareAt(line: BucketLine, place: number): Share {
  const at = (values: Float64Array) => values[place] ?? Number.NaN;
  return {
    ...{ count: at(line.count), weight: at(line.weight), min: at(line.min), max: at(line.max) },
    ...{ sum: at(line.sum), rest: at(line.rest) },
  };
}

export const averageAt = ({ sum, rest, weight, resolution }: BucketLine, place: number): number =>
  scaleSum((sum[place] ?? 0) + (rest[place] ?? 0), resolution) / (weight[place] || Number.NaN);

/** Exact where the resolution or its inverse is whole, as everywhere. */
export const scaleSum = (stored: number, resolution: number): number =>
  resolution < 1 ? stored / Math.round(1 / resolution) : stored * resolution;

/** Lines by name and instance. */
export class BucketLines {
  readonly shape: Shape;
  readonly #lines = new Map<string, BucketLine>();
  readonly #maxLines: number;

  constructor(shape: Shape, maxLines = Number.POSITIVE_INFINITY) {
    this.shape = shape;
    this.#maxLines = Math.min(maxLines, Math.floor(MAX_CELLS / Math.max(1, shape.places)));
  }

  /** Undefined at the bound. */
  line(id: Id): BucketLine | undefined {
    const key = `${id.name} ${id.instance}`;
    const known = this.#lines.get(key);
    if (known !== undefined || this.#lines.size >= this.#maxLines) return known;
    const made = emptyLine(id, this.shape.places);
    this.#lines.set(key, made);
    return made;
  }

  placeOf(at: number): number {
    return Math.floor((at - this.shape.from) / this.shape.stepMs);
  }

  /** Adds what other buckets of the same shape hold. */
  merge(line: BucketLine): void {
    const mine = this.line(line);
    if (mine === undefined) return;
    for (let place = 0; place < line.count.length; place += 1) addShare(mine, place, shareAt(line, place));
  }

  get all(): BucketLine[] {
    return [...this.#lines.values()];
  }
}
