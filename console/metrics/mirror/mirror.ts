// One mirror: takes its sealed hours from the queue, oldest first, and tells them to its sink, at least once, with patience.
import { setImmediate as pause } from 'node:timers/promises';
import type { Store } from '#console/store/database.ts';
import { backoffMs } from '#shared/base/backoff.ts';
import { type Clock, HOUR_MS, hourOf } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { MetricSink, MirrorBatch } from './metric-sink.ts';
import { batchesOf, type DeviceLabels } from './mirror-batches.ts';
import type { MirrorRepository, QueuedHour } from './mirror-repository.ts';
import type { SealedHours } from './sealed-hours.ts';

/** Devices read at once: 32 of 40 series are 77,000 samples, 1.2 MB on their way from the worker. */
const DEVICES_AT_ONCE = 32;
/** Without news from a sealer it looks again after this: what was queued before a restart, or by another console. */
const IDLE_MS = 60_000;
/** A server that restarts is asked again within seconds, one that is away for hours every five minutes. */
const BACKOFF = { baseMs: 1_000, capMs: 300_000 } as const;
/** Of one sort of trouble, one line of log in this time. */
const TELL_MS = 600_000;

export interface MirrorRules {
  /** Of the target's configuration: labels that stand in every series. */
  labels: Readonly<Record<string, string>>;
  /** Hours older than this are given up: the backlog of a place that is away has a bound. */
  maxLagHours: number;
  /** Series of one site and hour; devices beyond are left out and told. */
  maxSeries: number;
}

interface MirrorDeps {
  store: Pick<Store, 'db' | 'transaction'>;
  queue: MirrorRepository;
  sealed: SealedHours;
  sink: MetricSink;
  rules: MirrorRules;
  /** Undefined for a device that is removed. */
  describe: (device: DeviceId) => DeviceLabels | undefined;
  clock: Clock;
  random: () => number;
  log: Logger;
}

export interface MirrorStats {
  target: string;
  sentSamples: number;
  sentBatches: number;
  /** Samples the other side will never take. */
  refusedSamples: number;
  /** Attempts that are made again. */
  retries: number;
  /** Hours of sites that grew too old before they could be told. */
  givenUpHours: number;
  /** Series beyond the bound. */
  leftOutSeries: number;
  damagedDevices: number;
  waitingHours: number;
  /** How old the oldest hour is that waits, counted from its end; 0 when none waits. */
  lagMs: number;
}

type Counts = Omit<MirrorStats, 'target' | 'waitingHours' | 'lagMs'>;

export class Mirror {
  readonly #deps: MirrorDeps;
  readonly #counts: Counts = {
    sentSamples: 0,
    sentBatches: 0,
    refusedSamples: 0,
    retries: 0,
    givenUpHours: 0,
    leftOutSeries: 0,
    damagedDevices: 0,
  };
  readonly #toldAt = new Map<string, number>();
  #wake: () => void = () => undefined;
  #waiting: { hours: number; oldest: number | undefined } = { hours: 0, oldest: undefined };

  constructor(deps: MirrorDeps) {
    this.#deps = deps;
  }

  get name(): string {
    return this.#deps.sink.name;
  }

  wake(): void {
    this.#wake();
  }

  stats(): MirrorStats {
    const { hours, oldest } = this.#waiting;
    const lagMs = oldest === undefined ? 0 : Math.max(0, this.#deps.clock.now() - (oldest + 1) * HOUR_MS);
    return { target: this.name, ...this.#counts, waitingHours: hours, lagMs };
  }

  /** Ends when the signal does; whatever goes wrong is waited out. */
  async run(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; ) {
      try {
        const worked = await this.#once(signal);
        attempt = 0;
        if (!worked) await this.#idle(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#tell('broke', describeError(error), 'a mirror could not read or queue; it tries again');
        await this.#sleep(backoffMs(attempt, { ...BACKOFF, random: this.#deps.random }), signal);
        attempt += 1;
      }
    }
  }

  /** One hour of one site; false when none waits. */
  async #once(signal: AbortSignal): Promise<boolean> {
    const { store, queue } = this.#deps;
    await this.#giveUpOld();
    const hour = await queue.next(store.db, this.name);
    this.#waiting = await queue.waiting(store.db, this.name);
    if (hour === undefined) return false;
    await this.#hour(hour, signal);
    await store.transaction((tx) => queue.done(tx, this.name, hour));
    return true;
  }

  async #giveUpOld(): Promise<void> {
    const { store, queue, clock, rules } = this.#deps;
    const before = hourOf(clock.now()) - rules.maxLagHours;
    const { oldest } = await queue.waiting(store.db, this.name);
    if (oldest === undefined || oldest >= before) return;
    const given = await store.transaction((tx) => queue.giveUp(tx, this.name, before));
    this.#counts.givenUpHours += given;
    const why = 'hours of sites were not mirrored in time and never will be';
    this.#tell('given-up', { hours: given, maxLagHours: rules.maxLagHours }, why);
  }

  async #hour({ site, hour }: QueuedHour, signal: AbortSignal): Promise<void> {
    const { sealed, rules, describe } = this.#deps;
    let [after, series]: [DeviceId | undefined, number] = [undefined, 0];
    do {
      const page = await sealed({ site, hour, after, devices: DEVICES_AT_ONCE }, signal);
      this.#damaged(page.damaged, hour);
      const fitting = page.found.filter((one) => {
        series += one.series.length;
        if (series > rules.maxSeries) this.#leftOut(site, one.series.length);
        return series <= rules.maxSeries;
      });
      for (const batch of batchesOf(fitting, { describe, own: rules.labels })) {
        await this.#send(batch, { site, hour }, signal);
        await pause();
      }
      after = page.next;
    } while (after !== undefined);
  }

  /** Until it is taken or refused. While it waits the hour may grow too old: the next one then is another. */
  async #send(batch: MirrorBatch, of: { site: SiteId; hour: number }, signal: AbortSignal): Promise<void> {
    const { sink, clock, random, rules } = this.#deps;
    for (let attempt = 0; ; attempt += 1) {
      const answer = await sink.send(batch, signal);
      if (answer.type === 'taken') {
        this.#counts.sentSamples += batch.samples;
        this.#counts.sentBatches += 1;
        return;
      }
      if (answer.type === 'refused') {
        this.#counts.refusedSamples += batch.samples;
        const why = 'the receiver of a mirror refused samples; they are not sent again';
        this.#tell('refused', { ...of, samples: batch.samples, detail: answer.detail }, why);
        return;
      }
      this.#counts.retries += 1;
      this.#tell(
        'later',
        { ...of, detail: answer.detail },
        'the receiver of a mirror takes nothing now; it is asked again',
      );
      await this.#sleep(Math.max(answer.waitMs ?? 0, backoffMs(attempt, { ...BACKOFF, random })), signal);
      signal.throwIfAborted();
      // The queue's own rule; the rest of the hour would be told in vain.
      if (of.hour < hourOf(clock.now()) - rules.maxLagHours) return;
    }
  }

  #damaged(devices: readonly DeviceId[], hour: number): void {
    if (devices.length === 0) return;
    this.#counts.damagedDevices += devices.length;
    this.#tell(
      'damaged',
      { hour, devices: devices.slice(0, 10) },
      'sealed hours are damaged on the disk and not mirrored',
    );
  }

  #leftOut(site: SiteId, series: number): void {
    this.#counts.leftOutSeries += series;
    this.#tell(
      'left-out',
      { site, maxSeries: this.#deps.rules.maxSeries },
      'a site has more series than a mirror may be told',
    );
  }

  /** The first of a sort at once, then one line in ten minutes; the counters count all of them. */
  #tell(sort: string, fields: object, message: string): void {
    const now = this.#deps.clock.monotonic();
    const before = this.#toldAt.get(sort);
    if (before !== undefined && now - before < TELL_MS) return;
    this.#toldAt.set(sort, now);
    this.#deps.log.warn({ target: this.name, ...fields }, message);
  }

  async #idle(signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await this.#sleep(IDLE_MS, AbortSignal.any([signal, woken.signal]));
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    await this.#deps.clock.sleep(ms, signal).catch(() => undefined); // only the signal rejects a sleep
  }
}
