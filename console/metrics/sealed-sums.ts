// The worker's answers about many devices: sums by the hour, of whole sites and of single devices, and each device over a span.
import { HOUR_MS } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { DayReader, StoredSeries } from '#shared/day-files/day-store.ts';
import { addShare, BucketLines, emptyLine } from './bucket-lines.ts';
import { ALWAYS, seriesBehind } from './kept-series.ts';
import type { BucketLine, SealedPart, SealedSum, SiteHour } from './metric-engine.ts';
import { type Reading, readable } from './sealed-range.ts';
import { deviceTotals, siteTotals, type TotalsSource, totalLines } from './total-view.ts';

const HOURS_A_DAY = 24;

/** Every day of the span that is kept. */
function* readersOf({ from, to }: Pick<SealedSum, 'from' | 'to'>, store: Reading['store']): Generator<DayReader> {
  for (let day = Math.floor(from / HOURS_A_DAY); day <= Math.floor((to - 1) / HOURS_A_DAY); day += 1) {
    const reader = store.read(day);
    if (reader !== undefined) yield reader;
  }
}

export async function sealedSum(
  ask: SealedSum,
  { store, giveWay }: Reading,
): Promise<{ line: BucketLine | undefined; unsealed: SiteHour[] }> {
  const unsealed = unsealedOf(ask.open, store);
  const adding = new HourSums(ask);
  for (const reader of readersOf(ask, store)) {
    for (const [place, source] of siteSources(reader, ask.sites).entries()) {
      const open = unsealed.filter(({ site }) => site === ask.sites[place]).map(({ hour }) => hour);
      adding.add(source, open);
      await giveWay();
    }
    const only = seriesBehind(reader, [ask.name]);
    for (const device of ask.devices) {
      const source = deviceSource(reader, device, only);
      if (source !== undefined) adding.add(source);
      await giveWay();
    }
  }
  return { line: adding.line, unsealed };
}

/** Asked before anything is added up: an hour that is sealed meanwhile is counted once, from its frames. */
function unsealedOf(open: readonly SiteHour[], store: Reading['store']): SiteHour[] {
  return open.filter(({ site, hour }) => {
    const reader = store.read(Math.floor(hour / HOURS_A_DAY));
    return !ALWAYS.some((name) => {
      const line = readable(() => reader?.site(site, name));
      const place = line?.hours.indexOf(hour) ?? -1;
      return place >= 0 && (line?.count[place] ?? 0) > 0;
    });
  });
}

function siteSources(reader: DayReader, sites: SealedSum['sites']): TotalsSource[] {
  // Several sites: one reading of each name for all of them.
  const all = new Map<string, ReturnType<DayReader['sites']>>();
  const allOf = (name: string) => {
    const known = all.get(name) ?? readable(() => reader.sites(name)) ?? new Map();
    all.set(name, known);
    return known;
  };
  const names = namesOf(reader);
  return sites.map((site) =>
    siteTotals(names, (name) => (sites.length === 1 ? readable(() => reader.site(site, name)) : allOf(name).get(site))),
  );
}

/** The day's names, each looked up once for all sites or devices. */
export function namesOf(reader: DayReader): Pick<DayReader, 'instancesOf' | 'seriesOf'> {
  const instances = new Map<string, number[]>();
  const series = new Map<number, StoredSeries | undefined>();
  return {
    instancesOf: (name) => {
      const known = instances.get(name) ?? reader.instancesOf(name);
      instances.set(name, known);
      return known;
    },
    seriesOf: (number) => {
      if (!series.has(number)) series.set(number, reader.seriesOf(number));
      return series.get(number);
    },
  };
}

function deviceSource(reader: DayReader, device: DeviceId, only: ReadonlySet<number>): TotalsSource | undefined {
  const totals = readable(() => reader.totals(device, only));
  return totals === undefined || totals.size === 0 ? undefined : deviceTotals(reader, totals);
}

/** A bucket for each hour of a span, filled from totals; instances together. */
export class HourSums {
  readonly #ask: Pick<SealedSum, 'name' | 'from' | 'to'>;
  #line: BucketLine | undefined;

  constructor(ask: Pick<SealedSum, 'name' | 'from' | 'to'>) {
    this.#ask = ask;
  }

  get line(): BucketLine | undefined {
    return this.#line;
  }

  /** `except`: hours that are not to be added, whatever has come of them since. */
  add(source: TotalsSource, except: readonly number[] = []): void {
    const { name, from, to } = this.#ask;
    for (const { unit, resolution, hours, shareOf } of totalLines(source, name)) {
      this.#line ??= emptyLine({ name, instance: '', unit, resolution }, to - from);
      for (const [place, hour] of hours.entries())
        if (!except.includes(hour)) addShare(this.#line, hour - from, shareOf(place));
    }
  }
}

export async function sealedParts(
  ask: Omit<SealedSum, 'sites'>,
  { store, giveWay }: Reading,
): Promise<{ parts: SealedPart[]; unsealed: SiteHour[] }> {
  const unsealed = unsealedOf(ask.open, store);
  const parts = new DeviceParts(ask);
  for (const reader of readersOf(ask, store)) {
    const only = seriesBehind(reader, [ask.name]);
    for (const device of ask.devices) {
      const source = deviceSource(reader, device, only);
      if (source !== undefined) parts.add(device, source);
      await giveWay();
    }
  }
  return { parts: parts.all, unsealed };
}

/** One bucket for the whole span of each device and instance. */
export class DeviceParts {
  readonly #ask: Pick<SealedSum, 'name' | 'from' | 'to'>;
  readonly #devices = new Map<DeviceId, BucketLines>();

  constructor(ask: Pick<SealedSum, 'name' | 'from' | 'to'>) {
    this.#ask = ask;
  }

  get all(): SealedPart[] {
    return [...this.#devices].flatMap(([device, lines]) => lines.all.map((line) => ({ device, line })));
  }

  add(device: DeviceId, source: TotalsSource): void {
    const { name, from, to } = this.#ask;
    const shape = { from: from * HOUR_MS, stepMs: (to - from) * HOUR_MS, places: 1 };
    const lines = this.#devices.get(device) ?? new BucketLines(shape);
    this.#devices.set(device, lines);
    for (const { instance, unit, resolution, hours, shareOf } of totalLines(source, name)) {
      const line = lines.line({ name, instance, unit, resolution });
      if (line === undefined) continue;
      for (const [place, hour] of hours.entries()) if (hour >= from && hour < to) addShare(line, 0, shareOf(place));
    }
  }

  merge({ device, line }: SealedPart): void {
    const { from, to } = this.#ask;
    const shape = { from: from * HOUR_MS, stepMs: (to - from) * HOUR_MS, places: 1 };
    const lines = this.#devices.get(device) ?? new BucketLines(shape);
    this.#devices.set(device, lines);
    lines.merge(line);
  }
}
