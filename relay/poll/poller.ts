// Polls the roster's devices when they are due: one turn per device at a time, slow devices in their own lane, the unreachable backed off.

import type { HotReading, Sample } from '#relay/collect/collector.ts';
import type { CollectorFor } from '#relay/collect/collector-list.ts';
import type { SessionPool } from '#relay/transport/transport.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { fail, type Outcome } from '#shared/base/outcome.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { metricByName, toStored } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { FactRecord } from '#shared/model/record.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { boundedCall } from './bounded-call.ts';
import {
  currentInterval,
  type DeviceState,
  isFailing,
  newDeviceState,
  planAfterTurn,
  skippedTurns,
} from './device-state.ts';
import type { EventLogs } from './event-logs.ts';
import type { FactLedger } from './fact-ledger.ts';
import { Inventory, type InventoryDeps } from './inventory.ts';
import { Lanes, type Place } from './lanes.ts';
import { PollMeter } from './poll-meter.ts';
import type { PollOutcome } from './poll-outcome.ts';
import { isSameReach } from './roster.ts';
import { type Attempt, afterFailure, FIRST_POLL_STEP_MS, HEALTHY, nextOnGrid, spreadOffsets } from './schedule.ts';
import type { ScriptValues } from './script-values.ts';

/** A device that took this long is slow: it gives its fast place to the next at once and begins in the slow lane next time. */
const SLOW_MS = 2_000;
/** An sshd that looks up our name in a dead DNS greets after 10 s; giving up earlier would look like a login that was not answered. */
const PROBE_TIMEOUT_MS = 12_000;
/** The loop looks this often at least, so that a new roster or boost waits no longer. */
const MAX_PAUSE_MS = 250;
/** And no more often than this: waking up costs a process more than starting the few polls that came due meanwhile. */
const MIN_PAUSE_MS = 100;
/** Boosts below this would keep a device's processor busy with us. */
const MIN_BOOST_MS = 1_000;
const LEDGER_SAVE_MS = 60_000;

export interface PollerDeps {
  clock: Clock;
  log: Logger;
  pool: Pick<SessionPool, 'session' | 'drop'>;
  collectorFor: CollectorFor;
  ledger: FactLedger;
  onPoll(record: PollRecord): void;
  onFact(record: FactRecord): void;
  /** Each fact that was read, news or not. */
  onRead?(record: FactRecord): void;
  onOutcome(outcome: PollOutcome): void;
  /** Facts that follow from others, see Inventory. */
  judge?: InventoryDeps['judge'];
  /** What scripts said of a device since its last poll. */
  scripts?: Pick<ScriptValues, 'take' | 'forget'>;
  /** Carries event logs; absent where nobody wants them. */
  events?: EventLogs;
}

export interface PollerOptions {
  /** Polls under way at once; half of them in each lane. */
  concurrency: number;
  timeoutMs: number;
  inventoryEveryMs: number;
}

/** 6 h: software and hardware change by the day, and a technician can ask at once. */
export const INVENTORY_EVERY_MS = 6 * 3_600_000;

const DURATION = metricByName('poll.duration');

export class Poller {
  readonly #deps: PollerDeps;
  readonly #options: PollerOptions;
  readonly #lanes: Lanes;
  readonly #inventory: Inventory;
  readonly #states = new Map<DeviceId, DeviceState>();
  readonly #turns = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly #meter = new PollMeter();
  readonly #counts = { polled: 0, failed: 0, skipped: 0, probes: 0, rechecks: 0 };
  #loop: Promise<void> | undefined;
  #savedMs = 0;

  constructor(deps: PollerDeps, options: PollerOptions) {
    this.#deps = deps;
    this.#options = options;
    const half = Math.max(1, Math.floor(options.concurrency / 2));
    this.#lanes = new Lanes({ fast: half, slow: half });
    this.#inventory = new Inventory({ ...deps, everyMs: options.inventoryEveryMs });
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Ends what runs, within the second or two that a transport gets to let go. */
  async stop(): Promise<void> {
    this.#stop.abort();
    for (const { gone } of this.#states.values()) gone.abort();
    await Promise.allSettled([...this.#turns, this.#inventory.settled(), this.#deps.events?.settled(), this.#loop]);
    this.#deps.ledger.save();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Takes the whole roster; what stays the same is not disturbed. */
  setRoster(devices: readonly RosterEntry[]): void {
    const now = this.#deps.clock.monotonic();
    const offsets = spreadOffsets(devices);
    const wanted = new Set(devices.map(({ device }) => device));
    for (const [device, state] of this.#states) if (!wanted.has(device)) this.#remove(device, state);
    let fresh = 0;
    for (const entry of devices) {
      const offsetMs = offsets.get(entry.device) ?? 0;
      const state = this.#states.get(entry.device);
      if (state !== undefined && isSameReach(state.entry, entry)) this.#update(state, entry, offsetMs, now);
      else {
        if (state !== undefined) this.#leave(state);
        this.#states.set(entry.device, newDeviceState(entry, offsetMs, now + fresh * FIRST_POLL_STEP_MS));
        fresh += 1;
      }
    }
  }

  /** Somebody looks at these devices: polls them every `intervalMs` for `forMs`. */
  boost(devices: readonly DeviceId[], intervalMs: number, forMs: number): void {
    const now = this.#deps.clock.monotonic();
    for (const device of devices) {
      const state = this.#states.get(device);
      if (state === undefined) continue;
      state.boost = { intervalMs: Math.max(intervalMs, MIN_BOOST_MS), untilMs: now + forMs };
      if (isFailing(state) || state.isRunning) continue;
      state.plan.dueMs = Math.min(state.plan.dueMs, nextOnGrid(state.offsetMs, currentInterval(state, now), now));
    }
  }

  /** A full attempt as soon as a lane is free, whatever failed before: an identity was accepted, a credential replaced. */
  pollNow(device: DeviceId): void {
    const state = this.#states.get(device);
    if (state === undefined) return;
    if (state.isRunning) state.isWanted = true;
    else state.plan = { dueMs: this.#deps.clock.monotonic(), attempt: 'poll' };
  }

  /** All that there is to know of it, read now; how many facts it has. */
  async readInventory(device: DeviceId, signal: AbortSignal): Promise<Outcome<number>> {
    const state = this.#states.get(device);
    if (state === undefined) return fail('unsupported', 'this relay does not watch that device');
    return await this.#inventory.readNow(state, signal);
  }

  stats() {
    const states = [...this.#states.values()];
    const now = this.#deps.clock.monotonic();
    return {
      ...this.#counts,
      ...this.#meter.read(now),
      /** Their turn has come, and no place is free. */
      due: states.filter(({ isRunning, plan }) => !isRunning && plan.dueMs <= now).length,
      devices: states.length,
      failing: states.filter(isFailing).length,
      fast: this.#lanes.inside('fast'),
      slow: this.#lanes.inside('slow'),
      inventory: { ...this.#inventory.counts },
      events: this.#deps.events === undefined ? undefined : { ...this.#deps.events.counts },
    };
  }

  async #run(): Promise<void> {
    const { clock, ledger } = this.#deps;
    while (!this.#stop.signal.aborted) {
      this.#startDue();
      if (clock.monotonic() - this.#savedMs >= LEDGER_SAVE_MS) {
        ledger.save();
        this.#deps.events?.save();
        this.#savedMs = clock.monotonic();
      }
      await clock.sleep(this.#pauseMs(), this.#stop.signal).catch(() => undefined); // stopped: the condition ends the loop
    }
  }

  #pauseMs(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const { plan, isRunning } of this.#states.values()) if (!isRunning) first = Math.min(first, plan.dueMs);
    return Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, first - this.#deps.clock.monotonic()));
  }

  /** Who waits longest goes first; who finds its lane full stays due. */
  #startDue(): void {
    if (this.#stop.signal.aborted) return;
    const now = this.#deps.clock.monotonic();
    const due: DeviceState[] = [];
    for (const state of this.#states.values()) {
      if (!state.isRunning && state.plan.dueMs <= now) due.push(state);
      this.#inventory.maybeStart(state, now);
      this.#deps.events?.maybeStart(state, now);
    }
    for (const state of due.sort((a, b) => a.plan.dueMs - b.plan.dueMs)) {
      const place = this.#lanes.enter(state.isSlow || isFailing(state) ? 'slow' : 'fast');
      if (place !== undefined) this.#begin(state, place);
    }
  }

  #begin(state: DeviceState, place: Place): void {
    state.isRunning = true;
    const ended = new AbortController();
    this.#deps.clock.sleep(SLOW_MS, ended.signal).then(
      () => {
        place.moveToSlow();
        this.#startDue();
      },
      () => undefined, // ended in time
    );
    const turn = this.#turn(state)
      // A room to the right that fails (a full spool) costs this device one poll, and no other device anything.
      .catch((error: unknown) =>
        this.#deps.log.error({ device: state.entry.device, ...describeError(error) }, 'poll lost'),
      )
      .finally(() => {
        ended.abort();
        place.leave();
        state.isRunning = false;
        this.#turns.delete(turn);
        this.#startDue();
      });
    this.#turns.add(turn);
  }

  async #turn(state: DeviceState): Promise<void> {
    const { clock } = this.#deps;
    const startedMs = clock.monotonic();
    const { attempt, dueMs } = state.plan;
    const lagMs = Math.max(0, startedMs - dueMs);
    if (attempt === 'poll') this.#meter.began(startedMs, lagMs);
    const reading = await this.#attempt(state, attempt);
    if (state.gone.signal.aborted) return;
    const now = clock.monotonic();
    const turn = { startedMs, durationMs: now - startedMs, lagMs };
    try {
      if (reading !== undefined) this.#settle(state, reading, turn);
    } finally {
      this.#counts.skipped += skippedTurns(state, startedMs, now);
      state.plan = state.isWanted ? { dueMs: now, attempt: 'poll' } : planAfterTurn(state, startedMs, now);
      state.isWanted = false;
    }
  }

  /** Undefined: a probe that found nobody, which is no news. */
  async #attempt(state: DeviceState, attempt: Attempt): Promise<Outcome<HotReading> | undefined> {
    const { clock, pool } = this.#deps;
    const { entry, gone } = state;
    if (attempt !== 'poll') {
      this.#counts[attempt === 'probe' ? 'probes' : 'rechecks'] += 1;
      const bounds = { clock, timeoutMs: PROBE_TIMEOUT_MS, signal: gone.signal };
      const session = await boundedCall(bounds, (signal) => pool.session(entry, signal));
      if (!session.ok) return attempt === 'probe' ? undefined : session;
    }
    const bounds = { clock, timeoutMs: this.#options.timeoutMs, signal: gone.signal };
    return boundedCall(bounds, (signal) => this.#readHot(entry, signal));
  }

  async #readHot(entry: RosterEntry, signal: AbortSignal): Promise<Outcome<HotReading>> {
    const session = await this.#deps.pool.session(entry, signal);
    if (!session.ok) return session;
    const collector = this.#deps.collectorFor(session.value.system);
    if (collector === undefined) return fail('unsupported', `no collector for the system "${session.value.system}"`);
    return collector.collectHot(session.value, signal);
  }

  #settle(
    state: DeviceState,
    reading: Outcome<HotReading>,
    turn: { startedMs: number; durationMs: number; lagMs: number },
  ): void {
    const { clock, pool, onPoll, onOutcome, log } = this.#deps;
    const { device, intervalMs } = state.entry;
    const at = clock.now();
    const told = { device, at, durationMs: turn.durationMs, lagMs: turn.lagMs };
    if (!reading.ok) {
      this.#counts.failed += 1;
      state.health = afterFailure(state.health, reading.reason, turn.startedMs, intervalMs);
      // What a timed-out script left on the channel is nobody's next answer.
      if (reading.reason === 'timed-out') pool.drop(device);
      onOutcome({ ...told, ok: false, reason: reading.reason, detail: reading.detail });
      return;
    }
    this.#counts.polled += 1;
    state.health = HEALTHY;
    state.polls += 1;
    state.isSlow = turn.durationMs > SLOW_MS;
    const { samples, wallClockMs, notices } = reading.value;
    if (notices.length > 0) log.debug({ device, notices }, 'reading cut to its bounds');
    const scripted = this.#scripted(state.entry, samples.length);
    onPoll(withDuration(this.#record(state, at, [...samples, ...scripted]), turn.durationMs));
    onOutcome({ ...told, ok: true, clockSkewMs: wallClockMs === undefined ? undefined : wallClockMs - at });
  }

  /** What does not fit is left out, and that is said when its number changes. */
  #record({ entry, columns }: DeviceState, at: number, samples: readonly Sample[]): PollRecord {
    const before = columns.leftOut;
    const record = columns.record(at, samples);
    const { leftOut } = columns;
    if (leftOut > 0 && leftOut !== before)
      this.#deps.log.warn(
        { device: entry.device, name: entry.name, leftOut, kept: record.series.length },
        'the device has too many series: the last ones were left out',
      );
    return record;
  }

  #scripted({ device, name }: RosterEntry, others: number): readonly Sample[] {
    const { scripts, log } = this.#deps;
    const { samples, refused } = scripts?.take(device, others) ?? { samples: [], refused: [] };
    if (refused.length > 0)
      log.warn(
        { device, name, series: refused.slice(0, 10) },
        'the device has too many series: those of scripts were left out',
      );
    return samples;
  }

  #update(state: DeviceState, entry: RosterEntry, offsetMs: number, now: number): void {
    const isMoved = state.entry.intervalMs !== entry.intervalMs;
    state.entry = entry;
    state.offsetMs = offsetMs;
    if (isMoved && !isFailing(state) && state.polls > 1) {
      state.plan = { dueMs: nextOnGrid(offsetMs, entry.intervalMs, now), attempt: 'poll' };
    }
  }

  #remove(device: DeviceId, state: DeviceState): void {
    this.#leave(state);
    this.#states.delete(device);
    this.#deps.scripts?.forget(device);
    this.#deps.ledger.forget(device);
    this.#deps.events?.forget(device);
  }

  #leave(state: DeviceState): void {
    state.gone.abort();
    this.#deps.pool.drop(state.entry.device);
  }
}

/** The record with the poll's own duration, which no collector can know. */
function withDuration(record: PollRecord, durationMs: number): PollRecord {
  const column = record.series.findIndex(({ metric }) => metric === DURATION?.id);
  if (DURATION === undefined || column < 0) return record;
  return { ...record, values: record.values.with(column, toStored(DURATION, durationMs)) };
}
