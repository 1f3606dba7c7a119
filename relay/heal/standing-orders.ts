// Runs the standing orders of this relay: watches for their triggers, with or without a console, and gives each firing to the executor.
import type { Database } from 'better-sqlite3';
import { coolDevices } from '#relay/execute/cool-down.ts';
import type { Executor } from '#relay/execute/executor.ts';
import type { HeldStanding, StandingStore } from '#relay/pin/standing-store.ts';
import type { Clock, EpochMs } from '#shared/base/clock.ts';
import { describeError, type ErrorCode } from '#shared/base/errors.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { AuditRecord, StateRecord } from '#shared/model/record.ts';
import type { StandingOrder } from '#shared/model/standing-order.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { type DueFiring, dueFirings } from './due-firings.ts';

/** A trigger is answered within this: faster than any poll, and 100 orders cost nothing at this pace. */
const LOOK_EVERY_MS = 5_000;
/** Causes that were answered or refused, so that each is so once; of the oldest the journal knows. */
const MAX_TRIED = 10_000;

/** Said of this machine and not of the order: no room, closing, broken. */
const FAULTS: ReadonlySet<ErrorCode> = new Set(['spool-full', 'unavailable', 'internal']);

export interface StandingOrdersDeps {
  /** Its time is never before a signed one. */
  clock: Pick<Clock, 'now' | 'sleep'>;
  log: Logger;
  store: Pick<StandingStore, 'orders' | 'prune'>;
  executor: Pick<Executor, 'fire'>;
  transact: <T>(work: (db: Database) => T) => T;
  /** The newest time that a trusted key has signed: what ended before it can go. */
  signedTime: () => EpochMs;
  /** A journal that began later cannot know what was done before. */
  journalSince: () => EpochMs;
  onRefused: (record: AuditRecord) => void;
}

export class StandingOrders {
  readonly #deps: StandingOrdersDeps;
  readonly #down = new Map<DeviceId, EpochMs>();
  readonly #returned = new Map<DeviceId, EpochMs>();
  readonly #tried = new Set<string>();

  constructor(deps: StandingOrdersDeps) {
    this.#deps = deps;
  }

  /** Each change of a device's state passes here. */
  observe({ device, status }: Pick<StateRecord, 'device' | 'status'>): void {
    const now = this.#deps.clock.now();
    const wasDown = this.#down.has(device);
    this.#returned.delete(device);
    if (status === 'down') {
      if (!wasDown) this.#down.set(device, now);
      return;
    }
    this.#down.delete(device);
    if (status === 'up' && wasDown) this.#returned.set(device, now);
  }

  forget(device: DeviceId): void {
    this.#down.delete(device);
    this.#returned.delete(device);
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#deps.clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined); // only the signal rejects a sleep
      if (signal.aborted) return;
      await this.look().catch((error: unknown) => {
        this.#deps.log.error(describeError(error), 'standing orders could not be looked at');
      });
    }
  }

  /** Fires all that is due now. */
  async look(): Promise<void> {
    const { store, clock, signedTime, journalSince } = this.#deps;
    const now = clock.now();
    const seen = { down: this.#down, returned: this.#returned };
    store.prune(signedTime());
    for (const held of store.orders)
      for (const due of dueFirings(held.order, seen, { now, floor: journalSince() }))
        await this.#answer(held, due, now).catch((error: unknown) => this.#brokeOff(held, error));
  }

  /** One order that could not be answered keeps no other one back. */
  #brokeOff({ order }: HeldStanding, error: unknown): void {
    this.#deps.log.error({ standing: order.id, ...describeError(error) }, 'a standing order could not be fired');
  }

  async #answer({ order, signed }: HeldStanding, due: DueFiring, now: EpochMs): Promise<void> {
    const cause = `${order.id} ${due.key}`;
    if (this.#tried.has(cause)) return;
    const devices = this.#rested(order, due.devices, now);
    if (devices.length === 0 && !due.isMoment) return;
    this.#note(cause);
    if (devices.length === 0) return;
    const { executor, log, onRefused } = this.#deps;
    try {
      const manifest = await executor.fire({ kind: 'standing', signed, key: due.key, at: now, devices });
      if (manifest !== undefined) log.info({ standing: order.id, manifest, key: due.key }, 'a standing order fired');
    } catch (error) {
      const { code, message } = describeError(error);
      // What is no refusal is a fault of this machine: the cause may be answered at the next look.
      if (FAULTS.has(code)) {
        this.#tried.delete(cause);
        throw error;
      }
      const detail = `standing order ${order.id} (${due.key}): ${message}`.slice(0, 1_000);
      onRefused({ type: 'audit', at: now, verb: 'standing.refuse', code, detail });
    }
  }

  #rested(order: StandingOrder, devices: readonly DeviceId[], now: EpochMs): DeviceId[] {
    const { id: standing, coolDownMs } = order;
    return this.#deps.transact((db) => coolDevices(db, { standing, devices, coolDownMs, now }));
  }

  #note(cause: string): void {
    this.#tried.add(cause);
    const [oldest] = this.#tried;
    if (this.#tried.size > MAX_TRIED && oldest !== undefined) this.#tried.delete(oldest);
  }
}
