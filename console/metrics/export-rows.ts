// Every kept value of devices over a span as CSV or JSON, written as it is read: a few hours of one device in memory, however long the span.
import { setImmediate as pause } from 'node:timers/promises';
import { hourOf } from '#shared/base/clock.ts';
import { BYTE_ORDER_MARK, csvLine } from '#shared/base/csv-line.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import { deriveHour } from '#shared/day-files/derive-hour.ts';
import type { FormerRow } from '#shared/day-files/hour-columns.ts';
import { scaleSum } from './bucket-lines.ts';
import type { NamedHour } from './metric-engine.ts';
import type { MetricQuery } from './metric-query.ts';
import { lastNamed, lookupIn } from './named-hours.ts';

/** Hours read at once: of a poll every 5 s with 40 series 170,000 values, 1.4 MB. */
const HOURS_AT_ONCE = 6;
/** Text handed on at once; what waits for a slow reader is one of these. */
const PIECE_CHARS = 64 * 1024;
const HEADING = ['time', 'device', 'deviceName', 'site', 'metric', 'instance', 'unit', 'value'] as const;

export interface ExportDevice {
  id: DeviceId;
  name: string;
  siteId: SiteId;
  siteName: string;
  relays: readonly RelayId[];
}

export interface ExportAsk {
  devices: readonly ExportDevice[];
  /** Raw or derived names; undefined: every raw value that is kept, which is all there is. */
  names: readonly string[] | undefined;
  from: number;
  to: number;
  format: 'csv' | 'json';
}

interface Column {
  name: string;
  instance: string;
  unit: string;
  valueAt: (row: number) => number;
}

/** Device by device, hour by hour. Values that nobody knows are left out. */
export async function* exportText(
  query: Pick<MetricQuery, 'rows'>,
  ask: ExportAsk,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const isCsv = ask.format === 'csv';
  let piece = isCsv ? BYTE_ORDER_MARK + csvLine(HEADING) : '[';
  let isFirst = true;
  for (const device of ask.devices)
    for (let hour = hourOf(ask.from); hour <= hourOf(ask.to); hour += HOURS_AT_ONCE) {
      const to = Math.min(hour + HOURS_AT_ONCE - 1, hourOf(ask.to));
      const { hours, leads } = await query.rows({ device: device.id, relays: device.relays, from: hour, to }, signal);
      const former = new Map([...leads, ...hours].map((one) => [one.hour, one]));
      for (const one of hours) {
        const before = former.get(one.hour - 1);
        for (const row of rowsOf(one, before === undefined ? undefined : lastNamed(before), ask)) {
          piece += isCsv ? csvRow(device, row) : `${isFirst ? '\n' : ',\n'}${jsonRow(device, row)}`;
          isFirst = false;
          if (piece.length < PIECE_CHARS) continue;
          yield piece;
          piece = '';
          await pause();
        }
      }
    }
  yield isCsv ? piece : `${piece}\n]\n`;
}

interface Row {
  at: number;
  column: Column;
  value: number;
}

function* rowsOf(hour: NamedHour, former: FormerRow | undefined, { names, from, to }: ExportAsk): Generator<Row> {
  const columns = names === undefined ? rawColumns(hour) : namedColumns(hour, former, names);
  for (const [row, at] of hour.data.times.entries()) {
    if (at < from || at > to) continue;
    for (const column of columns) {
      const value = column.valueAt(row);
      if (!Number.isNaN(value)) yield { at, column, value };
    }
  }
}

const rawColumns = ({ data, series }: NamedHour): Column[] =>
  series.map(({ name, instance, unit, resolution }, place) => ({
    ...{ name, instance, unit },
    valueAt: (row) => scaleSum(data.values[place * data.times.length + row] ?? Number.NaN, resolution),
  }));

const namedColumns = (hour: NamedHour, former: FormerRow | undefined, names: readonly string[]): Column[] =>
  deriveHour(hour.data, lookupIn(hour), former, names).map(({ values, ...column }) => ({
    ...column,
    valueAt: (row) => values[row] ?? Number.NaN,
  }));

/** Names of devices and instances are anybody's text, shielded from spreadsheets; the number is ours and stays one. */
function csvRow({ id, name, siteName }: ExportDevice, { at, column, value }: Row): string {
  const cells = [new Date(at).toISOString(), id, name, siteName, column.name, column.instance, column.unit];
  return csvLine([...cells, value]);
}

const jsonRow = ({ id, name, siteName }: ExportDevice, { at, column, value }: Row): string =>
  JSON.stringify({
    ...{ time: at, device: id, deviceName: name, site: siteName },
    ...{ metric: column.name, instance: column.instance, unit: column.unit, value },
  });
