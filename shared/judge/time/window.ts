// Maintenance windows: when one is open, what it covers, and when that changes next.
import type { EpochMs } from '#shared/base/clock.ts';
import type { DeviceId, LayerId, SiteId } from '#shared/base/id.ts';
import type { CheckId } from '#shared/model/check.ts';
import type { MaintenanceWindow } from '#shared/model/watch-policy.ts';
import { occurrences, type Repeated } from './occurrences.ts';
import { readRecurrence } from './recurrence.ts';
import type { Span } from './span.ts';
import { DAY_MS, instantOf, isZone, readWall, wallAt } from './zone-time.ts';

/** What somebody may want to know of: layers are those that apply to the device. */
export interface WindowSubject {
  site: SiteId;
  device: DeviceId;
  layers: readonly LayerId[];
  check: CheckId;
}

/** A change that a page or a plan looks ahead for; more are cut. */
const MAX_SPANS = 2_000;
/** Before it no product of ours stood, after it no zone's rules are known. Both bound what a rule is followed through. */
const YEARS = { from: Date.UTC(2000, 0, 1), to: Date.UTC(2200, 0, 1) };

/** What is wrong with a window, in words; undefined: nothing. A window with a fault is never open. */
export function windowFault(window: MaintenanceWindow): string | undefined {
  const read = readWindow(window);
  return typeof read === 'string' ? read : undefined;
}

function readWindow({ startsAt, zone, rule }: MaintenanceWindow): Repeated | string {
  const start = readWall(startsAt);
  if (start === undefined || start < YEARS.from || start > YEARS.to)
    return `"${startsAt}" is no time from the year 2000 to 2199`;
  if (!isZone(zone)) return `no time zone is called "${zone.slice(0, 40)}"`;
  if (rule === undefined) return { start, zone, rule: undefined };
  const read = readRecurrence(rule);
  if (!read.ok) return read.message;
  const repeated = { start, zone, rule: read.value };
  return occurrences(repeated, start).next().done === true ? 'the rule has no single day' : repeated;
}

/** The times that touch [from, to), in order, each on its own where they overlap; at most 2,000. */
export function windowSpans(window: MaintenanceWindow, from: EpochMs, to: EpochMs): Span[] {
  const read = readWindow(window);
  if (typeof read === 'string') return [];
  const spans: Span[] = [];
  for (const span of spansAfter(read, window.durationMs, from)) {
    if (span.from >= to || spans.length === MAX_SPANS) return spans;
    spans.push(span);
  }
  return spans;
}

/** Those that end after `at`. Each lasts as long as the window says, also where clocks change within it. */
function* spansAfter(repeated: Repeated, durationMs: number, at: EpochMs): Generator<Span> {
  // A day more: what a clock skips begins later than it says.
  const first = wallAt(repeated.zone, at - durationMs) - DAY_MS;
  for (const wall of occurrences(repeated, first)) {
    const from = instantOf(repeated.zone, wall);
    if (from + durationMs > at) yield { from, to: from + durationMs };
  }
}

/** Whether it speaks of this: of any device that it names, by site, layer or itself, and of the checks that it names. */
export function covers(window: MaintenanceWindow, about: WindowSubject): boolean {
  const { sites, layers, devices, checks } = window;
  if (checks !== undefined && !checks.includes(about.check)) return false;
  if (sites === undefined && layers === undefined && devices === undefined) return true;
  return (
    sites?.includes(about.site) === true ||
    devices?.includes(about.device) === true ||
    layers?.some((layer) => about.layers.includes(layer)) === true
  );
}

/** How a window stands from one change to the next: asked again within, nothing is reckoned anew. */
interface Phase extends Span {
  /** End of the latest time that is open now. */
  openTo: EpochMs | undefined;
}

function phaseAt(repeated: Repeated, durationMs: number, at: EpochMs): Phase {
  let openTo: EpochMs | undefined;
  let next = Number.POSITIVE_INFINITY;
  for (const span of spansAfter(repeated, durationMs, at)) {
    if (span.from > at) {
      next = Math.min(next, span.from);
      break;
    }
    next = Math.min(next, span.to);
    openTo = Math.max(openTo ?? 0, span.to);
  }
  return { from: at, to: next, openTo };
}

/** The windows of one signed document, over time. Windows with a fault are left out: they mute nothing. */
export class WindowCalendar {
  readonly #windows: { window: MaintenanceWindow; repeated: Repeated; phase: Phase | undefined }[];

  constructor(windows: readonly MaintenanceWindow[]) {
    this.#windows = windows.flatMap((window) => {
      const repeated = readWindow(window);
      return typeof repeated === 'string' ? [] : [{ window, repeated, phase: undefined }];
    });
  }

  openAt(at: EpochMs): MaintenanceWindow[] {
    return this.#phases(at).flatMap(({ window, phase }) => (phase.openTo === undefined ? [] : [window]));
  }

  /** The open window that covers this; of several the one that ends last. */
  muting(about: WindowSubject, at: EpochMs): MaintenanceWindow | undefined {
    let found: { window: MaintenanceWindow; openTo: EpochMs } | undefined;
    for (const { window, phase } of this.#phases(at)) {
      const { openTo } = phase;
      if (openTo === undefined || openTo <= (found?.openTo ?? 0) || !covers(window, about)) continue;
      found = { window, openTo };
    }
    return found?.window;
  }

  /** When a window begins or ends next, after `at`; undefined: never again. */
  nextChange(at: EpochMs): EpochMs | undefined {
    const next = Math.min(...this.#phases(at).map(({ phase }) => phase.to));
    return Number.isFinite(next) ? next : undefined;
  }

  #phases(at: EpochMs): { window: MaintenanceWindow; phase: Phase }[] {
    return this.#windows.map((one) => {
      if (one.phase === undefined || at < one.phase.from || at >= one.phase.to)
        one.phase = phaseAt(one.repeated, one.window.durationMs, at);
      return { window: one.window, phase: one.phase };
    });
  }
}
