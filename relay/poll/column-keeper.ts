// Turns a device's readings into records whose columns stay: within an hour they only grow, so that encoders send them once.

import type { Sample } from '#relay/collect/collector.ts';
import { type EpochMs, hourOf } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { MAX_SERIES_PER_DEVICE, type Series } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';

export class ColumnKeeper {
  readonly #device: DeviceId;
  #hour = -1;
  #series: readonly Series[] = [];
  #columns = new Map<string, number>();
  #leftOut = 0;

  constructor(device: DeviceId) {
    this.#device = device;
  }

  /** Readings of the newest record for which the device has no column left: it has more series than a device may have. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** A source that fails once, or a disk that is unplugged, leaves its columns unknown until the hour ends. */
  record(at: EpochMs, samples: readonly Sample[]): PollRecord {
    const hour = hourOf(at);
    if (hour !== this.#hour) this.#keepOnly(samples);
    this.#hour = hour;
    const unseen = samples.filter((sample) => !this.#columns.has(keyOf(sample)));
    if (this.#series.length + unseen.length > MAX_SERIES_PER_DEVICE) this.#keepOnly(samples);
    else if (unseen.length > 0) this.#append(unseen);
    const values = new Array<number | undefined>(this.#series.length).fill(undefined);
    this.#leftOut = 0;
    for (const sample of samples) {
      const column = this.#columns.get(keyOf(sample));
      if (column === undefined) this.#leftOut += 1;
      else values[column] = sample.value;
    }
    return { device: this.#device, at, series: this.#series, values };
  }

  /** The former array is kept where the columns are the same. */
  #keepOnly(samples: readonly Sample[]): void {
    const isSame =
      samples.length === this.#series.length && samples.every((sample) => this.#columns.has(keyOf(sample)));
    if (isSame) return;
    this.#series = [];
    this.#columns = new Map();
    this.#append(samples.slice(0, MAX_SERIES_PER_DEVICE));
  }

  #append(samples: readonly Sample[]): void {
    const added = samples.map(({ metric, instance }) => ({ metric, instance }));
    added.forEach((series, i) => {
      this.#columns.set(keyOf(series), this.#series.length + i);
    });
    this.#series = [...this.#series, ...added];
  }
}

const keyOf = ({ metric, instance }: Series): string => `${metric} ${instance}`;
