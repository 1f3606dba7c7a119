// The records of one batch, copied as they are read: all of them count once the batch has been read to its end, or none does.
import type { Row, RowSink } from '#shared/codec/delta-decoder.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';

/** A poll that came in: its values begin at `from`, 0 unless said; NaN and undefined are unknown. To be copied: the array is used again. */
export interface ArrivedPoll extends Pick<PollRecord, 'device' | 'at' | 'series'> {
  values: ArrayLike<number | undefined>;
  from?: number;
}

/** Values of a batch that a relay makes; a larger one makes the room larger. */
const FIRST_VALUES = 4_096;
/** Rooms that wait to be used again, 0.6 MB each where bundles of 64 KiB come: as many as a commit has, and no more than 26 MB of the largest. */
const MAX_SPARE = 16;

export class BatchRows implements RowSink {
  #values: Float64Array;
  #used = 0;
  readonly #rows: Row[] = [];

  /** Room for about so many values. */
  constructor(values: number = FIRST_VALUES) {
    this.#values = new Float64Array(values);
  }

  /** Of all rows; another array after each that is added. */
  get values(): Float64Array {
    return this.#values;
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  clear(): void {
    this.#used = 0;
    this.#rows.length = 0;
  }

  place(count: number): number {
    const from = this.#used;
    const end = from + count;
    if (end > this.#values.length) {
      const larger = new Float64Array(Math.max(end, 2 * this.#values.length));
      larger.set(this.#values);
      this.#values = larger;
    }
    return from;
  }

  take(row: Row): void {
    this.#used = row.from + row.series.length;
    this.#rows.push(row);
  }

  /** A poll that was not read here. */
  add({ device, at, series, values }: PollRecord): void {
    const from = this.place(values.length);
    for (const [i, value] of values.entries()) this.#values[from + i] = value ?? Number.NaN;
    this.take({ device, at, series, values: this.#values, from });
  }
}

/** Rooms for batches: a new array for each would cost its pages, and the collector's time. */
export class SpareRows {
  readonly #spare: BatchRows[] = [];

  take(): BatchRows {
    return this.#spare.pop() ?? new BatchRows();
  }

  /** Nobody looks at these rows any more. */
  give(rows: BatchRows): void {
    rows.clear();
    if (this.#spare.length < MAX_SPARE) this.#spare.push(rows);
  }
}
