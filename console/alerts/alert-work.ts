// One change of alerts, from reading what it touches to writing it back: all in one transaction, all of one site.
import type { Tx } from '#console/store/engine.ts';
import { AlertId, IncidentId, newId, type RandomBytes, type SiteId } from '#shared/base/id.ts';
import type { NewAlertChange } from './alert-outbox.ts';
import * as alertRows from './alert-repository.ts';
import {
  type AlertRow,
  type FindingRow,
  type IncidentRow,
  isOpen,
  type NewEntry,
  type Subject,
  subjectKey,
} from './alert-rows.ts';
import type { AlertRules } from './alert-rules.ts';
import type { CheckBook } from './check-book.ts';
import * as incidentRows from './incident-repository.ts';
import { insertChanges } from './outbox-repository.ts';

export interface WorkDeps {
  now: number;
  random: RandomBytes;
  rules: AlertRules;
  book: CheckBook;
}

/** What to read before anything is decided. */
export interface Needs {
  findings?: readonly string[] | undefined;
  /** Of what is open. */
  subjects?: readonly string[] | undefined;
  /** Devices that what is open may depend on. */
  because?: readonly string[] | undefined;
  incidents?: readonly string[] | undefined;
  alerts?: readonly string[] | undefined;
}

const nameKey = (subject: string, check: string, instance: string): string => `${subject} ${check} ${instance}`;
const keyOf = (alert: AlertRow): string => nameKey(subjectKey(alert), alert.check, alert.instance);

export class AlertWork {
  readonly tx: Tx;
  readonly now: number;
  readonly rules: AlertRules;
  readonly book: CheckBook;
  readonly #random: RandomBytes;
  readonly #alerts = new Map<AlertId, AlertRow>();
  readonly #open = new Map<string, AlertRow>();
  readonly #incidents = new Map<IncidentId, IncidentRow>();
  readonly #whole = new Set<string>();
  #rest: ReadonlyMap<string, readonly alertRows.OpenSum[]> = new Map();
  readonly findings = new Map<string, FindingRow>();
  readonly #names = new Map<string, string>();
  readonly #ends = new Map<IncidentId, number>();
  readonly #fresh = new Set<string>();
  readonly #dirty = { alerts: new Set<AlertRow>(), incidents: new Set<IncidentRow>(), findings: new Set<FindingRow>() };
  readonly #superseding = new Map<AlertId, FindingRow>();
  readonly #entries: NewEntry[] = [];
  readonly #changes: NewAlertChange[] = [];

  private constructor(tx: Tx, deps: WorkDeps) {
    this.tx = tx;
    this.now = deps.now;
    this.rules = deps.rules;
    this.book = deps.book;
    this.#random = deps.random;
  }

  /** Locks the place, and reads what is needed with all that is open in the same incidents. */
  static async begin(tx: Tx, deps: WorkDeps, place: SiteId | null, needs: Needs): Promise<AlertWork> {
    const work = new AlertWork(tx, deps);
    await incidentRows.lockPlace(tx, place);
    await work.read(needs);
    return work;
  }

  async read({ findings = [], subjects = [], because = [], incidents = [], alerts = [] }: Needs): Promise<void> {
    for (const row of await incidentRows.findingsById(this.tx, findings)) this.findings.set(row.id, row);
    const byId = [...alerts, ...[...this.findings.values()].map(({ alert }) => alert)];
    const found = [
      ...(await alertRows.alertsById(this.tx, byId)),
      ...(await alertRows.openAlertsOf(this.tx, subjects)),
      ...(await alertRows.openBecauseOf(this.tx, because)),
    ];
    for (const row of found) this.keep(row);
    await this.readIncidents(found.map(({ incident }) => incident));
    await this.readWhole(incidents);
  }

  /** With what each begins with and is called by; of the rest of a large one `restOf` knows enough. */
  async readIncidents(ids: readonly string[]): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.#incidents.has(IncidentId.parse(id)));
    if (missing.length === 0) return;
    const found = await incidentRows.lockIncidents(this.tx, missing);
    for (const row of found) this.#incidents.set(row.id, row);
    const own = found.flatMap(({ device }) => (device === null ? [] : `device:${device}`));
    for (const row of await alertRows.openAlertsOf(this.tx, own)) this.keep(row);
    const roots = found.flatMap(({ root }) => (root === null || this.#alerts.has(root) ? [] : root));
    for (const row of await alertRows.alertsById(this.tx, roots)) this.keep(row);
  }

  /** With all that is open in them: for whoever moves or ends all of it. */
  async readWhole(ids: readonly string[]): Promise<void> {
    await this.readIncidents(ids);
    const missing = [...new Set(ids)].filter((id) => !this.#whole.has(id));
    for (const row of await alertRows.openAlertsIn(this.tx, missing)) this.keep(row);
    for (const id of missing) this.#whole.add(id);
  }

  /** What is open in these and was not read, as sums: an incident of hundreds is not read for one of its parts. */
  async readRest(incidents: readonly IncidentRow[]): Promise<void> {
    const partly = incidents.filter(({ id }) => !this.#whole.has(id) && !this.#fresh.has(id)).map(({ id }) => id);
    this.#rest = await alertRows.openSums(this.tx, partly, [...this.#alerts.keys()]);
  }

  restOf(incident: IncidentId): readonly alertRows.OpenSum[] {
    return this.#rest.get(incident) ?? [];
  }

  /** The row of this alert that everybody changes; one that was read before stays. */
  keep(row: AlertRow): AlertRow {
    const known = this.#alerts.get(row.id);
    if (known !== undefined) return known;
    this.#alerts.set(row.id, row);
    if (isOpen(row)) this.#open.set(keyOf(row), row);
    return row;
  }

  async nameDevices(ids: readonly string[]): Promise<void> {
    for (const [id, name] of await incidentRows.devicesNamed(this.tx, ids)) this.#names.set(id, name);
  }

  nameOf(device: string): string {
    return this.#names.get(device) ?? device;
  }

  openOf(subject: string, check: string, instance: string): AlertRow | undefined {
    const found = this.#open.get(nameKey(subject, check, instance));
    return found !== undefined && isOpen(found) ? found : undefined;
  }

  /** The one of this name that ended last since then, of those that were read: what ended in this very change is not in the database yet. */
  endedOf(subject: string, check: string, instance: string, since: number): AlertRow | undefined {
    const name = nameKey(subject, check, instance);
    let last: AlertRow | undefined;
    for (const row of this.#alerts.values())
      if ((row.resolvedAt ?? -1) >= since && keyOf(row) === name && (row.resolvedAt ?? 0) > (last?.resolvedAt ?? -1))
        last = row;
    return last;
  }

  alert(id: AlertId): AlertRow | undefined {
    return this.#alerts.get(id);
  }

  incident(id: IncidentId): IncidentRow | undefined {
    return this.#incidents.get(id);
  }

  incidents(): IncidentRow[] {
    return [...this.#incidents.values()];
  }

  openIn(incident: IncidentId): AlertRow[] {
    return this.openWhere((alert) => alert.incident === incident);
  }

  /** Those that were read, open or not. */
  alertsIn(incident: IncidentId): AlertRow[] {
    return [...this.#alerts.values()].filter((alert) => alert.incident === incident);
  }

  openWhere(fits: (alert: AlertRow) => boolean): AlertRow[] {
    return [...this.#alerts.values()].filter((alert) => isOpen(alert) && fits(alert));
  }

  newAlertId = (): AlertId => AlertId.parse(newId(this.now, this.#random));
  newIncidentId = (): IncidentId => IncidentId.parse(newId(this.now, this.#random));

  add(row: AlertRow): void {
    this.#alerts.set(row.id, row);
    this.#open.set(keyOf(row), row);
    this.#fresh.add(row.id);
    this.#dirty.alerts.add(row);
  }

  addIncident(row: IncidentRow): void {
    this.#incidents.set(row.id, row);
    this.#fresh.add(row.id);
    this.#dirty.incidents.add(row);
  }

  /** It was changed in place: it is written back at the end. */
  touch(alert: AlertRow): void {
    if (isOpen(alert)) this.#open.set(keyOf(alert), alert);
    this.#dirty.alerts.add(alert);
  }

  touchIncident(incident: IncidentRow): void {
    this.#dirty.incidents.add(incident);
  }

  touchFinding(finding: FindingRow): void {
    this.findings.set(finding.id, finding);
    this.#dirty.findings.add(finding);
  }

  ended(alert: AlertRow): void {
    const at = alert.resolvedAt ?? this.now;
    this.#ends.set(alert.incident, Math.max(at, this.#ends.get(alert.incident) ?? at));
  }

  /** When the last of its alerts that ended here was over. */
  endOf(incident: IncidentId): number | undefined {
    return this.#ends.get(incident);
  }

  /** From now on this finding alone speaks for its alert. */
  supersede(finding: FindingRow): void {
    this.#superseding.set(finding.alert, finding);
    for (const other of this.findings.values())
      if (other.alert === finding.alert && other.id !== finding.id) other.isOpen = false;
  }

  note(entry: Omit<NewEntry, 'receivedAt'>): void {
    this.#entries.push({ ...entry, receivedAt: this.now });
  }

  tell(change: Omit<NewAlertChange, 'madeAt'>): void {
    this.#changes.push({ ...change, madeAt: this.now });
  }

  /** Incidents whose alerts were changed, or that were themselves. */
  toSettle(): IncidentRow[] {
    const ids = new Set([...this.#dirty.alerts].map(({ incident }) => incident));
    for (const { id } of this.#dirty.incidents) ids.add(id);
    return [...ids].flatMap((id) => this.#incidents.get(id) ?? []);
  }

  /** Devices whose names the titles of these need. */
  devicesOf(incidents: readonly IncidentRow[]): string[] {
    return incidents.flatMap(({ device }) => device ?? []);
  }

  /** Incidents that were made or changed. */
  touched(): IncidentRow[] {
    return [...this.#dirty.incidents];
  }

  get hasNews(): boolean {
    return this.#changes.length > 0;
  }

  /** In the order in which rows need each other, and each kind by its id, so that two transactions never wait for each other. */
  async end(): Promise<void> {
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
    for (const row of [...this.#dirty.incidents].sort(byId)) {
      if (this.#fresh.has(row.id)) await incidentRows.insertIncident(this.tx, row);
      else await incidentRows.updateIncident(this.tx, row);
    }
    // What is resolved goes first: of one name there is one open alert.
    for (const row of [...this.#dirty.alerts].sort((a, b) => Number(isOpen(a)) - Number(isOpen(b)) || byId(a, b))) {
      if (this.#fresh.has(row.id)) await alertRows.insertAlert(this.tx, row, subjectKey(row));
      else await alertRows.updateAlert(this.tx, row, subjectKey(row));
    }
    await incidentRows.upsertFindings(this.tx, [...this.#dirty.findings].sort(byId));
    for (const [alert, finding] of this.#superseding) await incidentRows.closeFormer(this.tx, alert, finding.id);
    await incidentRows.insertEntries(this.tx, this.#entries);
    await insertChanges(this.tx, this.#changes);
  }
}

export const placeOf = ({ site, relay, device }: Subject): Subject => ({ site, relay, device });
