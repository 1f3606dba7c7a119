// The cold tier: a device's inventory at first contact and every few hours, few devices at a time, and only news goes on.

import type { ColdReading, Fact } from '#relay/collect/collector.ts';
import type { CollectorFor } from '#relay/collect/collector-list.ts';
import type { SessionPool } from '#relay/transport/transport.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { DeviceSystem } from '#shared/model/device.ts';
import type { FactRecord } from '#shared/model/record.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { boundedCall } from './bounded-call.ts';
import type { DeviceState } from './device-state.ts';
import { isFailing } from './device-state.ts';
import type { FactLedger } from './fact-ledger.ts';
import { factRecord } from './fact-record.ts';
import { shareOf } from './schedule.ts';

/** Devices asked at once: a package list costs a device half a second of processor, a site should not do that in chorus. */
const MAX_RUNNING = 4;
/** Scripts end themselves before that; a Windows machine is asked fifty questions, the update agent among them. */
const TIMEOUT_MS = 240_000;
/** After a failure, so that a busy device is asked again the same morning. */
const RETRY_MS = 1_800_000;

export interface InventoryDeps {
  clock: Clock;
  log: Logger;
  pool: Pick<SessionPool, 'session'>;
  collectorFor: CollectorFor;
  ledger: FactLedger;
  onFact(record: FactRecord): void;
  /** Each fact that was read, news or not, after `onFact`. */
  onRead?(record: FactRecord): void;
  /** Facts that follow from those of a reading and from what this relay was told to look for. */
  judge?: ((system: DeviceSystem, facts: readonly Fact[]) => readonly Fact[]) | undefined;
  /** Mean time between two readings of a device; 0 turns the inventory off. */
  everyMs: number;
}

export class Inventory {
  readonly #deps: InventoryDeps;
  readonly #running = new Set<Promise<unknown>>();
  readonly counts = { read: 0, failed: 0, facts: 0, unchanged: 0 };

  constructor(deps: InventoryDeps) {
    this.#deps = deps;
  }

  /** Begins with the device if it is due, well, and has had its first two polls. */
  maybeStart(state: DeviceState, nowMs: number): void {
    const { inventory } = state;
    if (this.#deps.everyMs === 0 || inventory.isRunning || inventory.dueMs > nowMs) return;
    if (isFailing(state) || state.polls < 2 || this.#running.size >= MAX_RUNNING) return;
    inventory.isRunning = true;
    void this.#keep(state, this.#read(state));
  }

  /** Somebody asked for it: now, whatever it is due; how many facts it has. */
  async readNow(state: DeviceState, signal: AbortSignal): Promise<Outcome<number>> {
    const { inventory, entry } = state;
    if (inventory.isRunning) return fail('refused', `${entry.name}: its inventory is being read just now`);
    inventory.isRunning = true;
    return await this.#keep(state, this.#read(state, signal));
  }

  #keep(state: DeviceState, reading: Promise<Outcome<number>>): Promise<Outcome<number>> {
    const work = reading.finally(() => {
      state.inventory.isRunning = false;
      this.#running.delete(work);
    });
    this.#running.add(work);
    return work;
  }

  /** Resolves when what runs has ended; the caller has aborted the devices. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  async #read(state: DeviceState, wish?: AbortSignal): Promise<Outcome<number>> {
    const { clock, log, pool, collectorFor, judge, everyMs } = this.#deps;
    const { entry, gone } = state;
    const reading = await boundedCall(
      { clock, timeoutMs: TIMEOUT_MS, signal: wish === undefined ? gone.signal : AbortSignal.any([gone.signal, wish]) },
      async (signal): Promise<Outcome<ColdReading>> => {
        const session = await pool.session(entry, signal);
        if (!session.ok) return session;
        const collector = collectorFor(session.value.system);
        if (collector === undefined) return succeed({ facts: [] });
        const read = await collector.collectCold(session.value, signal);
        if (!read.ok) return read;
        const { facts } = read.value;
        return succeed({ facts: [...facts, ...(judge?.(session.value.system, facts) ?? [])] });
      },
    );
    if (gone.signal.aborted) return fail('cancelled', `${entry.name}: the device left this relay`);
    // A tenth around the mean: devices that began together drift apart, and each keeps its own hour.
    const waitMs = reading.ok ? everyMs * (0.9 + 0.2 * shareOf(entry.device)) : Math.min(RETRY_MS, everyMs);
    state.inventory.dueMs = clock.monotonic() + waitMs;
    if (reading.ok) {
      this.counts.read += 1;
      for (const fact of reading.value.facts) this.#tell(state, fact);
    } else {
      this.counts.failed += 1;
      log.info({ device: entry.device, reason: reading.reason, detail: reading.detail }, 'inventory not read');
    }
    return reading.ok ? succeed(reading.value.facts.length) : reading;
  }

  #tell({ entry }: DeviceState, fact: Parameters<typeof factRecord>[2]): void {
    const { clock, ledger, log, onFact } = this.#deps;
    try {
      const record = factRecord(entry.device, clock.now(), fact);
      if (ledger.isNews(entry.device, record.kind, record.hash)) {
        this.counts.facts += 1;
        onFact(record);
      } else this.counts.unchanged += 1;
      this.#deps.onRead?.(record);
    } catch (error) {
      // One kind that is too large does not cost the others.
      log.warn({ device: entry.device, kind: fact.kind, ...describeError(error) }, 'fact not kept');
    }
  }
}
