// Answers charts of one device: what is sealed, what still comes in, and what only its relay has, joined hour by hour.
import type { Db } from '#console/store/engine.ts';
import { type Clock, HOUR_MS, hourOf } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { MetricSource } from '#shared/contract/metric-contract.ts';
import type { FormerRow } from '#shared/day-files/hour-columns.ts';
import { BucketLines } from './bucket-lines.ts';
import type { DecodedHours } from './decoded-hours.ts';
import type { Chart } from './downsample.ts';
import { drawBuckets, drawPoints } from './drawn-lines.ts';
import { addOpenTotals } from './hour-sources.ts';
import type { MetricEngine, NamedHour, PointLine, SealedLines, SealedRange } from './metric-engine.ts';
import { isMetric } from './metric-names.ts';
import { lastNamed, lookupIn, mergeNamed } from './named-hours.ts';
import type { OlderReader } from './older-rows.ts';
import { OpenHours } from './open-hours.ts';
import { RawLines } from './raw-lines.ts';
import type { ScriptNames } from './script-names.ts';

/** Two years with a leap day: what is kept longer is exported. */
const MAX_HOURS = 731 * 24;
/** Interfaces and file systems of one device times the names asked for. */
const MAX_LINES = 2_048;

export interface RangeRequest {
  device: DeviceId;
  site: SiteId;
  /** Relays that may hold polls of the device: those of its site, now and formerly. */
  relays: readonly RelayId[];
  /** Raw ("network.rx_bytes") or derived ("cpu.used_ratio"); undefined: all derived ones. */
  names: readonly string[] | undefined;
  from: number;
  to: number;
  maxPoints: number;
  /** How often the device is polled. */
  intervalMs: number;
  /** When the console first knew the device: nothing is missing of the time before. */
  since?: number;
}

export interface RangeSeries extends Chart {
  name: string;
  instance: string;
  unit: string;
}

export interface RangeAnswer {
  series: RangeSeries[];
  source: MetricSource;
}

/** Throws `bad-request` for a span that runs backwards or is longer than anything is kept. */
export function checkSpan({ from, to }: { from: number; to: number }): void {
  if (to < from || hourOf(to) - hourOf(from) > MAX_HOURS)
    throw new AppError('bad-request', `a span of metrics is at most ${MAX_HOURS} hours and does not run backwards`);
}

/** 0 where every poll of the span fits the chart; whole hours where a point is an hour or more. */
export function stepOf({ from, to, maxPoints, intervalMs }: RangeRequest): number {
  if ((to - from) / intervalMs <= maxPoints) return 0;
  const step = Math.max(1, Math.ceil((to - from + 1) / maxPoints));
  return step < HOUR_MS ? step : Math.ceil(step / HOUR_MS) * HOUR_MS;
}

interface Deps {
  db: Db;
  hours: DecodedHours;
  clock: Clock;
  /** Absent where nothing was ever sealed. */
  engine?: Pick<MetricEngine, 'range'> | undefined;
  older?: OlderReader | undefined;
  /** What scripts have named besides the catalogue. */
  scripts?: Pick<ScriptNames, 'unitOf'> | undefined;
}

export class MetricQuery {
  readonly #deps: Deps;
  readonly #open: OpenHours;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#open = new OpenHours(deps);
  }

  /** Who may see the device is decided before: `relays` comes from a read within the viewer's scope. */
  async range(request: RangeRequest, signal?: AbortSignal): Promise<RangeAnswer> {
    checkSpan(request);
    const unknown = request.names?.find((name) => !isMetric(name, this.#deps.scripts));
    if (unknown !== undefined) throw new AppError('bad-request', `no metric is called "${unknown.slice(0, 80)}"`);
    const { device, site, relays, names, from, to } = request;
    // Frames first: an hour that is sealed in between is in both, and its rows are put together by time.
    const open = await this.#open.ofDevice(relays, device, { from: hourOf(from) - 1, to: hourOf(to) });
    const ask = { device, relays, names, from, to, stepMs: stepOf(request), apart: open.hours };
    const sealed = await this.#sealed(ask, signal);
    const missing = this.#missing(request, sealed.missing);
    const older = await this.#deps.older?.read({ device, site }, missing, signal);
    const rows = joined([...sealed.apart, ...open.rows, ...(older?.rows ?? [])]);
    const series = drawn(request, sealed, rows);
    const found = new Set(rows.map(({ hour }) => hour));
    const still = spansOf(missing.filter((hour) => !found.has(hour)));
    return {
      series,
      source: { resolution: sealed.resolution, missing: still, away: still.length > 0 && (older?.away ?? false) },
    };
  }

  /** The rows of some hours as they are kept, and the row before them; nothing is asked of relays. */
  async rows(
    { device, relays, from, to }: { device: DeviceId; relays: readonly RelayId[]; from: number; to: number },
    signal?: AbortSignal,
  ): Promise<{ hours: NamedHour[]; leads: NamedHour[] }> {
    const open = await this.#open.ofDevice(relays, device, { from, to });
    const apart = Array.from({ length: to - from + 1 }, (_hour, i) => from + i);
    const span = { from: from * HOUR_MS, to: (to + 1) * HOUR_MS - 1 };
    const sealed = await this.#sealed({ device, relays, names: [], ...span, stepMs: 0, apart }, signal);
    return { hours: joined([...sealed.apart, ...open.rows]), leads: sealed.leads };
  }

  async #sealed(ask: SealedRange, signal: AbortSignal | undefined): Promise<SealedLines> {
    const { engine } = this.#deps;
    if (engine !== undefined) return await engine.range(ask, signal);
    const isFine = ask.stepMs < HOUR_MS;
    const from = isFine ? ask.from : Math.floor(ask.from / HOUR_MS) * HOUR_MS;
    const nothing = { lines: [], points: [], apart: [], leads: [], missing: [] };
    return { resolution: isFine ? 'raw' : 'hours', from, stepMs: ask.stepMs, ...nothing };
  }

  /** Of hours that have been: what is to come, or was before the device, is not missing. */
  #missing({ since = 0 }: RangeRequest, hours: readonly number[]): number[] {
    const now = hourOf(this.#deps.clock.now());
    return hours.filter((hour) => hour < now && hour >= hourOf(since));
  }
}

/** Hours in order, each once. */
function joined(parts: readonly NamedHour[]): NamedHour[] {
  const byHour = new Map<number, NamedHour[]>();
  for (const part of parts) byHour.set(part.hour, [...(byHour.get(part.hour) ?? []), part]);
  const hours = [...byHour].sort(([a], [b]) => a - b);
  return hours.flatMap(([, some]) => mergeNamed(some) ?? []);
}

/** Each hour with the row before it, from the hours themselves or from what is sealed before them. */
function* withFormer(
  rows: readonly NamedHour[],
  leads: readonly NamedHour[],
): Generator<[NamedHour, FormerRow | undefined]> {
  const before = new Map([...leads, ...rows].map((hour) => [hour.hour, hour]));
  for (const hour of rows) {
    const former = before.get(hour.hour - 1);
    yield [hour, former === undefined ? undefined : lastNamed(former)];
  }
}

function drawn(request: RangeRequest, sealed: SealedLines, rows: readonly NamedHour[]): RangeSeries[] {
  const { from, to, intervalMs } = request;
  if (sealed.resolution === 'hours') {
    const places = Math.max(1, Math.ceil((to + 1 - sealed.from) / sealed.stepMs));
    const lines = new BucketLines({ from: sealed.from, stepMs: sealed.stepMs, places }, MAX_LINES);
    for (const line of sealed.lines) lines.merge(line);
    for (const [hour, former] of withFormer(rows, sealed.leads))
      if (hour.hour >= hourOf(from)) addOpenTotals(lines, hour, former, request.names);
    return finished(lines, { from: sealed.from, stepMs: sealed.stepMs, intervalMs });
  }
  const raw = new RawLines({ ...request, stepMs: sealed.stepMs, maxLines: MAX_LINES });
  for (const [hour, former] of withFormer(rows, sealed.leads)) raw.add(hour.data, lookupIn(hour), former);
  const made = raw.take();
  if (sealed.stepMs === 0) return pointSeries([...sealed.points, ...made.points], request);
  const places = Math.max(1, Math.ceil((to + 1 - from) / sealed.stepMs));
  const lines = new BucketLines({ from, stepMs: sealed.stepMs, places }, MAX_LINES);
  for (const line of [...sealed.lines, ...made.lines]) lines.merge(line);
  return finished(lines, { from, stepMs: sealed.stepMs, intervalMs });
}

function finished(lines: BucketLines, shape: Parameters<typeof drawBuckets>[1]): RangeSeries[] {
  return lines.all.flatMap((line) => {
    const chart = drawBuckets(line, shape);
    return chart.at.length === 0 ? [] : [{ name: line.name, instance: line.instance, unit: line.unit, ...chart }];
  });
}

function pointSeries(lines: readonly PointLine[], request: RangeRequest): RangeSeries[] {
  const byKey = new Map<string, PointLine[]>();
  for (const line of lines) {
    const key = `${line.name} ${line.instance}`;
    byKey.set(key, [...(byKey.get(key) ?? []), line]);
  }
  return [...byKey.values()].flatMap((parts) => {
    const [first] = parts;
    const chart = drawPoints(parts, request);
    if (first === undefined || chart.at.length === 0) return [];
    return [{ name: first.name, instance: first.instance, unit: first.unit, ...chart }];
  });
}

/** Ascending hours as stretches of time. */
export function spansOf(hours: readonly number[]): Array<{ from: number; to: number }> {
  const spans: Array<{ from: number; to: number }> = [];
  for (const hour of hours) {
    const last = spans.at(-1);
    if (last?.to === hour * HOUR_MS) last.to += HOUR_MS;
    else spans.push({ from: hour * HOUR_MS, to: (hour + 1) * HOUR_MS });
  }
  return spans;
}
