// Runs what a pinned human key has signed: verifies, caps, journals, runs once per id and device, reports.
import { setMaxListeners } from 'node:events';
import type { Permit } from '#relay/pin/permit-store.ts';
import type { Clock, EpochMs } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { DeviceId, ManifestId, RelayId, SiteId, StandingId } from '#shared/base/id.ts';
import { succeed } from '#shared/base/outcome.ts';
import { tierOf } from '#shared/model/action-tier.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import type { Freeze } from '#shared/model/freeze.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import {
  type AuditRecord,
  FINAL_COMMAND_STATES,
  type FiringRecord,
  type OutcomeRecord,
  type RelayEventRecord,
} from '#shared/model/record.ts';
import type { Command } from '#shared/protocol/downstream.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { rolloutOf } from '#shared/seal/rollout.ts';
import { AwayDevices } from './away-devices.ts';
import { takeCoolDown } from './cool-down.ts';
import { CutOffRuns, type EndRun } from './cut-off-runs.ts';
import { mendWindow, takeExecutions } from './execution-window.ts';
import { HeldOrders, restOfWait } from './held-orders.ts';
import { Journal, type JournalEntry, type Outbox } from './journal.ts';
import { OrderGate } from './order-gate.ts';
import {
  claimedId,
  firingOf,
  type KeptOrder,
  type OwnOrder,
  type ProvenOrder,
  readKept,
  refuseFrozen,
} from './order-proof.ts';
import { OrderRefusals } from './order-refusals.ts';
import { asIfNeverStarted, OrderRun } from './order-run.ts';
import { cutDetail } from './outcome.ts';
import { RefusalLog } from './refusal-log.ts';
import { mayWait } from './try-again.ts';
import type { Work } from './work.ts';

export interface ExecutorDeps {
  clock: Clock;
  log: Logger;
  outbox: Outbox & { addRecord(lane: 0 | 1, record: AuditRecord | RelayEventRecord | FiringRecord): void };
  /** Shared with whoever else refuses what the console sends. */
  refusals?: RefusalLog;
  /** Undefined until enrolment is complete: then nothing runs. */
  place: () => { site: SiteId; relay: RelayId; charter: Charter } | undefined;
  /** The freeze in force at this site, if any: then nothing runs. */
  frozen?: () => Freeze | undefined;
  /** Orders signed before this time may have run under a journal that was lost; 0 when none was. */
  journalSince: () => EpochMs;
  /** The console has stored every outcome that was told: then an order that comes again is no redelivery. */
  isAllTold: () => boolean;
  /** Whether a standing order stands here; and when the newest freeze or thaw was signed, which ends those before it. */
  isStanding?: (id: StandingId) => boolean;
  brakedAt?: () => EpochMs;
  /** The permit in force, when a person at this machine broke the glass. */
  permit?: () => Permit | undefined;
  /** Told of each accepted order's signed time: the relay's clock never counts as earlier again. */
  onSignedTime: (at: EpochMs) => void;
  signedTime: () => EpochMs;
  roster: (device: DeviceId) => RosterEntry | undefined;
  work: Work;
  /** Spreads the tries of devices that are away. */
  random: () => number;
  /** A bug planted by the chaos self-check, which has to catch it: what a crash cut off runs again. Nothing else sets it. */
  faults?: { rerunStarted?: boolean };
}

// Orders under way at once; more wait their turn in the journal. Each has its own concurrency cap inside.
const MAX_RUNNING = 32;
/** Cancels that came before their order did. */
const MAX_EARLY_CANCELS = 1_000;
/** The wait for a session, its opening, the channel and the script; more would be a leak. */
const LISTENERS_PER_DEVICE = 4;

export class Executor {
  readonly #deps: ExecutorDeps;
  readonly #journal: Journal;
  readonly #running = new Map<string, { abort: AbortController; done: Promise<void>; isSession: boolean }>();
  readonly #waiting: Manifest[] = [];
  readonly #held: HeldOrders;
  readonly #earlyCancels = new Set<string>();
  readonly #gate: OrderGate;
  readonly #no: OrderRefusals;
  readonly #away: AwayDevices;
  readonly #cutOff: CutOffRuns;
  #isStopping = false;

  constructor(deps: ExecutorDeps) {
    this.#deps = deps;
    this.#journal = new Journal(deps.outbox, deps.signedTime);
    this.#held = new HeldOrders(deps.clock);
    this.#gate = new OrderGate(deps);
    const log = deps.refusals ?? new RefusalLog(deps);
    this.#no = new OrderRefusals({ now: () => deps.clock.now(), journal: this.#journal, log });
    const { work, clock, outbox, roster } = deps;
    const end: EndRun = async (...run) => (await work.end?.(...run)) ?? succeed(false);
    this.#cutOff = new CutOffRuns({ clock, outbox, roster, log: deps.log, end });
    this.#away = new AwayDevices({ clock: deps.clock, onDue: (id) => this.#tryAgain(id) });
  }

  /** Settles what a crash left behind: started without an end is unknown and never run again; accepted goes on if still valid. */
  async recover(): Promise<void> {
    const now = this.#deps.clock.now();
    this.#journal.forget(now);
    const entries = this.#asLeft(this.#journal.unfinished());
    const cutOff = entries.filter((entry) => entry.state === 'started');
    this.#cutOff.mark(cutOff);
    if (cutOff.length > 0) {
      this.#journal.advance(
        cutOff.map(({ manifest, device }) =>
          this.#record(manifest, device, 'unknown', 'the relay ended while the command ran'),
        ),
      );
    }
    this.#cutOff.begin();
    if (this.#deps.frozen?.() !== undefined) return this.freeze();
    const accepted = new Set(entries.filter((entry) => entry.state === 'accepted').map((entry) => entry.manifest));
    for (const id of accepted) await this.#resume(id);
  }

  /** A COMMAND from the console, which is only a mailbox: nothing in it is believed before its signature is. */
  async receive(command: Command): Promise<void> {
    if (command.kind === 'cancel') return this.#cancel(command.manifest);
    // Asked on arrival: another order may be taken while the signature of this one is proven.
    const isAllTold = this.#deps.isAllTold();
    let manifest: Manifest;
    try {
      manifest = await this.#gate.prove(command.signed);
    } catch (error) {
      return this.#no.refuse(claimedId(command.signed), error);
    }
    // Nothing is awaited from here to the start: two copies of one order cannot both pass.
    const known = this.#journal.entriesOf(manifest.id);
    if (known.length > 0) return isAllTold ? this.#no.refuseAgain(manifest.id, known) : undefined;
    const freeze = this.#deps.frozen?.();
    if (freeze !== undefined) {
      const why = `manifest ${manifest.id}: this site is frozen (${freeze.id})`;
      return this.#no.refuseSigned(manifest, new AppError('frozen', why));
    }
    try {
      this.#accept({ manifest }, command.signed);
    } catch (error) {
      // Anything else is a fault of this machine: nothing was taken, and the order comes again.
      if (!(error instanceof AppError) || error.code !== 'cap-exceeded') throw error;
      return this.#no.refuseSigned(manifest, error);
    }
    this.#deps.onSignedTime(manifest.nbf);
    if (this.#earlyCancels.delete(manifest.id)) this.#cancelAccepted(manifest.id);
    else this.#startAfter(manifest, this.#gate.ruleOf(manifest).stopMs);
  }

  /**
   * An order this relay gives itself: proven like any other, and taken once. Throws what forbids it, before anything was
   * taken; undefined when it was taken before.
   */
  async fire(order: OwnOrder): Promise<ManifestId | undefined> {
    const proven = await this.#gate.verify(order, false);
    const { manifest, own } = proven;
    // Nothing is awaited from here to the start, as above.
    if (this.#journal.entriesOf(manifest.id).length > 0) return undefined;
    const freeze = this.#deps.frozen?.();
    if (freeze !== undefined && own?.isThroughFreeze !== true)
      throw new AppError('frozen', `this site is frozen (${freeze.id})`);
    this.#accept(proven, order);
    this.#startAfter(manifest, own?.isAttended === true ? 0 : this.#gate.ruleOf(manifest).stopMs);
    return manifest.id;
  }

  /** The device answers again, or is reached in another way: what waits for it is tried soon. */
  deviceBack(device: DeviceId): void {
    this.#away.back(device);
    this.#cutOff.deviceBack(device);
  }

  /** The device left this relay: what waits for it ends, and does not come back with it. */
  forgetDevice(device: DeviceId): void {
    const why = 'the device left this relay while the order waited for it';
    for (const id of this.#away.forgetDevice(device))
      this.#journal.advance([{ ...this.#record(id, device, 'refused', why), reason: 'manifest-retargeted' }]);
  }

  /** Stops all that runs and cancels all that waits; `frozen` keeps anything new from being taken. */
  freeze(): void {
    this.#waiting.length = 0;
    this.#held.dropAll();
    this.#away.dropAll();
    for (const { abort } of this.#running.values()) abort.abort(new AppError('frozen', 'the site was frozen'));
    const left = this.#journal.unfinished().filter(({ state }) => state === 'accepted');
    if (left.length === 0) return;
    this.#journal.advance(
      left.map(({ manifest, device }) => this.#record(manifest, device, 'cancelled', 'the site was frozen')),
    );
  }

  /** Stops every command and waits for their process groups to be gone. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#waiting.length = 0;
    this.#away.dropAll();
    await Promise.all([this.#held.stop(), this.#cutOff.stop()]);
    for (const { abort } of this.#running.values()) abort.abort(new AppError('unavailable', 'the relay stops'));
    await Promise.allSettled([...this.#running.values()].map(({ done }) => done));
  }

  stats(): { running: number; waiting: number; held: number; away: number } {
    const [running, waiting] = [this.#running.size, this.#waiting.length];
    return { running, waiting, held: this.#held.size, away: this.#away.size };
  }

  /** Counted and taken in one commit: a crash between the two would use up the cap for nothing. */
  #accept({ manifest, own }: ProvenOrder, order: KeptOrder): void {
    const { outbox, clock } = this.#deps;
    const cap = this.#gate.place().charter.caps.devicesPerTenMinutes;
    const tier = tierOf(manifest.action);
    const tierCap = this.#gate.ruleOf(manifest).devicesPerTenMinutes;
    const at = clock.now();
    const devices = manifest.targets.map(({ device }) => device);
    const outcomes = devices.map((device) => this.#record(manifest.id, device, 'accepted'));
    outbox.transact((db) => mendWindow(db, at));
    outbox.transact((db) => {
      takeExecutions(db, { devices: devices.length, now: at, tier, tierCap, cap });
      if (own !== undefined) {
        if (own.coolDownMs > 0)
          takeCoolDown(db, { standing: own.source.of, devices: own.resting, coolDownMs: own.coolDownMs, now: at });
        outbox.addRecord(0, firingOf(manifest, own.source, at));
      }
      this.#journal.accept({ id: manifest.id, signed: JSON.stringify(order), expiresAt: manifest.exp, at }, outcomes);
    });
  }

  /** Proven anew when the wait is over: whoever was taken out of the charter meanwhile orders nothing any more. */
  #startAfter(manifest: Manifest, waitMs: number): void {
    if (this.#isStopping) return;
    if (waitMs <= 0) this.#start(manifest);
    else {
      const start = () => this.#resume(manifest.id, (proven) => this.#start(proven));
      this.#held.hold(manifest.id, waitMs, () => start().catch((error: unknown) => this.#brokeOff(manifest, error)));
    }
  }

  #start(manifest: Manifest): void {
    if (this.#isStopping) return;
    // A session lasts for hours, and has a bound of its own: no order waits for one.
    const isSession = manifest.action.name === 'session.open';
    const orders = [...this.#running.values()].filter((one) => !one.isSession).length;
    if (!isSession && orders >= MAX_RUNNING) return void this.#waiting.push(manifest);
    const abort = new AbortController();
    // Each device of the order under way listens for its end, and leaves when its own run is over.
    setMaxListeners(manifest.caps.concurrency * LISTENERS_PER_DEVICE, abort.signal);
    const done = this.#runOf(manifest, abort.signal)
      .run()
      .catch((error: unknown) => this.#brokeOff(manifest, error))
      .finally(() => {
        this.#running.delete(manifest.id);
        this.#tryAgain(manifest.id);
        const next = this.#waiting.shift();
        if (next !== undefined) this.#start(next);
      });
    this.#running.set(manifest.id, { abort, done, isSession });
  }

  #runOf(manifest: Manifest, signal: AbortSignal): OrderRun {
    const { clock, work, roster, faults, random } = this.#deps;
    return new OrderRun(manifest, signal, {
      ...{
        clock,
        work,
        roster,
        random,
        away: mayWait(manifest) ? this.#away : undefined,
        journal: this.#journal,
        rerunStarted: faults?.rerunStarted,
      },
      rollout: rolloutOf(manifest, this.#gate.ruleOf(manifest)),
      isStopping: () => this.#isStopping,
      onBrokenStep: (error) => this.#brokeOff(manifest, error),
      onHalt: (left, why) => this.#halt(manifest, left, why),
      onTrouble: (trouble) => this.#deps.outbox.addRecord(1, trouble),
    });
  }

  /** What was not begun ends here, in one commit with the word that goes up to people. */
  #halt(manifest: Manifest, left: readonly DeviceId[], why: string): void {
    const { clock, outbox, log } = this.#deps;
    const at = clock.now();
    const detail = cutDetail(`order ${manifest.id} was halted: ${why}; ${left.length} devices were not begun`);
    outbox.transact(() => {
      this.#journal.advance(
        left.map((device) => ({ ...this.#record(manifest.id, device, 'halted', why), reason: 'halted' })),
      );
      outbox.addRecord(0, { type: 'audit', at, verb: 'manifest.halt', manifest: manifest.id, code: 'halted', detail });
      outbox.addRecord(1, { type: 'relay-event', at, code: 'halted', severity: 'critical', detail });
    });
    log.warn({ manifest: manifest.id, left: left.length }, 'an order was halted');
  }

  #brokeOff(manifest: Manifest, error: unknown): void {
    this.#deps.log.error({ manifest: manifest.id, ...describeError(error) }, 'an order broke off');
  }

  /** Proven anew before each such try: a charter or a freeze that came meanwhile counts. */
  #tryAgain(id: ManifestId): void {
    if (this.#isStopping || this.#running.has(id) || this.#waiting.some((one) => one.id === id)) return;
    if (this.#away.takeDue(id).length === 0) return;
    const start = (manifest: Manifest) => this.#start(manifest);
    this.#resume(id, start).catch((error: unknown) =>
      this.#deps.log.error({ manifest: id, ...describeError(error) }, 'an order broke off'),
    );
  }

  #unfinishedOf(id: ManifestId): JournalEntry[] {
    return this.#journal.entriesOf(id).filter(({ state }) => !FINAL_COMMAND_STATES.has(state));
  }

  #asLeft(entries: JournalEntry[]): JournalEntry[] {
    return this.#deps.faults?.rerunStarted === true ? asIfNeverStarted(entries) : entries;
  }

  #record(manifest: ManifestId, device: DeviceId, state: OutcomeRecord['state'], detail?: string): OutcomeRecord {
    const base: OutcomeRecord = { type: 'outcome', manifest, device, at: this.#deps.clock.now(), state };
    return detail === undefined ? base : { ...base, detail: cutDetail(detail) };
  }

  /** Takes up what the journal holds; without `start` it waits for the rest of its time first. */
  async #resume(id: ManifestId, start?: (manifest: Manifest) => void): Promise<void> {
    const taken = this.#journal.taken(id);
    if (taken === undefined) return;
    try {
      const { manifest } = await this.#gate.verify(readKept(taken.signed), true);
      refuseFrozen(manifest, taken.acceptedAt, this.#deps.brakedAt?.() ?? 0);
      if (start !== undefined) return start(manifest);
      const { stopMs } = this.#gate.ruleOf(manifest);
      this.#startAfter(manifest, restOfWait(stopMs, taken.acceptedAt, this.#deps.clock.now()));
    } catch (error) {
      const { code, message } = describeError(error);
      const state = code === 'manifest-expired' ? 'expired' : 'refused';
      const left = this.#unfinishedOf(id);
      this.#journal.advance(left.map(({ device }) => ({ ...this.#record(id, device, state, message), reason: code })));
    }
  }

  #cancel(id: ManifestId): void {
    this.#held.drop(id);
    const away = this.#away.forget(id);
    const running = this.#running.get(id);
    if (running !== undefined) {
      if (away.length > 0) this.#journal.advance(away.map((device) => this.#record(id, device, 'cancelled')));
      running.abort.abort(new AppError('unavailable', 'cancelled'));
      return;
    }
    const index = this.#waiting.findIndex((manifest) => manifest.id === id);
    if (index >= 0) this.#waiting.splice(index, 1);
    if (this.#journal.entriesOf(id).length > 0) this.#cancelAccepted(id);
    else this.#cancelEarly(id);
  }

  #cancelAccepted(id: ManifestId): void {
    const left = this.#unfinishedOf(id).filter((entry) => entry.state === 'accepted');
    if (left.length > 0) this.#journal.advance(left.map(({ device }) => this.#record(id, device, 'cancelled')));
  }

  /** Its order is still being proven, or comes behind it: it will be taken and cancelled at once. */
  #cancelEarly(id: ManifestId): void {
    this.#earlyCancels.add(id);
    const [oldest] = this.#earlyCancels;
    if (this.#earlyCancels.size > MAX_EARLY_CANCELS && oldest !== undefined) this.#earlyCancels.delete(oldest);
  }
}
