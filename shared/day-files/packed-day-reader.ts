// A closed day, read from its file in place.
import { HOUR_MS } from '#shared/base/clock.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import { SiteId as SiteIds } from '#shared/base/id.ts';
import { decodeChunk, decodeSome } from '#shared/codec/chunk-decoder.ts';
import { ChunkEncoder } from '#shared/codec/chunk-encoder.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import { decodeSomeTotals, decodeTotals } from '#shared/codec/totals-decoder.ts';
import type { TotalsBlock } from '#shared/codec/totals-format.ts';
import { damaged } from './damaged.ts';
import { HOURS_A_DAY } from './day-paths.ts';
import type { Coverage, Day, DayReader, DevicePlace, HourLine, StoredSeries } from './day-store.ts';
import { joinHours, sliceHours } from './join-hours.ts';
import type { PackedFile, RecordAt } from './packed-file.ts';
import { lineOwner, RAW_RECORD, TOTALS_RECORD } from './packed-format.ts';
import { linesOf } from './total-lines.ts';

export class PackedDayReader implements DayReader {
  readonly day: Day;
  readonly #file: PackedFile;
  readonly #firstHour: number;

  constructor(file: PackedFile) {
    this.day = file.day;
    this.#file = file;
    this.#firstHour = file.day * HOURS_A_DAY;
  }

  numberOf(name: string, instance: string): number | undefined {
    return this.#file.dictionary.numberOf(name, instance);
  }

  seriesOf(number: number): StoredSeries | undefined {
    return this.#file.dictionary.series[number];
  }

  lookup(): (number: number) => StoredSeries | undefined {
    return this.#file.dictionary.lookup;
  }

  instancesOf(name: string): number[] {
    return this.#file.dictionary.instancesOf(name);
  }

  devices(): DevicePlace[] {
    return Array.from({ length: this.#file.directory.places }, (_, i) => {
      const { device, site } = this.#file.placeAt(i);
      return { device, site };
    });
  }

  hasRaw(): boolean {
    return this.#file.directory.hasRaw;
  }

  rawHours(device: DeviceId): number[] {
    const hours = new Set<number>();
    for (const record of this.#records(device, RAW_RECORD))
      if (record.hours === 1) hours.add(this.#firstHour + record.part);
      else for (const at of this.#opened(device, record).times) hours.add(Math.floor(at / HOUR_MS));
    return [...hours].sort((a, b) => a - b);
  }

  raw(device: DeviceId, hour: number, only?: ReadonlySet<number>): DeviceHour | undefined {
    const pieces = this.#of(device, hour).flatMap(
      (record) => sliceHours(this.#opened(device, record, only), hour * HOUR_MS, (hour + 1) * HOUR_MS) ?? [],
    );
    return joinHours(pieces);
  }

  chunk(device: DeviceId, hour: number): Uint8Array | undefined {
    const [record, ...others] = this.#of(device, hour);
    if (record === undefined) return undefined;
    if (record.hours === 1 && others.length === 0) return this.#file.read(record.offset, record.length);
    const data = this.raw(device, hour);
    return data === undefined ? undefined : new ChunkEncoder().encode(device, data, { hour, hours: 1 });
  }

  totals(device: DeviceId, only?: ReadonlySet<number>): ReadonlyMap<number, HourLine> {
    const blocks = this.#records(device, TOTALS_RECORD).map((record) =>
      this.#part(`totals of ${device}`, () => this.#totals(device, record, only)),
    );
    return linesOf(blocks);
  }

  hasTotals(device: DeviceId): boolean {
    return this.#records(device, TOTALS_RECORD).length > 0;
  }

  site(site: SiteId, name: string): HourLine | undefined {
    const index = this.#file.directory.sites.indexOf(site);
    return index < 0 ? undefined : this.#lines(name).get(index);
  }

  sites(name: string): ReadonlyMap<SiteId, HourLine> {
    const lines = new Map<SiteId, HourLine>();
    for (const [index, line] of this.#lines(name)) {
      const site = this.#file.directory.sites[index];
      if (site !== undefined) lines.set(SiteIds.parse(site), line);
    }
    return lines;
  }

  coverage(): Coverage[] {
    // The directory was checked when it was read: its ids are those of relays.
    return this.#file.directory.coverage as Coverage[];
  }

  #of(device: DeviceId, hour: number): RecordAt[] {
    const part = hour - this.#firstHour;
    return this.#records(device, RAW_RECORD).filter(
      (record) => record.part <= part && part < record.part + record.hours,
    );
  }

  #records(device: DeviceId, kind: number): RecordAt[] {
    return this.#file.recordsOfDevice(device).filter((record) => record.kind === kind);
  }

  /** A span of hours is opened once for all of them that are read one after the other. */
  #opened(device: DeviceId, { part, hours, offset, length }: RecordAt, only?: ReadonlySet<number>): DeviceHour {
    const known = this.#file.lastOpened;
    if (known?.offset === offset && known.only === only) return known.data;
    const hour = this.#firstHour + part;
    const data = this.#part(`${device} from hour ${hour}`, () => {
      const bytes = this.#file.read(offset, length);
      return only === undefined
        ? decodeChunk(device, hour, bytes, hours)
        : decodeSome(device, { hour, hours }, bytes, only);
    });
    this.#file.lastOpened = { offset, only, data };
    return data;
  }

  #totals(device: DeviceId, { offset, length }: RecordAt, only?: ReadonlySet<number>): TotalsBlock {
    const [from, to] = [this.#firstHour, this.#firstHour + HOURS_A_DAY];
    const bytes = this.#file.read(offset, length);
    return only === undefined
      ? decodeTotals(device, bytes, from, to)
      : decodeSomeTotals(device, bytes, { from, to }, only);
  }

  /** By the sites' places in the directory. */
  #lines(name: string): ReadonlyMap<number, HourLine> {
    const { openedLines } = this.#file;
    const known = openedLines.get(name);
    if (known !== undefined) return known;
    const lines = linesOf(this.#blocks(name));
    openedLines.keep(name, lines);
    return lines;
  }

  /** Each site is in one of them. */
  #blocks(name: string): TotalsBlock[] {
    const number = this.#file.dictionary.nameNumber(name);
    if (number === undefined) return [];
    return this.#file.directory.lines.flatMap(([of, offset, length]) =>
      of !== number
        ? []
        : [
            this.#part(`lines of ${name}`, () =>
              decodeTotals(
                lineOwner(this.day, number),
                this.#file.read(offset, length),
                this.#firstHour,
                this.#firstHour + HOURS_A_DAY,
              ),
            ),
          ],
    );
  }

  #part<T>(what: string, act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw damaged(this.day, what, error);
    }
  }
}
