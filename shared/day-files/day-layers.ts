// All files of one day that there are, and what they hold of a place or a name: the open file's word counts before the others'.
import type { SiteId } from '#shared/base/id.ts';
import { decodeTotals } from '#shared/codec/totals-decoder.ts';
import type { TotalsBlock } from '#shared/codec/totals-format.ts';
import { HOURS_A_DAY } from './day-paths.ts';
import type { Coverage, Day, DevicePlace, HourLine } from './day-store.ts';
import type { Dictionary } from './dictionary.ts';
import { overlaid } from './kept-day.ts';
import type { OpenDayFile } from './open-day-file.ts';
import { LINE_PART, RAW_KEY, TOTAL_KEY } from './open-day-schema.ts';
import { PackedDayReader } from './packed-day-reader.ts';
import type { PackedFile } from './packed-file.ts';
import { RAW_RECORD, TOTALS_RECORD } from './packed-format.ts';
import type { PackedRecord } from './packed-writer.ts';
import { blockOf, linesOf } from './total-lines.ts';

export interface DayLayers {
  open: OpenDayFile | undefined;
  /** raw, days and archive, as far as they are there. */
  packed: readonly PackedFile[];
}

export const isEmpty = ({ open, packed }: DayLayers): boolean => open === undefined && packed.length === 0;

/** The dictionary that knows all numbers. */
export const dictionaryOf = ({ open, packed }: DayLayers): Dictionary | undefined =>
  open?.dictionary ?? packed[0]?.dictionary;

export function placesOf({ open, packed }: DayLayers): Map<number, DevicePlace> {
  const places = new Map<number, DevicePlace>();
  for (const file of packed)
    for (let i = 0; i < file.directory.places; i += 1) {
      const { number, device, site } = file.placeAt(i);
      places.set(number, { device, site });
    }
  for (const [number, place] of open?.dictionary.places.entries() ?? [])
    if (place !== undefined) places.set(number, place);
  return new Map([...places].sort(([a], [b]) => a - b));
}

export function coverageOf({ open, packed }: DayLayers): Coverage[] {
  const all = [...packed.flatMap((file) => new PackedDayReader(file).coverage()), ...(open?.coverage() ?? [])];
  return [...new Map(all.map((coverage) => [`${coverage.relay} ${coverage.hour}`, coverage])).values()];
}

/** Called with what could not be read; what it was is then left out. */
export type OnUnread = (what: string, error: unknown) => void;

/** Chunks of a place as they are kept, by their first hour. */
export function rawOf(layers: DayLayers, number: number, place: DevicePlace, onUnread: OnUnread): PackedRecord[] {
  const records: PackedRecord[] = [];
  const taken = new Set<number>();
  for (let part = 0; part < HOURS_A_DAY; part += 1) {
    const { open } = layers;
    if (open === undefined || open.presence.has(RAW_KEY + part, number) === false) continue;
    try {
      const bytes = open.get('chunk', part, number);
      if (bytes !== undefined) records.push({ kind: RAW_RECORD, part, hours: 1, bytes });
      taken.add(part);
    } catch (error) {
      onUnread(`${place.device} in hour ${part} of the day`, error);
    }
  }
  for (const file of layers.packed)
    for (const mine of file.placesOf(place.device))
      if (mine.number === number)
        for (const record of file.recordsOf(mine))
          if (record.kind === RAW_RECORD && !(record.hours === 1 && taken.has(record.part)))
            records.push({ ...record, bytes: file.read(record.offset, record.length) });
  // Of a span and an hour in it, the hour was written later.
  return records.sort((a, b) => a.part - b.part || b.hours - a.hours);
}

/** Totals of a place, all layers together. */
export function totalsOf(
  { open, packed }: DayLayers,
  { day, number, place }: { day: Day; number: number; place: DevicePlace },
  onUnread: OnUnread,
): TotalsBlock | undefined {
  const first = day * HOURS_A_DAY;
  const hours: TotalsBlock[] = [];
  const tried = (what: string, act: () => TotalsBlock | undefined): TotalsBlock[] => {
    try {
      return [act()].filter((block) => block !== undefined);
    } catch (error) {
      onUnread(`${what} of ${place.device}`, error);
      return [];
    }
  };
  for (let part = 0; part < HOURS_A_DAY; part += 1)
    if (open !== undefined && open.presence.has(TOTAL_KEY + part, number) !== false)
      hours.push(
        ...tried(`totals in hour ${part} of the day`, () => {
          const bytes = open.get('total', part, number);
          return bytes === undefined ? undefined : decodeTotals(place.device, bytes, first + part, first + part + 1);
        }),
      );
  const closed = packed.flatMap((file) =>
    file
      .placesOf(place.device)
      .filter((mine) => mine.number === number)
      .flatMap((mine) => file.recordsOf(mine).filter(({ kind }) => kind === TOTALS_RECORD))
      .flatMap(({ offset, length }) =>
        tried('totals', () => decodeTotals(place.device, file.read(offset, length), first, first + HOURS_A_DAY)),
      ),
  );
  return blockOf(overlaid([linesOf(hours), ...closed.map((block) => linesOf([block]))]));
}

/** Lines of the sites for names [from, to) of the dictionary. */
export function linesOfNames(
  { open, packed }: DayLayers,
  { day, from, to }: { day: Day; from: number; to: number },
  onUnread: OnUnread,
): Map<number, Map<SiteId, HourLine>> {
  const first = day * HOURS_A_DAY;
  const layers: Array<Map<number, Map<SiteId, HourLine>>> = [new Map<number, Map<SiteId, HourLine>>()];
  const put = (layer: Map<number, Map<SiteId, HourLine>>, name: number, site: SiteId, line: HourLine): void => {
    const sites = layer.get(name) ?? new Map<SiteId, HourLine>();
    layer.set(name, sites.set(site, line));
  };
  const opened = layers[0] ?? new Map<number, Map<SiteId, HourLine>>();
  for (const site of open?.dictionary.sites() ?? [])
    try {
      const key = open?.dictionary.numbersOfSite(site)[0] ?? 0;
      const bytes = open?.get('line', Math.floor(from / LINE_PART), key);
      if (bytes === undefined) continue;
      for (const [name, line] of linesOf([decodeTotals(site, bytes, first, first + HOURS_A_DAY)]))
        if (name >= from && name < to) put(opened, name, site, line);
    } catch (error) {
      onUnread(`lines of site ${site}`, error);
    }
  for (const file of packed) {
    const layer = new Map<number, Map<SiteId, HourLine>>();
    const reader = new PackedDayReader(file);
    for (const name of new Set(file.directory.lines.map(([of]) => of))) {
      const series = file.dictionary.series[name];
      if (name < from || name >= to || series === undefined) continue;
      try {
        for (const [site, line] of reader.sites(series.name)) put(layer, name, site, line);
      } catch (error) {
        onUnread(`lines of ${series.name}`, error);
      }
    }
    layers.push(layer);
  }
  return merged(layers);
}

function merged(layers: ReadonlyArray<Map<number, Map<SiteId, HourLine>>>): Map<number, Map<SiteId, HourLine>> {
  const whole = new Map<number, Map<SiteId, HourLine>>();
  for (const name of new Set(layers.flatMap((layer) => [...layer.keys()]))) {
    const sites = new Map<SiteId, HourLine>();
    for (const site of new Set(layers.flatMap((layer) => [...(layer.get(name)?.keys() ?? [])]))) {
      const mine = layers.flatMap((layer) => layer.get(name)?.get(site) ?? []);
      const line = mine.length < 2 ? mine[0] : overlaid(mine.map((one) => new Map([[0, one]]))).get(0);
      if (line !== undefined) sites.set(site, line);
    }
    whole.set(name, sites);
  }
  return whole;
}
