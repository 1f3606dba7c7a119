// The records of one batch, copied as they are read: all of them count once the batch has been read to its end, or none does.
import type { DeviceId } from '#shared/base/id.ts';
import type { Series } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';

/** A row of values in a room that is used again: to be copied. */
export interface BatchRow {
  device: DeviceId;
  at: number;
  series: readonly Series[];
  /** Where its values begin; unknown ones are NaN. */
  from: number;
}

/** A poll that came in: of its values, parts of one array, NaN and undefined are unknown. */
export interface ArrivedPoll extends Pick<PollRecord, 'device' | 'at' | 'series'> {
  values: ArrayLike<number | undefined>;
}

/** Values of a batch that a relay makes; a larger one makes the room larger. */
const FIRST_VALUES = 4_096;

export class BatchRows {
  #values: Float64Array;
  #used = 0;
  readonly #rows: BatchRow[] = [];

  /** Room for about so many values. */
  constructor(values: number = FIRST_VALUES) {
    this.#values = new Float64Array(values);
  }

  /** Of all rows; another array after each `add`. */
  get values(): Float64Array {
    return this.#values;
  }

  get rows(): readonly BatchRow[] {
    return this.#rows;
  }

  /** Parts of the room, which is theirs from now on. */
  polls(): ArrivedPoll[] {
    return this.#rows.map(({ device, at, series, from }) => ({
      ...{ device, at, series },
      values: this.#values.subarray(from, from + series.length),
    }));
  }

  clear(): void {
    this.#used = 0;
    this.#rows.length = 0;
  }

  readonly add = ({ device, at, series, values }: PollRecord): void => {
    const from = this.#used;
    const end = from + values.length;
    if (end > this.#values.length) {
      const larger = new Float64Array(Math.max(end, 2 * this.#values.length));
      larger.set(this.#values);
      this.#values = larger;
    }
    const room = this.#values;
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i];
      room[from + i] = value === undefined ? Number.NaN : value;
    }
    this.#used = end;
    this.#rows.push({ device, at, series, from });
  };
}
