// Answers charts: raw and derived series of one device over any span, thinned to what a screen can show.
import { setImmediate as pause } from 'node:timers/promises';
import type { Db } from '#console/store/engine.ts';
import { type Clock, HOUR_MS, hourOf } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId, RelayId } from '#shared/base/id.ts';
import { DERIVED, derive } from '#shared/model/derive.ts';
import { fromStored, METRICS, type Metric, metricById } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { DecodedHours, HourSpan } from './decoded-hours.ts';
import { type Chart, downsample } from './downsample.ts';
import { roundsOf } from './hour-plan.ts';

/** A leap year, and the hour at each end of it. */
const MAX_HOURS = 366 * 24 + 2;
/** Reading hours of a long span ends then, deriving follows: both together stay below 2 s. */
const READING_MS = 600;
/** A week of polls every minute. Deriving as many takes half a second on a quiet machine, and their values 8 MB. */
const MAX_POLLS = 12_000;
/** Interfaces and file systems of one device times the names asked for. */
const MAX_SERIES = 2_048;
/** A rate needs the poll before the span. */
const LEAD_MS = 300_000;
/** About 10 ms of deriving on a busy machine, then others have their turn. */
const DERIVED_AT_ONCE = 100;

export interface RangeRequest {
  device: DeviceId;
  /** Relays that may hold polls of the device: those of its site, now and formerly. */
  relays: readonly RelayId[];
  /** Raw ("network.rx_bytes") or derived ("cpu.used_ratio"); undefined: all derived ones. */
  names: readonly string[] | undefined;
  from: number;
  to: number;
  maxPoints: number;
  /** How often the device is polled. */
  intervalMs: number;
}

export interface RangeSeries extends Chart {
  name: string;
  instance: string;
  unit: string;
}

export interface RangeAnswer {
  series: RangeSeries[];
  /** 1: every hour of the span was read; n: one hour of each n, and what was between is not in the answer. */
  hourStep: number;
}

interface SampledPolls {
  polls: PollRecord[];
  hourStep: number;
}

interface Line {
  name: string;
  instance: string;
  unit: string;
  at: number[];
  values: Array<number | null>;
}

const derivedUnits = new Map<string, string>(DERIVED.map((rule) => [rule.name, rule.unit]));
const rawByName = new Map<string, Metric>(METRICS.map((metric) => [metric.name, metric]));

/** Series by name and instance, filled poll by poll. */
class Lines {
  readonly #lines = new Map<string, Line>();

  add(id: { name: string; instance: string; unit: string }, at: number, value: number | undefined): void {
    const key = `${id.name} ${id.instance}`;
    let line = this.#lines.get(key);
    if (line === undefined) {
      if (this.#lines.size >= MAX_SERIES) return;
      line = { ...id, at: [], values: [] };
      this.#lines.set(key, line);
    }
    line.at.push(at);
    line.values.push(value ?? null);
  }

  get all(): Iterable<Line> {
    return this.#lines.values();
  }
}

function addRaw(lines: Lines, polls: readonly PollRecord[], wanted: ReadonlySet<string>): void {
  for (const poll of polls) {
    for (const [column, series] of poll.series.entries()) {
      const metric = metricById(series.metric);
      if (metric === undefined || !wanted.has(metric.name)) continue;
      const stored = poll.values[column];
      const id = { name: metric.name, instance: series.instance, unit: metric.unit };
      lines.add(id, poll.at, stored === undefined ? undefined : fromStored(metric, stored));
    }
  }
}

interface Derived {
  polls: readonly PollRecord[];
  wanted: ReadonlySet<string> | undefined;
  /** False where hours were left out: a rate over them would pass for one moment's. */
  isWhole: boolean;
}

async function addDerived(lines: Lines, { polls, wanted, isWhole }: Derived): Promise<void> {
  for (const [i, poll] of polls.entries()) {
    if (i % DERIVED_AT_ONCE === 0) await pause();
    const before = polls[i - 1];
    const isNext = isWhole || (before !== undefined && hourOf(before.at) === hourOf(poll.at));
    for (const { name, instance, value } of derive(isNext ? before : undefined, poll)) {
      if (wanted !== undefined && !wanted.has(name)) continue;
      lines.add({ name, instance, unit: derivedUnits.get(name) ?? '' }, poll.at, value);
    }
  }
}

/** Which rules make a name: the derived ones win where both lists have it, their value is the same. */
function sortNames(names: readonly string[] | undefined): { raw: Set<string>; derived: Set<string> | undefined } {
  if (names === undefined) return { raw: new Set(), derived: undefined };
  const unknown = names.find((name) => !derivedUnits.has(name) && !rawByName.has(name));
  if (unknown !== undefined) throw new AppError('bad-request', `no metric is called "${unknown.slice(0, 80)}"`);
  return {
    derived: new Set(names.filter((name) => derivedUnits.has(name))),
    raw: new Set(names.filter((name) => !derivedUnits.has(name))),
  };
}

export class MetricQuery {
  readonly #db: Db;
  readonly #hours: DecodedHours;
  readonly #clock: Clock;

  constructor(deps: { db: Db; hours: DecodedHours; clock: Clock }) {
    this.#db = deps.db;
    this.#hours = deps.hours;
    this.#clock = deps.clock;
  }

  /** Who may see the device is decided before: `relays` comes from a read within the viewer's scope. */
  async range(request: RangeRequest): Promise<RangeAnswer> {
    const { from, to, intervalMs } = request;
    if (to < from || hourOf(to) - hourOf(from) > MAX_HOURS)
      throw new AppError('bad-request', `a span of metrics is at most ${MAX_HOURS} hours and does not run backwards`);
    const names = sortNames(request.names);
    const lead = Math.max(LEAD_MS, 3 * intervalMs);
    const { polls, hourStep } = await this.#sampled(request, { from: from - lead, to });
    const lines = new Lines();
    if (names.raw.size > 0) addRaw(lines, polls, names.raw);
    if (names.derived === undefined || names.derived.size > 0)
      await addDerived(lines, { polls, wanted: names.derived, isWhole: hourStep === 1 });
    return { series: await drawn(lines, request, hourStep), hourStep };
  }

  /** As many hours of the span as time allows, evenly; a day is always whole. */
  async #sampled(who: Pick<RangeRequest, 'device' | 'relays'>, span: { from: number; to: number }) {
    const bounds = await this.#hours.bounds(this.#db, who.relays, { from: hourOf(span.from), to: hourOf(span.to) });
    if (bounds === undefined) return { polls: [], hourStep: 1 };
    const start = this.#clock.monotonic();
    let found: SampledPolls | undefined;
    for (const { step, hours } of roundsOf(bounds.from, bounds.to)) {
      const round: PollRecord[] = [];
      for (const hour of hours) {
        // What a broken-off round has read stays decoded: asked again, the answer is finer.
        if (found !== undefined && this.#clock.monotonic() - start > READING_MS) return found;
        for (const poll of await this.#polls(who, hour, bounds)) round.push(poll);
        if (found !== undefined && found.polls.length + round.length > MAX_POLLS) return found;
      }
      const within = round.filter((poll) => poll.at >= span.from && poll.at <= span.to);
      found = { polls: mergeByTime([...(found?.polls ?? []), ...within]), hourStep: step };
    }
    return found ?? { polls: [], hourStep: 1 };
  }

  /** The raw polls of a device within one hour. */
  async #polls(
    { device, relays }: Pick<RangeRequest, 'device' | 'relays'>,
    hour: number,
    bounds: HourSpan,
  ): Promise<PollRecord[]> {
    const lists: PollRecord[][] = [];
    for (const relay of relays) lists.push(await this.#hours.polls(this.#db, relay, device, { hour, of: bounds }));
    return lists.flat();
  }
}

/** Thinned to what a screen shows. Where hours were left out, a bucket is as long as each of them stands for. */
async function drawn(lines: Lines, request: RangeRequest, hourStep: number): Promise<RangeSeries[]> {
  const { from, to, intervalMs } = request;
  // Rounded down: a bucket narrower than the step would hold no hour that was read, and look like a gap.
  const buckets = Math.max(2, Math.floor((to - from) / (hourStep * HOUR_MS)));
  const maxPoints = hourStep === 1 ? request.maxPoints : Math.min(request.maxPoints, buckets);
  const series: RangeSeries[] = [];
  for (const { name, instance, unit, ...points } of lines.all) {
    await pause();
    const chart = downsample(points, { from, to, maxPoints, intervalMs });
    if (chart.at.length > 0) series.push({ name, instance, unit, ...chart });
  }
  return series;
}

/** Two relays polled the device (a leaf and its site's relay): one time, one poll. */
function mergeByTime(polls: PollRecord[]): PollRecord[] {
  polls.sort((a, b) => a.at - b.at);
  return polls.filter((poll, i) => poll.at !== polls[i - 1]?.at);
}
