// The findings that are open: each opened, changed and cleared once, its record and its row in one commit.
import type { Database } from 'better-sqlite3';
import type { Clock } from '#shared/base/clock.ts';
import { type DeviceId, FindingId, newId, type WindowId } from '#shared/base/id.ts';
import type { Transition } from '#shared/judge/checks/verdict.ts';
import { severityRank } from '#shared/model/alert-words.ts';
import type { Finding } from '#shared/model/finding.ts';
import { type OpenFinding, readFindings, removeFinding, writeFinding } from './watch-table.ts';

export interface FindingLedgerDeps {
  clock: Clock;
  transact: <T>(work: (db: Database) => T) => T;
  /** Lane 1; inside `transact` with it. */
  addRecord: (record: Finding) => void;
  /** The window that covers it now. */
  muting: (about: Pick<OpenFinding, 'device' | 'check'>) => WindowId | undefined;
  /** A device has more to say than anybody reads: what it says is not kept for now. */
  onFlood: (device: DeviceId) => void;
}

/**
 * Openings and changes of one device: a server whose 40 certificates and 100 services fail at once is far below it, a device that
 * names other disks at each poll does not fill the spool. What is open is cleared whatever the budget says.
 */
const BURST = 400;
/** 30 a minute: what flaps with each poll of ten seconds is told in full. */
const PER_SECOND = 0.5;
const FLOOD_TOLD_EVERY_MS = 3_600_000;
/** Open at once of one device: more than twice what the console takes of it. */
const MAX_OPEN = 500;
/** An outage is told whatever else its device says: without it each of its children would be an outage of its own. */
const ALWAYS_TOLD: ReadonlySet<string> = new Set(['device.down']);

interface Budget {
  left: number;
  atMs: number;
  toldMs: number;
}

/** One record to tell, and what is open after it. */
interface Step {
  record: Finding;
  next: OpenFinding | undefined;
}

/** A change of its own, not of the condition. */
const CHANGES = ['because', 'toldAt'] as const;
type Change = { [N in (typeof CHANGES)[number]]?: OpenFinding[N] | undefined };

const keyOf = ({ device, check, instance }: Pick<OpenFinding, 'device' | 'check' | 'instance'>): string =>
  `${device} ${check} ${instance}`;

export class FindingLedger {
  readonly #deps: FindingLedgerDeps;
  readonly #open = new Map<string, OpenFinding>();
  readonly #budgets = new Map<DeviceId, Budget>();
  /** Findings that are open, by device. */
  readonly #counts = new Map<DeviceId, number>();
  readonly #owing = new Set<DeviceId>();

  constructor(deps: FindingLedgerDeps) {
    this.#deps = deps;
    for (const finding of deps.transact(readFindings)) this.#keep(keyOf(finding), finding.device, finding);
  }

  get all(): readonly OpenFinding[] {
    return [...this.#open.values()];
  }

  /** Devices of which something was left out: whoever knows what holds tells it when there is room. */
  get owing(): ReadonlySet<DeviceId> {
    return this.#owing;
  }

  /** Of these as many as would be told now, the worst first. */
  fitting<T extends Pick<OpenFinding, 'check' | 'instance' | 'severity'>>(device: DeviceId, owed: readonly T[]): T[] {
    let openings = MAX_OPEN - (this.#counts.get(device) ?? 0);
    const isRoom = ({ check, instance }: T) => {
      if (this.find(device, check, instance) !== undefined) return true;
      openings -= 1;
      return openings >= 0;
    };
    const worst = [...owed].sort((a, b) => severityRank(a.severity) - severityRank(b.severity));
    return worst.filter(isRoom).slice(0, Math.floor(this.#budgetOf(device).left));
  }

  /** Nothing of it is left out any more. */
  paid(device: DeviceId): void {
    this.#owing.delete(device);
  }

  find(device: DeviceId, check: string, instance: string): OpenFinding | undefined {
    return this.#open.get(`${device} ${check} ${instance}`);
  }

  /** All rows anew. */
  write(db: Database): void {
    for (const finding of this.#open.values()) writeFinding(db, finding);
  }

  /** Takes what a judge says of a device, with what else belongs to the same commit. Told twice, it is taken once. */
  take(
    device: DeviceId,
    transitions: ReadonlyArray<Transition & Pick<OpenFinding, 'because'>>,
    also: (db: Database) => void,
  ): void {
    const budget = this.#budgetOf(device);
    // What one call says of a key builds on what it said before: nothing of it is in the ledger until the commit.
    const said = new Map<string, OpenFinding | undefined>();
    const steps: Step[] = [];
    let spent = 0;
    let more = 0;
    for (const one of transitions) {
      const step = this.#stepOf(device, one, said);
      if (step === undefined) continue;
      if (step.record.state !== 'clear' && !ALWAYS_TOLD.has(one.check)) {
        if (budget.left - spent < 1 || (step.record.state === 'open' && this.#isFull(device, more))) {
          this.#owing.add(device);
          this.#flooded(device, budget);
          continue;
        }
        spent += 1;
      }
      steps.push(step);
      more += step.record.state === 'open' ? 1 : step.record.state === 'clear' ? -1 : 0;
      said.set(keyOf(step.record), step.next);
    }
    if (steps.length > 0) this.#commit(steps, also);
    // A full disk has thrown by now: what comes again costs once.
    budget.left -= spent;
  }

  /** Ends what is open of a device that left. */
  forget(device: DeviceId, detail: string, also: (db: Database) => void): void {
    const at = this.#deps.clock.now();
    this.#budgets.delete(device);
    this.#owing.delete(device);
    const gone = this.all.filter((finding) => finding.device === device);
    this.#commit(
      gone.map((finding) => stepped(finding, 'clear', { at, since: at, detail })),
      also,
    );
  }

  /** Says why a finding is silent, or that it is no more. */
  change(findings: readonly OpenFinding[], change: Change): void {
    const at = this.#deps.clock.now();
    const isNews = (finding: OpenFinding) =>
      CHANGES.some((name) => Object.hasOwn(change, name) && finding[name] !== change[name]);
    const changed = findings.filter(isNews);
    if (changed.length > 0) this.#commit(changed.map((finding) => stepped(finding, 'change', { at, ...change })));
  }

  /**
   * Looks again which windows cover what is open. What a window covered and covers no more is cleared as muted and opens
   * anew: nobody was told of the former, and of the fresh one people hear once.
   */
  remute(): void {
    const at = this.#deps.clock.now();
    const steps = this.all.flatMap((finding): Step[] => {
      const muted = this.#deps.muting(finding);
      if (muted === finding.muted) return [];
      if (muted !== undefined) return [stepped(finding, 'change', { at, muted })];
      const { finding: _former, muted: _window, toldAt: _told, ...rest } = finding;
      const fresh = { ...rest, finding: this.#newId(), step: 0, openedAt: at, at };
      return [stepped(finding, 'clear', { at, since: at }), stepped(fresh, 'open', {})];
    });
    if (steps.length > 0) this.#commit(steps);
  }

  #budgetOf(device: DeviceId): Budget {
    const now = this.#deps.clock.monotonic();
    const budget = this.#budgets.get(device) ?? { left: BURST, atMs: now, toldMs: Number.NEGATIVE_INFINITY };
    budget.left = Math.min(BURST, budget.left + ((now - budget.atMs) * PER_SECOND) / 1_000);
    budget.atMs = now;
    this.#budgets.set(device, budget);
    return budget;
  }

  #flooded(device: DeviceId, budget: Budget): void {
    const { clock, onFlood } = this.#deps;
    if (clock.monotonic() - budget.toldMs < FLOOD_TOLD_EVERY_MS) return;
    budget.toldMs = clock.monotonic();
    onFlood(device);
  }

  #newId(): FindingId {
    return FindingId.parse(newId(this.#deps.clock.now()));
  }

  #isFull(device: DeviceId, more: number): boolean {
    return (this.#counts.get(device) ?? 0) + more >= MAX_OPEN;
  }

  #stepOf(
    device: DeviceId,
    transition: Transition & Pick<OpenFinding, 'because'>,
    before: ReadonlyMap<string, OpenFinding | undefined>,
  ): Step | undefined {
    const { state, ...said } = transition;
    const key = keyOf({ device, ...said });
    const open = before.has(key) ? before.get(key) : this.#open.get(key);
    if (state === 'clear') return open && stepped(open, 'clear', said);
    // Opened before a crash that its judge did not remember: the same finding goes on.
    if (open !== undefined) return stepped(open, 'change', said);
    if (state === 'change') return undefined;
    const muted = this.#deps.muting({ device, check: said.check });
    const fresh = { ...said, device, finding: this.#newId(), step: 0, openedAt: said.at, muted };
    return stepped(fresh as OpenFinding, 'open', {}); // absent members are left out by `stepped`
  }

  #commit(steps: readonly Step[], also: (db: Database) => void = () => undefined): void {
    const { transact, addRecord } = this.#deps;
    transact((db) => {
      for (const { record, next } of steps) {
        addRecord(record);
        if (next === undefined) removeFinding(db, record.finding);
        else writeFinding(db, next);
      }
      also(db);
    });
    for (const { record, next } of steps) this.#keep(keyOf(record), record.device, next);
  }

  #keep(key: string, device: DeviceId, next: OpenFinding | undefined): void {
    const more = (next === undefined ? 0 : 1) - (this.#open.has(key) ? 1 : 0);
    const count = (this.#counts.get(device) ?? 0) + more;
    if (count > 0) this.#counts.set(device, count);
    else this.#counts.delete(device);
    if (next === undefined) this.#open.delete(key);
    else this.#open.set(key, next);
  }
}

/** The next record of `finding`, with what changed. Members that are undefined are absent. */
function stepped(finding: OpenFinding, state: Finding['state'], change: Partial<OpenFinding>): Step {
  const whole = { ...finding, ...change, step: finding.step + 1 };
  const known = Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)) as OpenFinding; // optional members alone are left out
  const { openedAt: _opened, ...told } = known;
  return { record: { type: 'finding', state, ...told }, next: state === 'clear' ? undefined : known };
}
