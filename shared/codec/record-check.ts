// Says why a poll cannot be encoded, before a single bit of it is written.
import { HOUR_MS, hourOf } from '#shared/base/clock.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { ColumnList } from './column-list.ts';
import { MAX_COUNTER, MAX_GAUGE } from './delta-format.ts';

export function timeRefusal(at: number, hour: number): string | undefined {
  if (Number.isSafeInteger(at) && hourOf(at) === hour) return undefined;
  return `${at} is not a millisecond of hour ${hour} (${hour * HOUR_MS}..${(hour + 1) * HOUR_MS - 1})`;
}

export function valuesRefusal({ values }: PollRecord, { series, isCounter }: ColumnList): string | undefined {
  if (values.length !== series.length) return `${values.length} values for ${series.length} series`;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (value === undefined) continue;
    const isGood =
      Number.isInteger(value) &&
      (isCounter[i] === 1 ? value >= 0 && value <= MAX_COUNTER : value >= -MAX_GAUGE && value <= MAX_GAUGE);
    if (!isGood) return `${value} of metric ${series[i]?.metric} "${series[i]?.instance}" is out of range`;
  }
  return undefined;
}
