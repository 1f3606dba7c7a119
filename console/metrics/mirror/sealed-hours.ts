// What a mirror reads: the sealed chunks of a site and hour, some devices at a time, with what their columns are called.
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import type { DayStore, StoredSeries } from '#shared/day-files/day-store.ts';

/** Hours of a day: a day file is found by its hour. */
const DAY_HOURS = 24;

export interface SealedAsk {
  site: SiteId;
  hour: number;
  /** Devices are told in order of their ids, those behind this one. */
  after: DeviceId | undefined;
  devices: number;
}

export interface SealedDevice {
  device: DeviceId;
  /** Parallel to the columns of `data`. */
  series: StoredSeries[];
  data: DeviceHour;
}

export interface SealedPage {
  found: SealedDevice[];
  /** Where the next page begins; undefined at the end. */
  next: DeviceId | undefined;
  /** Devices whose chunk the disk has changed: told by name, and passed over. */
  damaged: DeviceId[];
}

export type SealedHours = (ask: SealedAsk, signal?: AbortSignal) => Promise<SealedPage>;

/** In the process that owns the files. A day that is gone by now is a day without devices. */
export function readSealed(store: Pick<DayStore, 'read'>, ask: SealedAsk): SealedPage {
  const reader = store.read(Math.floor(ask.hour / DAY_HOURS));
  const page: SealedPage = { found: [], next: undefined, damaged: [] };
  if (reader === undefined || !reader.hasRaw()) return page;
  const own = reader.devices().filter(({ site }) => site === ask.site);
  const ids = [...new Set(own.map(({ device }) => device))].sort();
  const behind = ids.filter((device) => ask.after === undefined || device > ask.after);
  for (const device of behind.slice(0, ask.devices)) {
    try {
      const data = reader.raw(device, ask.hour);
      if (data !== undefined) page.found.push({ device, data, series: seriesOf(reader, data) });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'frame-malformed') throw error;
      page.damaged.push(device);
    }
  }
  if (behind.length > ask.devices) page.next = behind[ask.devices - 1];
  return page;
}

function seriesOf(reader: { seriesOf(number: number): StoredSeries | undefined }, data: DeviceHour): StoredSeries[] {
  return [...data.series].map((number) => {
    const series = reader.seriesOf(number);
    if (series === undefined) throw new AppError('frame-malformed', `series ${number} is in no dictionary of its day`);
    return series;
  });
}
