// Works through one order: wave by wave each device is reached, journaled, acted on and settled; too many failures halt the rest.
import type { Clock } from '#shared/base/clock.ts';
import type { DeviceId, ManifestId } from '#shared/base/id.ts';
import type { Failure } from '#shared/base/outcome.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import type { Manifest, ManifestTarget } from '#shared/model/manifest.ts';
import {
  type CommandState,
  FINAL_COMMAND_STATES,
  type OutcomeRecord,
  type RelayEventRecord,
} from '#shared/model/record.ts';
import { isFailure, isOverBound, type Rollout, waveEnds } from '#shared/seal/rollout.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { cutDetail } from './outcome.ts';
import { nextTry, troubleOf } from './try-again.ts';
import type { Work } from './work.ts';

export interface OrderRunParts {
  clock: Pick<Clock, 'now'>;
  journal: Pick<Journal, 'advance' | 'entriesOf' | 'tries' | 'wait'>;
  random: () => number;
  /** Devices that wait for their time are left alone; absent where nothing of the order may wait. */
  away?:
    | {
        isWaiting(order: ManifestId, device: DeviceId): boolean;
        wait(order: ManifestId, device: DeviceId, waitMs: number): void;
      }
    | undefined;
  work: Work;
  roster: (device: DeviceId) => RosterEntry | undefined;
  rollout: Rollout;
  isStopping: () => boolean;
  onBrokenStep: (error: unknown) => void;
  /** Ends what was not begun; `why` says how many failed, and what is allowed. */
  onHalt: (left: readonly DeviceId[], why: string) => void;
  /** A device did not begin for a reason that a person has to mend; told once of an order and reason. */
  onTrouble: (event: RelayEventRecord) => void;
  /** See the executor's planted bug. */
  rerunStarted?: boolean | undefined;
}

export class OrderRun {
  readonly #parts: OrderRunParts;
  readonly #manifest: Manifest;
  readonly #signal: AbortSignal;
  #failures = 0;
  readonly #told = new Set<string>();
  /** Devices that are done, or under way. */
  #taken = 0;

  constructor(manifest: Manifest, signal: AbortSignal, parts: OrderRunParts) {
    this.#parts = parts;
    this.#manifest = manifest;
    this.#signal = signal;
  }

  /** Goes on where the journal says that the order is: after a restart too. A device that is away leaves its place in the wave to the next. */
  async run(): Promise<void> {
    const { targets } = this.#manifest;
    const entries = this.#entries();
    this.#failures = entries.filter(({ state }) => isFailure(state)).length;
    this.#taken = entries.filter(({ state }) => state !== 'accepted').length;
    const queue = this.#parts.work.pending(this.#manifest, entries).filter((target) => !this.#isAway(target));
    for (const end of waveEnds(targets.length, this.#parts.rollout.canary)) {
      await this.#runWave(queue, end);
      if (this.#parts.isStopping()) return;
      if (this.#isOver(end)) return this.#halt();
    }
  }

  #isAway({ device }: ManifestTarget): boolean {
    return this.#parts.away?.isWaiting(this.#manifest.id, device) === true;
  }

  /** Until so many devices are done. */
  async #runWave(queue: ManifestTarget[], end: number): Promise<void> {
    const worker = async () => {
      while (this.#taken < end && !this.#isOver(end)) {
        const target = queue.shift();
        if (target === undefined) return;
        this.#taken += 1;
        // One device whose step cannot be written must not cut the others off from cancel and stop.
        const isDone = await this.#runOne(target).catch((error: unknown) => {
          this.#failures += 1; // what became of it is on no disk: no reason to go on to more devices
          this.#parts.onBrokenStep(error);
          return true;
        });
        if (!isDone) this.#taken -= 1;
      }
    };
    const workers = Math.min(this.#manifest.caps.concurrency, queue.length, end);
    await Promise.all(Array.from({ length: workers }, worker));
  }

  /** A cancelled order is cancelled to its last device, and not halted. */
  #isOver(end: number): boolean {
    return !this.#signal.aborted && isOverBound(this.#failures, end, this.#parts.rollout);
  }

  #halt(): void {
    const left = this.#entries().filter(({ state }) => state === 'accepted');
    if (left.length === 0) return;
    const { haltPercent } = this.#parts.rollout;
    const done = this.#manifest.targets.length - left.length;
    this.#parts.onHalt(
      left.map(({ device }) => device),
      `${this.#failures} of ${done} devices failed, and the order goes on with ${haltPercent} % at most`,
    );
  }

  /** False: it is away, and counts for no wave yet. */
  async #runOne(target: ManifestTarget): Promise<boolean> {
    const { device } = target;
    if (this.#isTooLate(device)) return true;
    const entry = this.#parts.roster(device);
    if (entry === undefined) {
      this.#settle({ ...this.#record(device, 'refused', 'not on this relay'), reason: 'manifest-retargeted' });
      return true;
    }
    const ready = await this.#parts.work.prepare(this.#manifest, target, entry, this.#signal);
    // Reaching a device takes up to minutes: the same questions again.
    if (this.#isTooLate(device)) return true;
    if (!ready.ok) return this.#notBegun(entry, ready);
    const startedAt = this.#parts.clock.now();
    // On disk before the effect: a crash from here on reads as unknown, never as not done.
    const isOurs = this.#parts.journal.advance([{ ...this.#record(device, 'started'), startedAt }]);
    if (isOurs || this.#parts.rerunStarted === true) this.#settle(await ready.value(startedAt));
    return true;
  }

  /** Nothing ran: it is tried again where that may help, and else it has failed and whoever can mend it is told. */
  #notBegun(entry: RosterEntry, failure: Failure): boolean {
    const { clock, journal, random, away, onTrouble } = this.#parts;
    const { id, exp } = this.#manifest;
    const n = journal.tries(id, entry.device) + 1;
    const { attempt, waitMs } = nextTry(failure.reason, n, { random, now: clock.now(), exp });
    if (away === undefined || waitMs === undefined) {
      const failed = this.#failed(entry.device, failure);
      this.#settle(failure.reason === 'cancelled' ? failed : { ...failed, attempt: { n, class: attempt.class } });
      const event = troubleOf({ order: id, at: clock.now(), kind: attempt.class }, failure);
      if (event !== undefined && !this.#told.has(failure.reason)) onTrouble(event);
      this.#told.add(failure.reason);
      return true;
    }
    const record = this.#record(entry.device, 'waiting', failure.detail);
    if (!journal.wait({ ...record, reason: failure.reason, attempt })) return true;
    away.wait(id, entry.device, waitMs);
    return false;
  }

  /** Settles what was cancelled or expired; what a stop found stays accepted and is taken up again at the next start. */
  #isTooLate(device: DeviceId): boolean {
    if (this.#parts.isStopping()) return true;
    if (this.#signal.aborted) this.#settle(this.#record(device, 'cancelled'));
    else if (this.#parts.clock.now() >= this.#manifest.exp) this.#settle(this.#record(device, 'expired'));
    else return false;
    return true;
  }

  #settle(record: OutcomeRecord): void {
    this.#parts.journal.advance([record]);
    if (isFailure(record.state)) this.#failures += 1;
  }

  #failed(device: DeviceId, failure: { reason: OutcomeRecord['reason']; detail: string }): OutcomeRecord {
    const state =
      failure.reason === 'cancelled' ? 'cancelled' : failure.reason === 'identity-changed' ? 'refused' : 'failed';
    const record = this.#record(device, state, failure.detail);
    return failure.reason === undefined ? record : { ...record, reason: failure.reason };
  }

  #record(device: DeviceId, state: OutcomeRecord['state'], detail?: string): OutcomeRecord {
    const manifest = this.#manifest.id;
    const base: OutcomeRecord = { type: 'outcome', manifest, device, at: this.#parts.clock.now(), state };
    return detail === undefined ? base : { ...base, detail: cutDetail(detail) };
  }

  #entries(): JournalEntry[] {
    const entries = this.#parts.journal.entriesOf(this.#manifest.id);
    return this.#parts.rerunStarted === true ? asIfNeverStarted(entries) : entries;
  }
}

export const asIfNeverStarted = (entries: readonly JournalEntry[]): JournalEntry[] =>
  entries.map((entry) => (isOpen(entry.state) ? { ...entry, state: 'accepted' } : entry));

const isOpen = (state: CommandState): boolean => !FINAL_COMMAND_STATES.has(state);
