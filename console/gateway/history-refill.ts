// Fills hours that the console lacks from what relays keep: after a link came up and every hour, newest days first, and never in a hurry.
import type { Claim, HourChunks } from '#console/metrics/keep-part.ts';
import { type Clock, HOUR_MS, hourOf } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import { MAX_HISTORY_HOURS } from '#shared/protocol/history.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { HistoryDesk } from './history-desk.ts';
import { ANSWER_MS, hourChunks } from './hour-chunks.ts';

/** A relay seals three minutes after the hour, the console ten at the latest: before both have, there is nothing to compare. */
const SETTLE_MS = 1_200_000;
/** Hours with frames that wait here come from their journal; a link that comes up brings more of them for a while. */
const AFTER_OPEN_MS = 30_000;
const AGAIN_MS = HOUR_MS;
/** After a failure: a link that broke, a disk that was full. */
const RETRY_MS = 120_000;
const LOOK_MS = 2_000;
/** While the console is busy with what is live. */
const STAND_BACK_MS = 500;
/** Batches of samples that the relay has beyond what is here: more than these, and the spool is still coming. */
const CAUGHT_UP_BATCHES = 32;
const DAY_HOURS = 24;
/** Relays at a time: they share one worker, but a slow line must not hold up the others. */
const AT_ONCE = 4;

export interface RefillProgress {
  state: 'waiting' | 'comparing' | 'filling' | 'failed';
  /** Of the run that is on, or of the last one. */
  hoursLeft: number;
  hoursFilled: number;
  samplesFilled: number;
  lastEndedAt: number | null;
}

export interface RefillDeps {
  clock: Clock;
  log: Logger;
  desk: Pick<HistoryDesk, 'ask' | 'canAsk'>;
  /** Batches of samples that the relay has and the console has not; undefined while it is not linked. */
  backlogOf: (relay: RelayId) => number | undefined;
  /** Hours of the relay whose frames are not sealed yet. */
  openHours: (relay: RelayId) => Promise<ReadonlySet<number>>;
  /** What is kept of the relay here, `from` <= hour < `to`. */
  coverage: (relay: RelayId, from: number, to: number) => Promise<ReadonlyMap<number, Claim>>;
  /** Resolves with the samples that were new, once they are on disk. */
  keep: (part: HourChunks) => Promise<number>;
  /** A relay is believed only about devices of its own site. */
  isOfSite: (device: DeviceId, site: SiteId) => boolean;
  /** Days for which raw values are kept here. */
  rawDays: () => number;
  isBusy: () => boolean;
}

interface Known {
  site: SiteId;
  /** By the monotonic clock. */
  dueAt: number;
  progress: RefillProgress;
}

export class HistoryRefill {
  readonly #deps: RefillDeps;
  readonly #relays = new Map<RelayId, Known>();
  readonly #total = { hours: 0, samples: 0 };

  constructor(deps: RefillDeps) {
    this.#deps = deps;
  }

  /** The relay's link came up. */
  welcome(relay: RelayId, site: SiteId): void {
    const progress = this.#relays.get(relay)?.progress ?? fresh();
    this.#relays.set(relay, { site, dueAt: this.#deps.clock.monotonic() + AFTER_OPEN_MS, progress });
  }

  forget(relay: RelayId): void {
    const known = this.#relays.get(relay);
    if (known !== undefined) known.dueAt = Number.POSITIVE_INFINITY;
  }

  /** Over all relays: hours that are still to come, and what came since the start. */
  stats(): { historyHoursLeft: number; historyHours: number; historySamples: number } {
    let left = 0;
    for (const { progress } of this.#relays.values()) left += progress.hoursLeft;
    return { historyHoursLeft: left, historyHours: this.#total.hours, historySamples: this.#total.samples };
  }

  /** Undefined for a relay that was never linked in this run. */
  progress(relay: RelayId): RefillProgress | undefined {
    return this.#relays.get(relay)?.progress;
  }

  /** Until the signal aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const running = new Map<RelayId, Promise<void>>();
    while (!signal.aborted) {
      await this.#deps.clock.sleep(LOOK_MS, signal).catch(() => undefined); // stopping
      for (const [relay, known] of this.#relays) {
        const isDue = known.dueAt <= this.#deps.clock.monotonic();
        if (!isDue || signal.aborted || running.size >= AT_ONCE || running.has(relay)) continue;
        running.set(
          relay,
          this.#look(relay, known, signal).finally(() => running.delete(relay)),
        );
      }
    }
    await Promise.all(running.values());
  }

  async #look(relay: RelayId, known: Known, signal: AbortSignal): Promise<void> {
    const { clock, log, desk, backlogOf } = this.#deps;
    if (!desk.canAsk(relay) || (backlogOf(relay) ?? Number.POSITIVE_INFINITY) > CAUGHT_UP_BATCHES) {
      known.dueAt = clock.monotonic() + AFTER_OPEN_MS;
      return;
    }
    try {
      // Set before: who is welcomed anew meanwhile is due earlier again.
      known.dueAt = clock.monotonic() + AGAIN_MS;
      await this.#fill(relay, known, signal);
      known.progress = { ...known.progress, state: 'waiting', lastEndedAt: clock.now() };
    } catch (error) {
      if (signal.aborted) return;
      known.dueAt = clock.monotonic() + RETRY_MS;
      known.progress = { ...known.progress, state: 'failed' };
      log.warn(
        { relay, ...describeError(error) },
        'the history of a relay could not be taken; the next try is in two minutes',
      );
    }
  }

  async #fill(relay: RelayId, known: Known, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#deps;
    known.progress = { ...known.progress, state: 'comparing', hoursLeft: 0, hoursFilled: 0, samplesFilled: 0 };
    const gaps = await this.#gaps(relay, signal);
    if (gaps.length === 0) return;
    log.info({ relay, hours: gaps.length }, 'hours that are missing here are taken from the relay');
    known.progress = { ...known.progress, state: 'filling', hoursLeft: gaps.length };
    const begin = clock.monotonic();
    for (const gap of gaps) {
      const samples = await this.#fillHour({ relay, site: known.site, ...gap }, signal);
      this.#total.hours += 1;
      this.#total.samples += samples;
      const { hoursLeft, hoursFilled, samplesFilled } = known.progress;
      known.progress = {
        ...known.progress,
        hoursLeft: hoursLeft - 1,
        hoursFilled: hoursFilled + 1,
        samplesFilled: samplesFilled + samples,
      };
    }
    const { hoursFilled, samplesFilled } = known.progress;
    const seconds = Math.round((clock.monotonic() - begin) / 1_000);
    log.info({ relay, hours: hoursFilled, samples: samplesFilled, seconds }, 'the missing hours are here');
  }

  /** Newest days first; the hours of a day as they were, so that each counter knows where the hour before ended. */
  async #gaps(relay: RelayId, signal: AbortSignal): Promise<Gap[]> {
    const { clock, desk, coverage, openHours, rawDays } = this.#deps;
    const to = hourOf(clock.now() - SETTLE_MS);
    // The oldest day of the retention is about to go.
    const from = Math.max(to - MAX_HISTORY_HOURS, hourOf(clock.now()) - (rawDays() - 1) * DAY_HOURS);
    if (from >= to) return [];
    const { hours } = await desk.ask(relay, { kind: 'coverage', from, to }, { timeoutMs: ANSWER_MS, signal });
    const [own, open] = [await coverage(relay, from, to), await openHours(relay)];
    const lacking = new Map<number, Gap>();
    for (const { hour, devices, samples } of hours) {
      if (hour < from || hour >= to || open.has(hour)) continue;
      if ((own.get(hour)?.samples ?? 0) < samples) lacking.set(hour, { hour, claim: { devices, samples } });
    }
    const dayOf = ({ hour }: Gap) => Math.floor(hour / DAY_HOURS);
    return [...lacking.values()].sort((a, b) => dayOf(b) - dayOf(a) || a.hour - b.hour);
  }

  async #fillHour(ask: HourAsk, signal: AbortSignal): Promise<number> {
    const { desk, keep, isOfSite } = this.#deps;
    const { relay, site, hour, claim } = ask;
    let samples = 0;
    for await (const { series, chunks, isFirst, isLast } of hourChunks(desk, ask, signal)) {
      await this.#standBack(signal);
      const own = chunks.filter(({ device }) => isOfSite(device, site));
      samples += await keep({ relay, site, hour, series, chunks: own, isFirst, claim: isLast ? claim : undefined });
    }
    return samples;
  }

  async #standBack(signal: AbortSignal): Promise<void> {
    while (this.#deps.isBusy()) await this.#deps.clock.sleep(STAND_BACK_MS, signal);
    signal.throwIfAborted();
  }
}

interface Gap {
  hour: number;
  claim: Claim;
}

interface HourAsk extends Gap {
  relay: RelayId;
  site: SiteId;
}

const fresh = (): RefillProgress => ({
  state: 'waiting',
  hoursLeft: 0,
  hoursFilled: 0,
  samplesFilled: 0,
  lastEndedAt: null,
});
