// Answers about many devices: sums of sites, groups and the fleet, and who has most; sealed totals joined with the open hours.
import type { Db } from '#console/store/engine.ts';
import { type Clock, HOUR_MS, hourOf } from '#shared/base/clock.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import type { MetricSource } from '#shared/contract/metric-contract.ts';
import { DERIVED } from '#shared/model/derive.ts';
import { addShare, averageAt, emptyLine, scaleSum, shareAt } from './bucket-lines.ts';
import type { DecodedHours } from './decoded-hours.ts';
import { openTotals } from './hour-sources.ts';
import { type LocalDay, localDays } from './local-days.ts';
import type { BucketLine, MetricEngine, NamedHour, SealedPart, SiteHour } from './metric-engine.ts';
import { unitOf } from './metric-names.ts';
import { checkSpan, spansOf } from './metric-query.ts';
import { lastNamed } from './named-hours.ts';
import { OpenHours, type OpenSiteHour, type Site } from './open-hours.ts';
import type { ScriptNames } from './script-names.ts';
import { DeviceParts, HourSums } from './sealed-sums.ts';

/** What is asked of, as far as the asker sees it. */
export interface Asked {
  /** Sites as a whole, by their own sums. */
  sites: readonly SiteId[];
  /** Devices one by one, of other sites. */
  devices: readonly DeviceId[];
  /** Of all of these, with their relays: where open hours come from. */
  places: readonly Site[];
}

export interface SumRequest extends Asked {
  name: string;
  from: number;
  to: number;
  maxPoints: number;
  by: 'span' | 'hour' | 'day';
  zone: string;
}

export interface SumAnswer {
  unit: string;
  at: number[];
  until: number;
  min: Array<number | null>;
  avg: Array<number | null>;
  max: Array<number | null>;
  sum: Array<number | null>;
  count: number[];
  source: MetricSource;
}

export interface PartRequest extends Omit<Asked, 'sites'> {
  name: string;
  from: number;
  to: number;
}

interface Deps {
  db: Db;
  hours: DecodedHours;
  clock: Clock;
  engine?: Pick<MetricEngine, 'sum' | 'compare'> | undefined;
  /** What scripts have named besides the catalogue. */
  scripts?: Pick<ScriptNames, 'unitOf'> | undefined;
}

/** Without these nobody knows how long a counter took to rise. */
const TIME = ['system.uptime', 'system.boot', 'poll.duration'] as const;

/** The catalogue's metrics that a name is made of. */
const inputsOf = (name: string): ReadonlySet<string> =>
  new Set([...TIME, ...(DERIVED.find((rule) => rule.name === name)?.inputs ?? [name])]);

export class FleetMetrics {
  readonly #deps: Deps;
  readonly #open: OpenHours;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#open = new OpenHours(deps);
  }

  async sum(request: SumRequest, signal?: AbortSignal): Promise<SumAnswer> {
    checkSpan(request);
    const { name, sites, devices, places } = request;
    const span = { from: hourOf(request.from), to: hourOf(request.to) + 1 };
    const buckets = bucketsOf(request, span);
    const { open, pending } = await this.#openHours(places, span, name);
    const ask = { name, sites, devices, ...span, open: [...open, ...pending].map(placeOf) };
    const sealed = await this.#deps.engine?.sum(ask, signal);
    const adding = new HourSums({ name, ...span });
    const unsealed = sealed === undefined ? ask.open : sealed.unsealed;
    addUnsealed(open, unsealed, (source, place, device) => {
      if (sites.includes(place.site) || devices.includes(device)) adding.add(source);
    });
    const line = bothOf(sealed?.line, adding.line);
    const waiting = hoursOf(pending, unsealed);
    return {
      unit: line?.unit ?? unitOf(name, this.#deps.scripts),
      ...told(line, span.from, buckets),
      source: sourceOf(waiting),
    };
  }

  /** Each device and instance by itself, over the whole span. */
  async parts(request: PartRequest, signal?: AbortSignal): Promise<{ parts: SealedPart[]; source: MetricSource }> {
    checkSpan(request);
    const { name, devices, places } = request;
    const span = { from: hourOf(request.from), to: hourOf(request.to) + 1 };
    const { open, pending } = await this.#openHours(places, span, name);
    const ask = { name, devices, ...span, open: [...open, ...pending].map(placeOf) };
    const sealed = await this.#deps.engine?.compare(ask, signal);
    const parts = new DeviceParts({ name, ...span });
    for (const part of sealed?.parts ?? []) parts.merge(part);
    const unsealed = sealed === undefined ? ask.open : sealed.unsealed;
    const asked = new Set(devices);
    addUnsealed(open, unsealed, (source, _place, device) => {
      if (asked.has(device)) parts.add(device, source);
    });
    return { parts: parts.all, source: sourceOf(hoursOf(pending, unsealed)) };
  }

  #openHours(places: readonly Site[], span: LocalDay, name: string) {
    // What is to come is not open; a clock that runs ahead is sealed with its hour.
    const to = Math.min(span.to - 1, hourOf(this.#deps.clock.now()) + 1);
    return this.#open.ofSites(places, { from: span.from, to }, inputsOf(name));
  }
}

const placeOf = ({ site, hour }: SiteHour): SiteHour => ({ site, hour });
const keyOf = ({ site, hour }: SiteHour): string => `${site} ${hour}`;

type Add = (source: ReturnType<typeof openTotals>, place: SiteHour, device: DeviceId) => void;

function addUnsealed(open: readonly OpenSiteHour[], unsealed: readonly SiteHour[], add: Add): void {
  const wanted = new Set(unsealed.map(keyOf));
  const byKey = new Map(open.map((one) => [keyOf(one), one.devices]));
  for (const place of open) {
    if (!wanted.has(keyOf(place))) continue;
    const before = byKey.get(keyOf({ site: place.site, hour: place.hour - 1 }));
    for (const [device, rows] of place.devices) add(openTotals(rows, formerOf(before?.get(device))), place, device);
  }
}

const formerOf = (before: NamedHour | undefined) => (before === undefined ? undefined : lastNamed(before));

/** Hours that are too large to be added up before they are sealed. */
function hoursOf(pending: readonly SiteHour[], unsealed: readonly SiteHour[]): number[] {
  const wanted = new Set(unsealed.map(keyOf));
  const hours = pending.filter((place) => wanted.has(keyOf(place))).map(({ hour }) => hour);
  return [...new Set(hours)].sort((a, b) => a - b);
}

const sourceOf = (waiting: readonly number[]): MetricSource => ({
  resolution: 'hours',
  missing: spansOf(waiting),
  away: false,
});

function bothOf(one: BucketLine | undefined, other: BucketLine | undefined): BucketLine | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  for (let place = 0; place < other.count.length; place += 1) addShare(one, place, shareAt(other, place));
  return one;
}

/** Whole hours, all of the span in order. */
function bucketsOf({ from, to, maxPoints, by, zone }: SumRequest, span: LocalDay): LocalDay[] {
  if (by === 'day') return localDays(zone, span.from, span.to);
  const step = by === 'hour' ? 1 : Math.max(1, Math.ceil((to - from) / HOUR_MS / maxPoints));
  const buckets: LocalDay[] = [];
  for (let hour = span.from; hour < span.to; hour += step)
    buckets.push({ from: hour, to: Math.min(hour + step, span.to) });
  return buckets;
}

const orNull = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;

function told(
  hourly: BucketLine | undefined,
  from: number,
  buckets: readonly LocalDay[],
): Omit<SumAnswer, 'unit' | 'source'> {
  const line = emptyLine(hourly ?? { name: '', instance: '', unit: '', resolution: 1 }, buckets.length);
  if (hourly !== undefined)
    for (const [place, bucket] of buckets.entries())
      for (let hour = bucket.from; hour < bucket.to; hour += 1) addShare(line, place, shareAt(hourly, hour - from));
  const all = <T>(read: (place: number) => T): T[] => buckets.map((_bucket, place) => read(place));
  return {
    at: buckets.map((bucket) => bucket.from * HOUR_MS),
    until: (buckets.at(-1)?.to ?? from) * HOUR_MS,
    min: all((place) => orNull(line.min[place])),
    avg: all((place) => orNull(averageAt(line, place))),
    max: all((place) => orNull(line.max[place])),
    sum: all((place) =>
      line.count[place] === 0 ? null : scaleSum((line.sum[place] ?? 0) + (line.rest[place] ?? 0), line.resolution),
    ),
    count: all((place) => line.count[place] ?? 0),
  };
}
