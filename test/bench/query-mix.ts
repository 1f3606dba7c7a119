// A day of few devices, sealed and totalled once: what the days of a whole fleet are made of for `bench query`.
import { HOUR_MS } from '#shared/base/clock.ts';
import { SiteId } from '#shared/base/id.ts';
import { ChunkEncoder } from '#shared/codec/chunk-encoder.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import { TotalsEncoder } from '#shared/codec/totals-encoder.ts';
import { emptyTotals, type TotalsBlock } from '#shared/codec/totals-format.ts';
import type { Day, DayReader, DayWriter, HourLine, StoredSeries } from '#shared/day-files/day-store.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { lastRowOf } from '#shared/day-files/hour-columns.ts';
import { hourTotals } from '#shared/day-files/hour-totals.ts';
import { storedSeries } from '#shared/day-files/stored-series.ts';
import { blockOf, copyTotal } from '#shared/day-files/total-lines.ts';
import { type MixData, mixData } from './mix-data.ts';

const FIRST_DAY: Day = 20_416;
const HOURS = 24;
const SITE = SiteId.parse('01900000-0000-7000-8000-00000000517e');

const chunks = new ChunkEncoder();
const blocks = new TotalsEncoder();

/** Every day has the same values: what a counter rose by from one day to the next is unknown, as after a restart. */
export class MixDay {
  /** By number, as each day's dictionary has them. */
  readonly series: readonly StoredSeries[];
  readonly templates: number;
  readonly #data: MixData;
  readonly #totals: readonly TotalsBlock[];
  /** Sums of a site that has each of the templates `copies` times. */
  readonly #lines: ReadonlyMap<number, HourLine>;

  constructor(data: MixData, reader: DayReader, copies: number) {
    this.#data = data;
    this.templates = data.devices.length;
    this.series = seriesIn(reader);
    this.#totals = data.devices.flatMap((device) => blockOf(reader.totals(device)) ?? []);
    this.#lines = linesOfSite(reader, copies);
  }

  /** The chunk of each template, as the codec seals it; bound to nobody yet (`boundTo`). */
  chunksOf(day: Day, part: number): Uint8Array[] {
    const hour = day * HOURS + part;
    return this.#data.devices.map((device, n) => {
      const data = this.#data.deviceHour(part, n);
      const times = data.times.map((at) => at + (day - FIRST_DAY) * HOURS * HOUR_MS);
      return chunks.encode(device, { ...data, times }, { hour, hours: 1 });
    });
  }

  /** Totals of hours [from, to) of the day, of each template. */
  totalsOf(day: Day, from = 0, to = HOURS): Uint8Array[] {
    return this.#totals.map((block) => blocks.encode('', cutHours(block, day, from, to)));
  }

  linesOf(day: Day, from = 0, to = HOURS): Map<number, HourLine> {
    const lines = new Map<number, HourLine>();
    for (const [name, line] of this.#lines) {
      const block = blockOf(new Map([[0, line]]));
      if (block === undefined) continue;
      const { series: _one, ...cut } = cutHours(block, day, from, to);
      if (cut.count.some((count) => count > 0)) lines.set(name, cut);
    }
    return lines;
  }
}

function cutHours(block: TotalsBlock, day: Day, from: number, to: number): TotalsBlock {
  const first = FIRST_DAY * HOURS;
  const rows = Array.from(block.hours.keys()).filter((row) => {
    const part = (block.hours[row] ?? 0) - first;
    return part >= from && part < to;
  });
  const hours = Uint32Array.from(rows, (row) => (block.hours[row] ?? 0) + (day - FIRST_DAY) * HOURS);
  const cut = emptyTotals(hours, block.series);
  for (let column = 0; column < block.series.length; column += 1)
    for (const [i, row] of rows.entries())
      copyTotal(cut, column * rows.length + i, block, column * block.hours.length + row);
  return cut;
}

function seriesIn(reader: DayReader): StoredSeries[] {
  const series: StoredSeries[] = [];
  for (let one = reader.seriesOf(0); one !== undefined; one = reader.seriesOf(series.length)) series.push(one);
  return series;
}

function linesOfSite(reader: DayReader, copies: number): Map<number, HourLine> {
  const lines = new Map<number, HourLine>();
  for (const name of new Set(seriesIn(reader).map((one) => one.name))) {
    const line = reader.site(SITE, name);
    const [number] = reader.instancesOf(name);
    if (line === undefined || number === undefined) continue;
    const times = (values: Float64Array) => values.map((value) => value * copies);
    lines.set(number, { ...line, count: times(line.count), sum: times(line.sum), rest: times(line.rest) });
  }
  return lines;
}

/** Sealed by the store's own writer into `folder`, which may go afterwards. `copies`: of each template in a site. */
export function mixDay(folder: string, templates: number, copies: number): MixDay {
  const data = mixData({ devices: templates, hours: HOURS, hour: FIRST_DAY * HOURS });
  const store = new FileDayStore({ folder, onDamage: () => undefined });
  try {
    store.write(FIRST_DAY, (writer) => sealAll(writer, data));
    const reader = store.read(FIRST_DAY);
    if (reader === undefined) throw new Error('nothing was kept');
    return new MixDay(data, reader, copies);
  } finally {
    store.stop();
  }
}

function sealAll(writer: DayWriter, data: MixData): void {
  const series: StoredSeries[] = [];
  const numberOf = (one: StoredSeries) => {
    const number = writer.numberOf(one);
    series[number] = one;
    return number;
  };
  for (const column of data.columns) numberOf(storedSeries(column.series));
  const seriesOf = (number: number) => series[number];
  for (const [n, device] of data.devices.entries()) {
    let former: DeviceHour | undefined;
    for (let part = 0; part < HOURS; part += 1) {
      const hour = data.deviceHour(part, n);
      const row = former === undefined ? undefined : lastRowOf(former, seriesOf);
      const { series: numbers, totals } = hourTotals(hour, seriesOf, row, numberOf);
      writer.putTotals({ device, site: SITE }, FIRST_DAY * HOURS + part, numbers, totals);
      former = hour;
    }
  }
  for (let part = 0; part < HOURS; part += 1) writer.sumSite(SITE, FIRST_DAY * HOURS + part);
}
