// Compares what the day files hold with the source, sample by sample.
import type { DeviceId } from '#shared/base/id.ts';
import type { DayReader, DayStore } from '#shared/day-files/day-store.ts';
import { type MixData, ROWS } from './mix-data.ts';

export interface Audit {
  /** In the files, and right. */
  right: number;
  wrong: number;
  /** Of the source, and not in the files. */
  missing: number;
  /** In the files, and of nothing that was sent. */
  foreign: number;
}

interface Tally extends Audit {
  of: MixData;
}

/** `sites` hold data of other devices each. Hours that are still open are not asked for. Of very many, one device of `every` is compared. */
export function auditStored(store: DayStore, sites: readonly MixData[], hours: number, every = 1): Audit {
  const audit: Audit = { right: 0, wrong: 0, missing: 0, foreign: 0 };
  for (const of of sites) {
    const tally: Tally = { of, right: 0, wrong: 0, missing: 0, foreign: 0 };
    for (let hour = 0; hour < hours; hour += 1) {
      const reader = store.read(Math.floor((of.hour + hour) / 24));
      for (const [n, device] of of.devices.entries())
        if (n % every === 0) auditHour(reader, tally, { hour, n, device });
    }
    for (const key of ['right', 'wrong', 'missing', 'foreign'] as const) audit[key] += tally[key];
  }
  return audit;
}

interface Place {
  hour: number;
  n: number;
  device: DeviceId;
}

function auditHour(reader: DayReader | undefined, tally: Tally, { hour, n, device }: Place): void {
  const { of } = tally;
  const data = reader?.raw(device, of.hour + hour);
  const samples = ROWS * of.width;
  if (data === undefined) {
    tally.missing += samples;
    return;
  }
  const rows = data.times.length;
  tally.foreign += Math.max(0, data.values.length - samples);
  const columns = of.columns.map(({ metric, series }) => {
    const number = reader?.numberOf(metric.name, series.instance);
    return number === undefined ? -1 : data.series.indexOf(number);
  });
  for (let row = 0; row < ROWS; row += 1) {
    const sweep = hour * ROWS + row;
    const at = data.times.indexOf(of.at(sweep, n));
    for (const [column, place] of columns.entries()) {
      const value = at < 0 || place < 0 ? undefined : data.values[place * rows + at];
      if (value === undefined) tally.missing += 1;
      else if (value === of.stored(sweep, n, column)) tally.right += 1;
      else tally.wrong += 1;
    }
  }
}
