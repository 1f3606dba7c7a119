// One day as it is kept, in one file or several: what an open file says of an hour counts before what a closed one says.
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import type { Coverage, Day, DayReader, DevicePlace, HourLine, StoredSeries } from './day-store.ts';
import { blockOf, linesOf } from './total-lines.ts';

const nothing = (): undefined => undefined;

/** Asks for its layers at each call: files may be closed, rolled up or forgotten between two. */
export class KeptDay implements DayReader {
  readonly day: Day;
  readonly #layers: () => readonly DayReader[];

  /** `layers`: the first counts before the others; later dictionaries are beginnings of the first. */
  constructor(day: Day, layers: () => readonly DayReader[]) {
    this.day = day;
    this.#layers = layers;
  }

  numberOf(name: string, instance: string): number | undefined {
    return this.#layers()[0]?.numberOf(name, instance);
  }

  seriesOf(number: number): StoredSeries | undefined {
    return this.#layers()[0]?.seriesOf(number);
  }

  lookup(): (number: number) => StoredSeries | undefined {
    return this.#layers()[0]?.lookup() ?? nothing;
  }

  instancesOf(name: string): number[] {
    return this.#layers()[0]?.instancesOf(name) ?? [];
  }

  devices(): DevicePlace[] {
    return this.#layers()[0]?.devices() ?? [];
  }

  hasRaw(): boolean {
    return this.#layers().some((layer) => layer.hasRaw());
  }

  rawHours(device: DeviceId): number[] {
    return [...new Set(this.#layers().flatMap((layer) => layer.rawHours(device)))].sort((a, b) => a - b);
  }

  raw(device: DeviceId, hour: number, only?: ReadonlySet<number>): DeviceHour | undefined {
    for (const layer of this.#layers()) {
      const found = layer.raw(device, hour, only);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  chunk(device: DeviceId, hour: number): Uint8Array | undefined {
    for (const layer of this.#layers()) {
      const found = layer.chunk(device, hour);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  totals(device: DeviceId, only?: ReadonlySet<number>): ReadonlyMap<number, HourLine> {
    const told = this.#layers().filter((layer) => layer.hasTotals(device));
    const [first, ...others] = told;
    // Which hour is whose takes all that each layer says.
    if (first !== undefined && others.length === 0) return first.totals(device, only);
    const all = overlaid(told.map((layer) => layer.totals(device)));
    return only === undefined ? all : new Map([...all].filter(([number]) => only.has(number)));
  }

  hasTotals(device: DeviceId): boolean {
    return this.#layers().some((layer) => layer.hasTotals(device));
  }

  site(site: SiteId, name: string): HourLine | undefined {
    const lines = this.#layers().flatMap((layer) => layer.site(site, name) ?? []);
    return lines.length < 2 ? lines[0] : overlaid(lines.map((line) => new Map([[0, line]]))).get(0);
  }

  sites(name: string): ReadonlyMap<SiteId, HourLine> {
    const all = this.#layers().map((layer) => layer.sites(name));
    if (all.length < 2) return all[0] ?? new Map<SiteId, HourLine>();
    const lines = new Map<SiteId, HourLine>();
    for (const site of new Set(all.flatMap((sites) => [...sites.keys()]))) {
      const mine = all.flatMap((sites) => sites.get(site) ?? []);
      const line = overlaid(mine.map((one) => new Map([[0, one]]))).get(0);
      if (line !== undefined) lines.set(site, line);
    }
    return lines;
  }

  coverage(): Coverage[] {
    const seen = new Map<string, Coverage>();
    for (const layer of [...this.#layers()].reverse())
      for (const coverage of layer.coverage()) seen.set(`${coverage.relay} ${coverage.hour}`, coverage);
    return [...seen.values()];
  }
}

/** An hour that an earlier layer tells of anything is the earlier's alone: it was sealed anew as a whole. */
export function overlaid(layers: ReadonlyArray<ReadonlyMap<number, HourLine>>): ReadonlyMap<number, HourLine> {
  const told = layers.filter((layer) => layer.size > 0);
  if (told.length < 2) return told[0] ?? new Map<number, HourLine>();
  const taken = new Set<number>();
  const blocks = told.flatMap((layer) => {
    const block = blockOf(layer);
    if (block === undefined) return [];
    for (const [row, hour] of block.hours.entries())
      if (taken.has(hour)) for (let at = row; at < block.count.length; at += block.hours.length) block.count[at] = 0;
    for (const hour of block.hours) taken.add(hour);
    return [block];
  });
  return linesOf(blocks);
}
