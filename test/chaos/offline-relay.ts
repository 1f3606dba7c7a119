// One relay of the offline run without its devices: the real spool, filled with hours of polls, and the real link to the console.
import path from 'node:path';
import { IdentityStore, linkTls, linkUrl } from '#relay/pin/identity.ts';
import { DurableSpool } from '#relay/spool/durable-spool.ts';
import { dialConsole } from '#relay/uplink/dial-console.ts';
import { Uplink } from '#relay/uplink/uplink.ts';
import { type Clock, type EpochMs, systemClock } from '#shared/base/clock.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { Ballast } from '#shared/runtime/ballast.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { syntheticDevice, syntheticPolls } from '#test/fixtures/synthetic-polls.ts';

export interface OfflineRelayOptions {
  folder: string;
  index: number;
  devices: number;
  series: number;
  /** Of each device while headquarters are up. */
  liveIntervalMs: number;
}

/** A batch of live samples was committed. */
export interface LiveBatch {
  relay: number;
  seq: number;
  /** When its first sample was taken. */
  oldestAt: EpochMs;
}

/** Of each device during the outage, as most sites poll. */
const INTERVAL_MS = 60_000;

export class OfflineRelay {
  readonly #options: OfflineRelayOptions;
  readonly #onLive: (batch: LiveBatch) => void;
  readonly #waiting: EpochMs[] = [];
  #spool: DurableSpool | undefined;
  #uplink: Uplink | undefined;
  #polls: Iterator<PollRecord> | undefined;
  #next: PollRecord | undefined;
  /** Samples made, backlog and live. */
  made = 0;

  constructor(options: OfflineRelayOptions, onLive: (batch: LiveBatch) => void) {
    this.#options = options;
    this.#onLive = onLive;
  }

  /** Lives through the hours up to `to` without a console, in seconds: all goes to lane 3 as it does in a real outage. */
  async fill(from: EpochMs, to: EpochMs): Promise<void> {
    const clock = new DrivenClock(from);
    // The fill is no run of power cuts: without the syncs 100,000 commits take seconds instead of ten minutes.
    const spool = this.#open(clock, { synchronous: 'NORMAL' });
    for (const poll of this.#pollsOf(from, to, INTERVAL_MS)) {
      await clock.moveTo(poll.at);
      spool.addPoll(poll);
      this.made += poll.values.length;
    }
    await spool.stop();
  }

  /** Greets the console and delivers; `tick` makes what is due. */
  start(): void {
    const identity = new IdentityStore(this.#options.folder);
    const { enrolment } = identity;
    if (enrolment === undefined) throw new Error(`${this.#options.folder}: not enrolled`);
    this.#spool = this.#open(systemClock);
    const now = systemClock.now();
    this.#polls = this.#pollsOf(now, now + 86_400_000, this.#options.liveIntervalMs);
    this.#uplink = new Uplink({
      clock: systemClock,
      random: Math.random,
      spool: this.#spool,
      log: silentLogger,
      dial: dialConsole({ url: () => linkUrl(enrolment), tls: () => linkTls(identity), env: {} }),
      facts: () => ({ version: '0.1.0', hostname: 'offline', rosterVersion: 0, charterVersion: 1 }),
      callbacks: {
        onRoster: () => undefined,
        onCharter: () => undefined,
        onCommand: () => undefined,
        onLive: () => undefined,
        onProbe: () => undefined,
        onFreeze: () => undefined,
        onCredential: () => undefined,
        onStanding: () => undefined,
        onWatch: () => undefined,
        onCheckpoint: () => undefined,
        onHistory: () => undefined,
        onRenewAnswer: () => undefined,
      },
    });
    this.#uplink.start();
    this.#listen(this.#spool);
  }

  /** Polls that are due by now; returns their samples. */
  tick(): number {
    let samples = 0;
    const now = systemClock.now();
    for (this.#next ??= this.#pull(); this.#next !== undefined && this.#next.at <= now; this.#next = this.#pull()) {
      this.#waiting.push(this.#next.at);
      samples += this.#next.values.length;
      this.#spool?.addPoll(this.#next);
    }
    this.made += samples;
    return samples;
  }

  flush(): void {
    this.#spool?.flush();
  }

  async stop(): Promise<void> {
    await this.#uplink?.stop();
    await this.#spool?.stop();
  }

  #open(clock: Clock, faults?: { synchronous: 'NORMAL' }): DurableSpool {
    const { folder } = this.#options;
    return new DurableSpool({
      file: path.join(folder, 'spool.db'),
      clock,
      ballast: new Ballast(path.join(folder, 'ballast'), { sizeBytes: 4_096, freeBytes: () => 1e12 }),
      ...(faults === undefined ? {} : { faults }),
    });
  }

  #pull(): PollRecord | undefined {
    const next = this.#polls?.next();
    return next?.done === false ? next.value : undefined;
  }

  *#pollsOf(from: EpochMs, to: EpochMs, intervalMs: number): Generator<PollRecord> {
    const { index, devices, series } = this.#options;
    const ids = Array.from({ length: devices }, (_, n) => syntheticDevice(1_000 * (index + 1) + n));
    const numbers = new Map(ids.map((_, n) => [syntheticDevice(n), n]));
    for (const poll of syntheticPolls({ devices, series, from, to, intervalMs, seed: index + 1 })) {
      yield { ...poll, device: ids[numbers.get(poll.device) ?? 0] ?? poll.device };
    }
  }

  /** Hears of each commit beside the link itself. */
  #listen(spool: DurableSpool): void {
    const inner = spool.onWritten;
    spool.onWritten = (lane) => {
      if (lane >= 2) this.#wrote(spool, lane);
      inner?.(lane);
    };
  }

  #wrote(spool: DurableSpool, lane: number): void {
    const [oldestAt] = this.#waiting.splice(0);
    const seq = (spool.lanes()[lane]?.next ?? 1) - 1;
    // Before the link is up fresh samples are backlog too.
    if (lane === 2 && oldestAt !== undefined) this.#onLive({ relay: this.#options.index, seq, oldestAt });
  }
}

/** Time as the polls tell it: a sleep ends when they have come so far. */
class DrivenClock implements Clock {
  #at: EpochMs;
  #sleepers: Array<{ due: EpochMs; wake: () => void }> = [];

  constructor(at: EpochMs) {
    this.#at = at;
  }

  async moveTo(at: EpochMs): Promise<void> {
    this.#at = at;
    const due = this.#sleepers.filter((sleeper) => sleeper.due <= at);
    if (due.length === 0) return;
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.due > at);
    for (const { wake } of due) wake();
    // What slept runs before the next poll comes.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }

  now(): EpochMs {
    return this.#at;
  }

  monotonic(): number {
    return this.#at;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = () => reject(signal?.reason);
      const wake = () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#sleepers.push({ due: this.#at + ms, wake });
    });
  }
}
