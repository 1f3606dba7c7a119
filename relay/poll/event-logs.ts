// Carries what is new in the devices' event logs, every few minutes, some devices at a time.

import type { Fact } from '#relay/collect/collector.ts';
import type { CollectorFor } from '#relay/collect/collector-list.ts';
import type { EventFilter, EventReading } from '#relay/collect/event-log.ts';
import type { SessionPool } from '#relay/transport/transport.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { Outcome } from '#shared/base/outcome.ts';
import type { EventRecord } from '#shared/model/record.ts';
import type { UnknownFact, WindowsFacts } from '#shared/model/windows-facts.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { boundedCall } from './bounded-call.ts';
import { type DeviceState, isFailing } from './device-state.ts';
import type { EventMarkStore } from './event-marks.ts';
import { shareOf } from './schedule.ts';

/**
 * Devices asked at once: a reading takes a machine two or three seconds, so that 500 devices in five minutes are five at any moment.
 * What all of them may hold in memory is 16 answers of 8 MiB at the very most.
 */
const MAX_RUNNING = 16;
const TIMEOUT_MS = 60_000;
/** A reading that was full left some behind. */
const MORE_MS = 20_000;
/** A refusal is not answered otherwise a moment later. */
const REFUSED_MS = 3_600_000;
const NEVER: ReadonlySet<string> = new Set(['denied', 'unsupported']);

export interface EventLogsDeps {
  clock: Clock;
  log: Logger;
  pool: Pick<SessionPool, 'session'>;
  collectorFor: CollectorFor;
  marks: EventMarkStore;
  filters: readonly EventFilter[];
  /** Between two readings of a device; 0 turns it off. */
  everyMs: number;
  onEvent(record: EventRecord): void;
  /** Which logs are read, and why one is not; told at each reading, so of news to whoever remembers. */
  onFact?(device: DeviceId, fact: Fact): void;
}

export class EventLogs {
  readonly #deps: EventLogsDeps;
  readonly #running = new Set<Promise<void>>();
  readonly counts = { read: 0, failed: 0, told: 0, dropped: 0 };

  constructor(deps: EventLogsDeps) {
    this.#deps = deps;
  }

  /** Begins with the device if it is due, well, and has had its first two polls. */
  maybeStart(state: DeviceState, nowMs: number): void {
    const { events } = state;
    if (this.#deps.everyMs === 0 || events.isRunning || events.dueMs > nowMs) return;
    if (isFailing(state) || state.polls < 2 || this.#running.size >= MAX_RUNNING) return;
    events.isRunning = true;
    const work = this.#read(state)
      // A spool that takes nothing: the marks stay, and what was read is read again.
      .catch((error: unknown) =>
        this.#deps.log.error({ device: state.entry.device, ...describeError(error) }, 'events not told'),
      )
      .finally(() => {
        events.isRunning = false;
        this.#running.delete(work);
      });
    this.#running.add(work);
  }

  /** Resolves when what runs has ended; the caller has aborted the devices. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running);
    this.#deps.marks.save();
  }

  save(): void {
    this.#deps.marks.save();
  }

  forget(device: DeviceId): void {
    this.#deps.marks.forget(device);
  }

  async #read(state: DeviceState): Promise<void> {
    const { clock, log, everyMs } = this.#deps;
    const { entry, gone } = state;
    const reading = await boundedCall({ clock, timeoutMs: TIMEOUT_MS, signal: gone.signal }, (signal) =>
      this.#ask(state, signal),
    );
    if (gone.signal.aborted) return;
    state.events.dueMs = clock.monotonic() + this.#waitMs(state, reading);
    if (!reading.ok) {
      this.counts.failed += 1;
      log.info({ device: entry.device, reason: reading.reason, detail: reading.detail }, 'event logs not read');
      if (NEVER.has(reading.reason)) this.#tellLogs(entry.device, { unknown: reading.reason });
    } else if (reading.value !== undefined) this.#tell(entry.device, reading.value);
    // A system without such logs is not asked again before its session tells of another one.
    else state.events.dueMs = clock.monotonic() + Math.max(everyMs, REFUSED_MS);
  }

  async #ask({ entry }: DeviceState, signal: AbortSignal): Promise<Outcome<EventReading | undefined>> {
    const { pool, collectorFor, marks, filters } = this.#deps;
    const session = await pool.session(entry, signal);
    if (!session.ok) return session;
    const collect = collectorFor(session.value.system)?.collectEvents;
    if (collect === undefined) return { ok: true, value: undefined };
    return collect(session.value, { filters, marks: marks.get(entry.device) }, signal);
  }

  /** A tenth around the mean: devices that began together drift apart. */
  #waitMs({ entry }: DeviceState, reading: Outcome<EventReading | undefined>): number {
    const { everyMs } = this.#deps;
    if (!reading.ok) return NEVER.has(reading.reason) ? REFUSED_MS : everyMs;
    if (reading.value?.hasMore === true) return Math.min(MORE_MS, everyMs);
    return everyMs * (0.9 + 0.2 * shareOf(entry.device));
  }

  /** The marks move when the spool has taken what stands before them; where it refuses, the entries are read again. */
  #tell(device: DeviceId, { entries, marks, unread }: EventReading): void {
    const { log, onEvent } = this.#deps;
    this.counts.read += 1;
    for (const entry of entries) {
      onEvent({ type: 'event', device, ...entry });
      this.counts.told += 1;
      this.counts.dropped += entry.dropped ?? 0;
    }
    this.#deps.marks.set(device, marks);
    if (unread.size > 0) log.debug({ device, unread: [...unread.keys()] }, 'some event logs were not read');
    const names = [...new Set(this.#deps.filters.map((filter) => filter.log))];
    this.#tellLogs(device, { logs: names.map((name) => ({ name, unknown: unread.get(name) ?? null })) });
  }

  /** A log that may not be read has no entries, and that is not the same as being empty. */
  #tellLogs(device: DeviceId, body: WindowsFacts['event-logs'] | UnknownFact): void {
    this.#deps.onFact?.(device, { kind: 'event-logs', body });
  }
}
