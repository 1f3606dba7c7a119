// Answers charts: raw and derived series of one device over any span, thinned to what a screen can show.
import { setImmediate as pause } from 'node:timers/promises';
import type { Db } from '#console/store/engine.ts';
import { hourOf } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId, RelayId } from '#shared/base/id.ts';
import { DERIVED, derive } from '#shared/model/derive.ts';
import { fromStored, METRICS, type Metric, metricById } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { DecodedHours } from './decoded-hours.ts';
import { type Chart, downsample } from './downsample.ts';

/** A month of one device is 720 hours to decode; the rolled-up tier is for longer spans. */
const MAX_HOURS = 31 * 24;
/** Interfaces and file systems of one device times the names asked for. */
const MAX_SERIES = 2_048;
/** A rate needs the poll before the span. */
const LEAD_MS = 300_000;
/** About 10 ms of deriving, then others have their turn. */
const DERIVED_AT_ONCE = 500;

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

async function addDerived(
  lines: Lines,
  polls: readonly PollRecord[],
  wanted: ReadonlySet<string> | undefined,
): Promise<void> {
  for (const [i, poll] of polls.entries()) {
    if (i % DERIVED_AT_ONCE === 0) await pause();
    for (const { name, instance, value } of derive(polls[i - 1], poll)) {
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

  constructor(deps: { db: Db; hours: DecodedHours }) {
    this.#db = deps.db;
    this.#hours = deps.hours;
  }

  /** Who may see the device is decided before: `relays` comes from a read within the viewer's scope. */
  async range(request: RangeRequest): Promise<RangeSeries[]> {
    const { from, to, maxPoints, intervalMs } = request;
    if (to < from || hourOf(to) - hourOf(from) > MAX_HOURS)
      throw new AppError('bad-request', `a span of metrics is at most ${MAX_HOURS} hours and does not run backwards`);
    const names = sortNames(request.names);
    const lead = Math.max(LEAD_MS, 3 * intervalMs);
    const polls = await this.polls(request, { from: from - lead, to });
    const lines = new Lines();
    if (names.raw.size > 0) addRaw(lines, polls, names.raw);
    if (names.derived === undefined || names.derived.size > 0) await addDerived(lines, polls, names.derived);
    return [...lines.all].flatMap(({ name, instance, unit, ...points }) => {
      const chart = downsample(points, { from, to, maxPoints, intervalMs });
      return chart.at.length === 0 ? [] : [{ name, instance, unit, ...chart }];
    });
  }

  /** The raw polls of a device, by time, each time once. */
  async polls(who: Pick<RangeRequest, 'device' | 'relays'>, span: { from: number; to: number }): Promise<PollRecord[]> {
    const hours = { from: hourOf(span.from), to: hourOf(span.to) };
    const lists: PollRecord[][] = [];
    for (const relay of who.relays) lists.push(await this.#hours.polls(this.#db, relay, who.device, hours));
    const all = lists.length === 1 ? (lists[0] ?? []) : mergeByTime(lists.flat());
    return all.filter((poll) => poll.at >= span.from && poll.at <= span.to);
  }
}

/** Two relays polled the device (a leaf and its site's relay): one time, one poll. */
function mergeByTime(polls: PollRecord[]): PollRecord[] {
  polls.sort((a, b) => a.at - b.at);
  return polls.filter((poll, i) => poll.at !== polls[i - 1]?.at);
}
