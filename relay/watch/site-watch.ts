// Judges every device of the site where it is polled: records, states, facts and events go in, findings come out and survive a restart.
import type { Database } from 'better-sqlite3';
import type { PollOutcome } from '#relay/poll/poll-outcome.ts';
import type { Clock, EpochMs } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { DeviceId, LayerId } from '#shared/base/id.ts';
import type { FailureReason } from '#shared/base/outcome.ts';
import { DeviceJudge } from '#shared/judge/checks/device-judge.ts';
import type { JudgeState, OpenCheck } from '#shared/judge/checks/judge-state.ts';
import type { Transition } from '#shared/judge/checks/verdict.ts';
import type { DeviceStatus, RosterEntry } from '#shared/model/device.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { EventRecord, FactRecord, StateRecord } from '#shared/model/record.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { type DeviceKind, kindWith } from './device-kind.ts';
import type { DeviceSettings, HeldSettings } from './device-settings.ts';
import type { FindingLedger } from './finding-ledger.ts';
import { OutageDesk } from './outage-desk.ts';
import type { ParentCheck } from './parent-check.ts';
import { MAX_UNTOLD, shortened, type Told } from './untold.ts';
import { removeDevice, type WatchedDevice, writeDevice } from './watch-table.ts';

/** Durations and ages end by themselves; a device that is silent brings no news that could end them. */
export const TICK_MS = 5_000;
/** What judges remember on the way to a finding is worth minutes: a crash costs a duration that began within them. */
const SAVE_EVERY_MS = 600_000;

export interface SiteWatchDeps {
  clock: Clock;
  log: Logger;
  ledger: FindingLedger;
  settings: DeviceSettings;
  parents: ParentCheck;
  transact: <T>(work: (db: Database) => T) => T;
  /** What the devices' rows said at the start. */
  remembered: ReadonlyMap<DeviceId, WatchedDevice>;
  /** Is it up, in the poller's own judgement? */
  statusOf: (device: DeviceId) => DeviceStatus;
}

/** As machines fail that are off; a gateway before them may refuse in their place. */
const SILENT: ReadonlySet<FailureReason> = new Set(['unreachable', 'refused', 'timed-out', 'lost']);
/** What StateRecord's detail holds. */
const MAX_DETAIL_CHARS = 2_000;

interface Watched {
  judge: DeviceJudge;
  settings: HeldSettings;
  pollMs: number;
}

export class SiteWatch {
  readonly #deps: SiteWatchDeps;
  readonly #outages: OutageDesk;
  readonly #devices = new Map<DeviceId, Watched>();
  readonly #kinds: Map<DeviceId, DeviceKind>;
  /** Of the start, until a judge took it. */
  readonly #remembered: Map<DeviceId, JudgeState | undefined>;
  /** Said by judges and not on disk yet: told again at the next tick. */
  readonly #untold = new Map<DeviceId, Told[]>();
  #savedMs: number;
  /** Before the roster is set nobody knows which devices there are, nor their layers: a window over them would seem to be none. */
  #hasRoster = false;

  constructor(deps: SiteWatchDeps) {
    this.#deps = deps;
    this.#savedMs = deps.clock.monotonic();
    this.#kinds = new Map([...deps.remembered].map(([device, { kind }]) => [device, kind]));
    this.#remembered = new Map([...deps.remembered].map(([device, { judged }]) => [device, judged]));
    this.#outages = new OutageDesk({
      monotonic: () => deps.clock.monotonic(),
      parents: deps.parents,
      ledger: deps.ledger,
      isOutage: (device, check) => this.#isOutage(device, check),
      isOut: (device) => this.isOut(device),
      open: (device, transition) => this.#tell(device, [transition]),
    });
  }

  kindOf(device: DeviceId): DeviceKind {
    return this.#kinds.get(device) ?? {};
  }

  /** That apply to it. */
  layersOf(device: DeviceId): readonly LayerId[] {
    return this.#devices.get(device)?.settings.layers ?? [];
  }

  /** An outage of it is told, or is about to be. */
  isOut(device: DeviceId): boolean {
    if (this.#outages.isHolding(device)) return true;
    return this.#deps.ledger.all.some((one) => one.device === device && this.#isOutage(device, one.check));
  }

  /** The devices this relay polls from now on. Findings of those that left end. */
  setRoster(entries: readonly RosterEntry[]): void {
    this.#hasRoster = true;
    const wanted = new Map(entries.map((entry) => [entry.device, entry.intervalMs]));
    for (const device of this.#strangers(wanted)) this.#forget(device);
    for (const [device, pollMs] of wanted) {
      const known = this.#devices.get(device);
      if (known === undefined) this.#begin(device, pollMs, this.#remembered.get(device));
      else if (known.pollMs !== pollMs) this.#begin(device, pollMs, known.judge.save());
    }
    this.#guarded('parents', () => this.#outages.review());
  }

  /** `former`: the device's poll before this one. */
  polled(former: PollRecord | undefined, record: PollRecord): void {
    this.#judge(record.device, (judge) => judge.poll(former, record));
  }

  /** Before the poller's judgement on the device: whatever it hangs on is asked at once when it fails. */
  tried({ device, ok }: PollOutcome): void {
    this.#deps.parents.observe(device, ok);
  }

  /** After it. */
  settled({ device, ok }: PollOutcome): void {
    this.#guarded('outages', () => this.#outages.settle(device, ok));
  }

  state({ device, status, at, detail, reason }: StateRecord): void {
    const watched = this.#devices.get(device);
    if (watched === undefined) return;
    const said = [reason, detail].filter((word) => word !== undefined).join(': ');
    this.#judge(device, (judge) => judge.status(wordOf(status, watched.settings), at, said === '' ? undefined : said));
    this.#guarded('children', () => {
      if (this.isOut(device)) this.#outages.parentDown(device);
      else this.#outages.parentUp(device);
    });
  }

  /** As people are told of it: a machine that they switch off, and that is silent, is away. What refuses a login is not off. */
  shown(record: StateRecord): StateRecord {
    const presence = this.#devices.get(record.device)?.settings.presence;
    const isOff = record.status === 'down' && record.reason !== undefined && SILENT.has(record.reason);
    if (!isOff || presence !== 'when-used') return record;
    return { ...record, status: 'unknown', detail: `away: ${record.detail ?? ''}`.slice(0, MAX_DETAIL_CHARS) };
  }

  /** Each fact that was read, news or not: what a judge forgot it learns again. */
  fact(record: FactRecord): void {
    const { device, kind, at } = record;
    this.#noteKind(record);
    // A system that was learnt, or a type: other checks may fit.
    if (kind === 'os' || kind === 'hardware') this.#refresh(device);
    this.#judge(device, (judge) => judge.fact({ kind, body: JSON.parse(record.body), at }));
  }

  event(event: EventRecord): void {
    const at = this.#deps.clock.now();
    this.#judge(event.device, (judge) => judge.event(event, at));
  }

  /** Another document or other members are in force. */
  settingsChanged(): void {
    this.#deps.settings.renew();
    if (!this.#hasRoster) return;
    for (const device of this.#devices.keys()) this.#refresh(device);
    this.#guarded('parents', () => this.#outages.review());
    this.#guarded('windows', () => this.#deps.ledger.remute());
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    while (!signal.aborted) {
      await clock.sleep(TICK_MS, signal).catch(() => undefined); // only the signal rejects a sleep
      if (signal.aborted) return;
      this.tick();
    }
  }

  tick(): void {
    if (!this.#hasRoster) return;
    const { clock, ledger } = this.#deps;
    const at = clock.now();
    for (const device of [...this.#untold.keys()]) this.#tell(device, []);
    for (const device of this.#devices.keys()) this.#judge(device, (judge) => judge.tick(at));
    for (const device of [...ledger.owing]) this.#catchUp(device);
    this.#guarded('parents', () => this.#outages.tick());
    this.#guarded('windows', () => ledger.remute());
    if (clock.monotonic() - this.#savedMs >= SAVE_EVERY_MS) this.save();
  }

  /** Writes down what all judges remember. */
  save(): void {
    this.#savedMs = this.#deps.clock.monotonic();
    this.#guarded('memory', () =>
      this.#deps.transact((db) => {
        for (const device of this.#devices.keys()) this.#write(db, device);
        // A damaged file that was replaced has none of them.
        this.#deps.ledger.write(db);
      }),
    );
  }

  stats(): { devices: number; open: number; untold: number } {
    return { devices: this.#devices.size, open: this.#deps.ledger.all.length, untold: this.#untold.size };
  }

  #begin(device: DeviceId, pollMs: number, saved: JudgeState | undefined): void {
    const { clock, settings, ledger } = this.#deps;
    const held = settings.of(device);
    const judge = new DeviceJudge({ checks: held.checks, pollMs, saved });
    this.#devices.set(device, { judge, settings: held, pollMs });
    this.#remembered.delete(device);
    const at = clock.now();
    // What a crash left between judge and findings: each opens or clears now, once.
    const lost = judge.open.filter(({ check, instance }) => ledger.find(device, check, instance) === undefined);
    const reopened = lost.map((open) => opened(held, open, at, 'held when this relay was started again'));
    const isHeld = new Set(judge.open.map(({ check, instance }) => `${check} ${instance}`));
    const stale = ledger.all.filter((one) => one.device === device && !isHeld.has(`${one.check} ${one.instance}`));
    const ended = stale.map(({ check, instance, severity, count }): Transition => {
      const detail = 'not known to hold since this relay was started again';
      return { check, instance, severity, count, state: 'clear', at, since: at, detail };
    });
    this.#take(device, [...reopened, ...ended, ...judge.settle(at)]);
  }

  #strangers(wanted: ReadonlyMap<DeviceId, number>): Set<DeviceId> {
    const { ledger } = this.#deps;
    const known = [...this.#devices.keys(), ...this.#remembered.keys(), ...ledger.all.map(({ device }) => device)];
    return new Set(known.filter((device) => !wanted.has(device)));
  }

  #forget(device: DeviceId): void {
    this.#devices.delete(device);
    this.#kinds.delete(device);
    this.#remembered.delete(device);
    this.#untold.delete(device);
    this.#outages.forget(device);
    this.#deps.parents.forget(device);
    const why = 'this relay does not watch the device any more';
    this.#guarded('roster', () => this.#deps.ledger.forget(device, why, (db) => removeDevice(db, device)));
  }

  #noteKind(record: FactRecord): void {
    const { device } = record;
    const known = this.kindOf(device);
    const kind = kindWith(known, record);
    if (JSON.stringify(kind) === JSON.stringify(known) || !this.#devices.has(device)) return;
    this.#kinds.set(device, kind);
    this.#guarded('kind', () => this.#deps.transact((db) => this.#write(db, device)));
  }

  /** Takes what holds now of the device; what is open and is judged no more clears. */
  #refresh(device: DeviceId): void {
    const watched = this.#devices.get(device);
    if (watched === undefined) return;
    const before = watched.settings;
    const held = this.#deps.settings.of(device);
    watched.settings = held;
    const at = this.#deps.clock.now();
    if (before.checks !== held.checks) this.#judge(device, (judge) => judge.setChecks(held.checks, at));
    const status = this.#deps.statusOf(device);
    if (status !== 'unknown' && before !== held) this.#judge(device, (judge) => judge.status(wordOf(status, held), at));
  }

  #judge(device: DeviceId, judging: (judge: DeviceJudge) => Transition[]): void {
    const watched = this.#devices.get(device);
    if (watched === undefined) return;
    this.#guarded('judge', () => this.#take(device, judging(watched.judge)));
  }

  #take(device: DeviceId, transitions: readonly Transition[]): void {
    this.#tell(
      device,
      transitions.flatMap((one) => this.#outages.take(device, one)),
    );
  }

  /** A disk that takes nothing loses no finding: it is told when there is room. */
  #tell(device: DeviceId, transitions: readonly Told[]): void {
    const waiting = [...(this.#untold.get(device) ?? []), ...transitions];
    if (waiting.length === 0) return;
    try {
      this.#deps.ledger.take(device, waiting, (db) => this.#write(db, device));
      this.#untold.delete(device);
    } catch (error) {
      this.#untold.set(device, waiting.length > MAX_UNTOLD ? shortened(waiting) : waiting);
      this.#deps.log.error({ device, ...describeError(error) }, 'findings could not be written down yet');
    }
  }

  /** Tells what holds and was left out while the device said too much: the worst first, as far as there is room. */
  #catchUp(device: DeviceId): void {
    const { ledger, clock } = this.#deps;
    const watched = this.#devices.get(device);
    if (watched === undefined || this.#untold.has(device)) return;
    const owed = watched.judge.open.filter(({ check, instance, severity }) => {
      const isTold = ledger.find(device, check, instance)?.severity === severity;
      return !isTold && !this.#outages.isHolding(device, check);
    });
    const now = ledger.fitting(device, owed);
    const words = 'it holds, and is told late: the device said more at once than anybody reads';
    const at = clock.now();
    this.#guarded('left out', () => {
      this.#take(
        device,
        now.map((open) => opened(watched.settings, open, at, words)),
      );
      if (now.length === owed.length) ledger.paid(device);
    });
  }

  #write(db: Database, device: DeviceId): void {
    writeDevice(db, device, { kind: this.kindOf(device), judged: this.#devices.get(device)?.judge.save() });
  }

  #isOutage(device: DeviceId, check: string): boolean {
    const checks = this.#devices.get(device)?.settings.checks.checks ?? [];
    const when = checks.find(({ id }) => id === check)?.when;
    return when?.kind === 'state' && when.of === 'device' && when.is.includes('down');
  }

  /** One device, or one part of the work, that fails keeps no other back. */
  #guarded(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#deps.log.error({ what, ...describeError(error) }, 'the watch could not do a part of its work');
    }
  }
}

/** A device that people switch off is away, and nobody's outage. */
const wordOf = (status: DeviceStatus, { presence }: HeldSettings): string =>
  status === 'down' && presence === 'when-used' ? 'away' : status;

/** What a judge holds open, as if it opened now. */
function opened({ checks }: HeldSettings, open: OpenCheck, at: EpochMs, words: string): Transition {
  const { toldAt: _at, isGrown: _grown, ...held } = open;
  const name = checks.checks.find(({ id }) => id === open.check)?.name ?? open.check;
  return { ...held, state: 'open', at, detail: `${name}: ${words}` };
}
