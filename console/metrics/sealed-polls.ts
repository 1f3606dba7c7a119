// The worker's answer to "what did these devices say last?": the newest rows of the days that are kept, as polls.
import type { DeviceId } from '#shared/base/id.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import type { SeriesLookup } from '#shared/day-files/hour-columns.ts';
import { polledSeries } from '#shared/day-files/stored-series.ts';
import type { Series } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { type Reading, readable } from './sealed-range.ts';

/** A site that was away for longer has no last values: they would tell nothing of how it is. */
const MAX_DAYS_BACK = 7;
/** What rates need. */
const ROWS = 2;

/** The two newest polls of each device that has any, oldest first. */
export async function sealedPolls(
  { devices, today }: { devices: readonly DeviceId[]; today: number },
  { store, giveWay }: Reading,
): Promise<PollRecord[]> {
  const found: PollRecord[] = [];
  const waiting = new Set(devices);
  for (let day = today; day > today - MAX_DAYS_BACK && waiting.size > 0; day -= 1) {
    const reader = store.read(day);
    if (reader === undefined) continue;
    for (const device of waiting) {
      const hour = readable(() => reader.rawHours(device))?.at(-1);
      const data = hour === undefined ? undefined : readable(() => reader.raw(device, hour));
      if (data !== undefined) {
        found.push(...newest(device, data, reader.lookup()));
        waiting.delete(device);
      }
      await giveWay();
    }
  }
  return found;
}

function newest(device: DeviceId, data: DeviceHour, seriesOf: SeriesLookup): PollRecord[] {
  const rows = data.times.length;
  const columns: number[] = [];
  const series: Series[] = [];
  for (const [column, number] of data.series.entries()) {
    const one = seriesOf(number);
    const polled = one === undefined ? undefined : polledSeries(one);
    if (polled === undefined) continue;
    columns.push(column);
    series.push(polled);
  }
  const polls: PollRecord[] = [];
  for (let row = Math.max(0, rows - ROWS); row < rows; row += 1) {
    const values = columns.map((column) => {
      const value = data.values[column * rows + row] ?? Number.NaN;
      return Number.isNaN(value) ? undefined : value;
    });
    polls.push({ device, at: data.times[row] ?? 0, series, values });
  }
  return polls;
}
