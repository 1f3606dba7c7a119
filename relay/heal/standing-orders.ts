// Runs the standing orders of this relay: watches for their triggers, with or without a console, and gives each firing to the executor.
import type { Database } from 'better-sqlite3';
import { coolDevices } from '#relay/execute/cool-down.ts';
import type { Executor } from '#relay/execute/executor.ts';
import { restingMarks } from '#relay/execute/order-proof.ts';
import type { HeldStanding, StandingStore } from '#relay/pin/standing-store.ts';
import type { Clock, EpochMs } from '#shared/base/clock.ts';
import { AppError, describeError, type ErrorCode } from '#shared/base/errors.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { ManifestTarget } from '#shared/model/manifest.ts';
import type { AuditRecord, RelayEventRecord, StateRecord } from '#shared/model/record.ts';
import type { StandingOrder } from '#shared/model/standing-order.ts';
import { fitting, type RuleCandidate, readRule } from '#shared/model/standing-rule.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { type DueFiring, dueFirings } from './due-firings.ts';

/** A trigger is answered within this: faster than any poll, and 100 orders cost nothing at this pace. */
const LOOK_EVERY_MS = 5_000;
/** One event in this time for one order says that its rule fits too many; each refusal stands in the audit. */
const ALARM_EVERY_MS = 3_600_000;
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
  /** What the relay knows of its devices by itself; rules are asked of these. */
  candidates: () => ReadonlyArray<RuleCandidate<DeviceId>>;
  onRefused: (record: AuditRecord) => void;
  /** For people who watch. */
  onAlarm: (event: RelayEventRecord) => void;
}

export class StandingOrders {
  readonly #deps: StandingOrdersDeps;
  readonly #down = new Map<DeviceId, EpochMs>();
  readonly #returned = new Map<DeviceId, EpochMs>();
  readonly #tried = new Set<string>();
  readonly #alarmedAt = new Map<string, EpochMs>();

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
    try {
      const reach = this.#reachNow(order, now);
      const targets = due.devices === 'all' ? reach : reach.filter(({ device }) => due.devices.includes(device));
      const rested = this.#rested(order, targets, now);
      if (rested.length === 0 && !due.isMoment) return;
      this.#note(cause);
      if (rested.length > 0) await this.#fire({ order, signed }, due.key, rested, now);
    } catch (error) {
      const { code, message } = describeError(error);
      // What is no refusal is a fault of this machine: the cause may be answered at the next look.
      if (FAULTS.has(code)) {
        this.#tried.delete(cause);
        throw error;
      }
      this.#note(cause);
      const detail = `standing order ${order.id} (${due.key}): ${message}`.slice(0, 1_000);
      this.#deps.onRefused({ type: 'audit', at: now, verb: 'standing.refuse', code, detail });
    }
  }

  async #fire(
    { order, signed }: HeldStanding,
    key: string,
    targets: readonly ManifestTarget[],
    now: EpochMs,
  ): Promise<void> {
    const { executor, log } = this.#deps;
    const devices = targets.map(({ device }) => device);
    const fitted = order.rule === undefined ? {} : { fitted: [...targets] };
    const manifest = await executor.fire({ kind: 'standing', signed, key, at: now, devices, ...fitted });
    if (manifest !== undefined) log.info({ standing: order.id, manifest, key }, 'a standing order fired');
  }

  /** What the order reaches now. A rule that fits more than was signed reaches nothing, and says so. */
  #reachNow({ id, targets, rule }: StandingOrder, now: EpochMs): readonly ManifestTarget[] {
    if (rule === undefined) return targets;
    const read = readRule(rule.text);
    if (!read.ok) throw new AppError('manifest-invalid', `its rule: ${read.message}`);
    const found = fitting(read.filter, this.#deps.candidates());
    if (found.length <= rule.atMost) return found.map(({ device, identity }) => ({ device, identity }));
    const why = `its rule fits ${found.length} devices now, and ${rule.atMost} at most were signed: nothing is done`;
    this.#alarm(id, why, now);
    throw new AppError('cap-exceeded', why);
  }

  #alarm(id: string, why: string, at: EpochMs): void {
    if (at - (this.#alarmedAt.get(id) ?? Number.NEGATIVE_INFINITY) < ALARM_EVERY_MS) return;
    this.#alarmedAt.set(id, at);
    const detail = `standing order ${id}: ${why}`;
    this.#deps.onAlarm({ type: 'relay-event', at, code: 'cap-exceeded', severity: 'critical', detail });
  }

  #rested(order: StandingOrder, targets: readonly ManifestTarget[], now: EpochMs): ManifestTarget[] {
    const { id: standing, coolDownMs, rule } = order;
    const marksOf = (target: ManifestTarget) => (rule === undefined ? [target.device] : restingMarks(target));
    const asked = { standing, devices: targets.flatMap(marksOf), coolDownMs, now };
    const cool = new Set(this.#deps.transact((db) => coolDevices(db, asked)));
    return targets.filter((target) => marksOf(target).every((mark) => cool.has(mark)));
  }

  #note(cause: string): void {
    this.#tried.add(cause);
    const [oldest] = this.#tried;
    if (this.#tried.size > MAX_TRIED && oldest !== undefined) this.#tried.delete(oldest);
  }
}
