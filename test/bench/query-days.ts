// Writes the day files of a whole fleet for `bench query`: every part sealed by the codec, bound to its device, laid as the store lays it.
import type { RelayId, SiteId } from '#shared/base/id.ts';
import { CHECKSUM_BYTES, chunkChecksum } from '#shared/codec/chunk-format.ts';
import { TotalsEncoder } from '#shared/codec/totals-encoder.ts';
import { dayFile, HOURS_A_DAY } from '#shared/day-files/day-paths.ts';
import type { Coverage, Day, DevicePlace } from '#shared/day-files/day-store.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { OpenDayFile } from '#shared/day-files/open-day-file.ts';
import { lineOwner, RAW_RECORD, TOTALS_RECORD } from '#shared/day-files/packed-format.ts';
import { type PackedRecord, PackedWriter } from '#shared/day-files/packed-writer.ts';
import { blockOf } from '#shared/day-files/total-lines.ts';
import type { MixDay } from './query-mix.ts';

const blocks = new TotalsEncoder();

export interface FleetDays {
  folder: string;
  mix: MixDay;
  /** Site after site, in each as many as a multiple of the mix's templates. */
  places: readonly DevicePlace[];
  relays: ReadonlyArray<{ relay: RelayId; site: SiteId }>;
}

/** The same bytes for another owner; they are changed in place, and whoever takes them copies them. */
export function boundTo(owner: string, bytes: Uint8Array): Uint8Array {
  const body = bytes.length - CHECKSUM_BYTES;
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(body, chunkChecksum(owner, bytes.subarray(0, body)));
  return bytes;
}

const sitesOf = ({ places }: FleetDays): SiteId[] => [...new Set(places.map(({ site }) => site))];

function coverageOf({ relays, places, mix }: FleetDays, day: Day, from: number, to: number): Coverage[] {
  const devices = places.length / relays.length;
  return relays.flatMap(({ relay }) =>
    Array.from({ length: to - from }, (_, i) => ({
      ...{ relay, hour: day * HOURS_A_DAY + from + i, devices },
      samples: devices * mix.series.length * 60,
    })),
  );
}

/** The folders of the tiers, as a store makes them. */
export function makeTiers(folder: string): void {
  new FileDayStore({ folder, onDamage: () => undefined }).stop();
}

/** As a day is that was rolled up: raw values from hour `rawFrom` of the day on (24: none), and totals of all of it. */
export function writeClosedDay(fleet: FleetDays, day: Day, rawFrom: number): void {
  const { folder, mix, places } = fleet;
  const rest = { series: [...mix.series], reserved: places.length, coverage: coverageOf(fleet, day, 0, HOURS_A_DAY) };
  if (rawFrom < HOURS_A_DAY) {
    const raw = new PackedWriter(dayFile(folder, 'raw', day), day);
    const parts = Array.from({ length: HOURS_A_DAY - rawFrom }, (_, i) => rawFrom + i);
    const chunks = parts.map((part) => mix.chunksOf(day, part));
    for (const [number, place] of places.entries()) {
      const records = parts.map((part, i): PackedRecord => {
        const chunk = chunks[i]?.[number % mix.templates] ?? new Uint8Array();
        return { kind: RAW_RECORD, part, hours: 1, bytes: boundTo(place.device, chunk) };
      });
      raw.addPlace(number, place, records);
    }
    raw.finish(rest);
    raw.rename();
  }
  const days = new PackedWriter(dayFile(folder, 'days', day), day);
  const totals = mix.totalsOf(day);
  for (const [number, place] of places.entries()) {
    const bytes = boundTo(place.device, totals[number % mix.templates] ?? new Uint8Array());
    days.addPlace(number, place, [{ kind: TOTALS_RECORD, part: 0, hours: HOURS_A_DAY, bytes }]);
  }
  const sites = sitesOf(fleet).map((site) => days.siteIndex(site));
  for (const [name, line] of mix.linesOf(day)) {
    const block = blockOf(new Map(sites.map((site) => [site, line])));
    if (block !== undefined) days.addLines(name, blocks.encode(lineOwner(day, name), block));
  }
  days.finish(rest);
  days.rename();
}

/** As a day is of which `hours` hours are sealed. */
export function writeOpenDay(fleet: FleetDays, day: Day, hours: number): void {
  const { folder, mix, places } = fleet;
  const file = new OpenDayFile(dayFile(folder, 'hours', day), day);
  try {
    file.begin();
    for (const series of mix.series) file.seriesNumber(series);
    for (const place of places) file.placeNumber(place);
    for (const coverage of coverageOf(fleet, day, 0, hours)) file.cover(coverage);
    file.commit();
    for (let part = 0; part < hours; part += 1) {
      const chunks = mix.chunksOf(day, part);
      const totals = mix.totalsOf(day, part, part + 1);
      file.begin();
      for (const [number, { device }] of places.entries()) {
        file.put('chunk', part, number, boundTo(device, chunks[number % mix.templates] ?? new Uint8Array()));
        file.put('total', part, number, boundTo(device, totals[number % mix.templates] ?? new Uint8Array()));
      }
      file.commit();
    }
    file.begin();
    const block = blockOf(mix.linesOf(day, 0, hours));
    const lines = block === undefined ? undefined : blocks.encode('', block);
    for (const site of sitesOf(fleet))
      if (lines !== undefined) file.put('line', 0, file.dictionary.numbersOfSite(site)[0] ?? 0, boundTo(site, lines));
    file.commit();
  } finally {
    file.close();
  }
}
