// Reads a day that may still change, row by row: a row that the disk changed is said to be damaged, and the others are not touched by it.
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import { decodeChunk, decodeSome } from '#shared/codec/chunk-decoder.ts';
import { ChunkEncoder } from '#shared/codec/chunk-encoder.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import { decodeSomeTotals, decodeTotals } from '#shared/codec/totals-decoder.ts';
import type { TotalsBlock } from '#shared/codec/totals-format.ts';
import { damaged } from './damaged.ts';
import { HOURS_A_DAY } from './day-paths.ts';
import type { Coverage, Day, DayReader, DevicePlace, HourLine, StoredSeries } from './day-store.ts';
import { joinHours } from './join-hours.ts';
import type { OpenDayFile } from './open-day-file.ts';
import { LINE_PART, RAW_KEY, TOTAL_KEY } from './open-day-schema.ts';
import { lineIn, linesOf } from './total-lines.ts';

export class OpenDayReader implements DayReader {
  readonly day: Day;
  readonly #file: OpenDayFile;
  readonly #firstHour: number;

  constructor(file: OpenDayFile) {
    this.day = file.day;
    this.#file = file;
    this.#firstHour = file.day * HOURS_A_DAY;
  }

  numberOf(name: string, instance: string): number | undefined {
    return this.#known(`series ${name} "${instance}"`, this.#file.dictionary.numberOf(name, instance), 'series');
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
    return this.#file.dictionary.places.filter((place) => place !== undefined);
  }

  hasRaw(): boolean {
    for (let part = 0; part < HOURS_A_DAY; part += 1)
      if (this.#file.presence.numbers(RAW_KEY + part).length > 0) return true;
    return false;
  }

  rawHours(device: DeviceId): number[] {
    return this.#hours(device, RAW_KEY);
  }

  raw(device: DeviceId, hour: number, only?: ReadonlySet<number>): DeviceHour | undefined {
    const open = (bytes: Uint8Array): DeviceHour =>
      only === undefined ? decodeChunk(device, hour, bytes) : decodeSome(device, { hour, hours: 1 }, bytes, only);
    const pieces = this.#numbers(device).flatMap((number) => {
      const bytes = this.#row(`${device} in hour ${hour}`, () =>
        this.#file.get('chunk', hour - this.#firstHour, number),
      );
      return bytes === undefined ? [] : [this.#row(`${device} in hour ${hour}`, () => open(bytes))];
    });
    return joinHours(pieces);
  }

  chunk(device: DeviceId, hour: number): Uint8Array | undefined {
    const chunks = this.#numbers(device).flatMap(
      (number) =>
        this.#row(`${device} in hour ${hour}`, () => this.#file.get('chunk', hour - this.#firstHour, number)) ?? [],
    );
    if (chunks.length < 2) return chunks[0];
    const data = this.raw(device, hour);
    return data === undefined ? undefined : new ChunkEncoder().encode(device, data, { hour, hours: 1 });
  }

  totals(device: DeviceId, only?: ReadonlySet<number>): ReadonlyMap<number, HourLine> {
    const blocks: TotalsBlock[] = [];
    for (const number of this.#numbers(device))
      for (let part = 0; part < HOURS_A_DAY; part += 1) {
        const hour = this.#firstHour + part;
        if (this.#file.presence.has(TOTAL_KEY + part, number) === false) continue;
        const block = this.#row(`totals of ${device} in hour ${hour}`, () => {
          const bytes = this.#file.get('total', part, number);
          if (bytes === undefined) return undefined;
          return only === undefined
            ? decodeTotals(device, bytes, hour, hour + 1)
            : decodeSomeTotals(device, bytes, { from: hour, to: hour + 1 }, only);
        });
        if (block !== undefined) blocks.push(block);
      }
    return linesOf(blocks);
  }

  hasTotals(device: DeviceId): boolean {
    return this.#hours(device, TOTAL_KEY).length > 0;
  }

  site(site: SiteId, name: string): HourLine | undefined {
    const key = this.#file.dictionary.numbersOfSite(site)[0];
    const number = this.#file.dictionary.nameNumber(name);
    if (key === undefined || number === undefined) {
      this.#known(`site ${site} or series ${name}`, undefined, key === undefined ? 'place' : 'series');
      return undefined;
    }
    const line = this.#row(`lines of site ${site}`, () => {
      const block = this.#file.linesOf(site, Math.floor(number / LINE_PART), key);
      if (block === undefined) {
        // Lines lie under the first number of site and name: where that is lost, they cannot be found.
        this.#known('what they lie under', undefined, 'place');
        this.#known('what they lie under', undefined, 'series');
        return undefined;
      }
      return lineIn(block, number);
    });
    return line ?? this.#known(`line of ${name}`, undefined, 'series');
  }

  sites(name: string): ReadonlyMap<SiteId, HourLine> {
    const lines = new Map<SiteId, HourLine>();
    for (const site of this.#file.dictionary.sites()) {
      const line = this.site(site, name);
      if (line !== undefined) lines.set(site, line);
    }
    return lines;
  }

  coverage(): Coverage[] {
    return this.#file.coverage();
  }

  #hours(device: DeviceId, key: number): number[] {
    const numbers = this.#numbers(device);
    const hours: number[] = [];
    for (let part = 0; part < HOURS_A_DAY; part += 1)
      if (numbers.some((number) => this.#file.presence.has(key + part, number) !== false))
        hours.push(this.#firstHour + part);
    return hours;
  }

  #numbers(device: DeviceId): readonly number[] {
    const numbers = this.#file.dictionary.numbersOfDevice(device);
    if (numbers.length === 0) this.#known(`device ${device}`, undefined, 'place');
    return numbers;
  }

  /** What is not in a dictionary that the disk changed may have been in it. */
  #known<T>(what: string, found: T | undefined, table: 'place' | 'series'): T | undefined {
    const fault = found === undefined ? this.#file.faultOf(table) : undefined;
    if (fault !== undefined) throw damaged(this.day, `${what} is not known, and its dictionary is damaged (${fault})`);
    return found;
  }

  #row<T>(what: string, act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw damaged(this.day, what, error);
    }
  }
}
