// The last row of each device's newest sealed hour: rises and rates go on from it across the hour's edge.
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import { isUnread } from '#shared/day-files/damaged.ts';
import type { DayReader } from '#shared/day-files/day-store.ts';
import { type FormerRow, lastRowOf, type SeriesLookup } from '#shared/day-files/hour-columns.ts';

/** One console's estate and some more, a kilobyte each; of the others the row is read from the file. */
const MAX_KEPT = 30_000;

interface Row extends Pick<FormerRow, 'series' | 'values'> {
  hour: number;
}

export class LastRows {
  readonly #rows = new Map<DeviceId, Row>();

  take(device: DeviceId, hour: number, data: DeviceHour): void {
    const { series, values } = lastRowOf(data, () => undefined);
    this.#rows.delete(device);
    this.#rows.set(device, { hour, series, values });
    const oldest = this.#rows.keys().next().value;
    if (this.#rows.size > MAX_KEPT && oldest !== undefined) this.#rows.delete(oldest);
  }

  /** Somebody else changed what is kept of the device. */
  forget(device: DeviceId): void {
    this.#rows.delete(device);
  }

  /** The last row of that hour; undefined when nothing is known of it. `seriesOf` is of the hour's day, as is `reader`. */
  rowOf(
    device: DeviceId,
    hour: number,
    { reader, seriesOf }: { reader: DayReader | undefined; seriesOf: SeriesLookup },
  ): FormerRow | undefined {
    const kept = this.#rows.get(device);
    if (kept?.hour === hour) return { series: kept.series, values: kept.values, seriesOf };
    const data = readRaw(reader, device, hour);
    return data === undefined ? undefined : lastRowOf(data, seriesOf);
  }
}

/**
 * Undefined as well where the disk changed what was written, which the store tells of: the rest of the day is worth going on.
 * Throws where it could not be read at all: whoever seals would write over what is there.
 */
export function readRaw(reader: DayReader | undefined, device: DeviceId, hour: number): DeviceHour | undefined {
  try {
    return reader?.raw(device, hour);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'frame-malformed' || isUnread(error)) throw error;
    return undefined;
  }
}
