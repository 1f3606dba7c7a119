// What relays tell of devices and of themselves: states, events and audit, applied inside the batch's own transaction.
import { z } from 'zod';
import type { Audit, AuditEntry } from '#console/audit/audit.ts';
import type { Link } from '#console/sites/relays.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { Tx } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { AuditRecord, FactRecord, IdentityRecord, RelayEventRecord, StateRecord } from '#shared/model/record.ts';
import { insertEvents, type NewEvent, type Severity } from './event-repository.ts';
import { machinesOf, type NewState, setHostname, setStates } from './identity-repository.ts';
import { MachineIdentity } from './machine-identity.ts';
import { ownDevices } from './own-devices.ts';

const STATE_SEVERITY: Record<StateRecord['status'], Severity> = {
  up: 'info',
  unknown: 'info',
  down: 'warning',
  'identity-changed': 'critical',
};

/** The one member of the inventory that is shown beside a device's name. */
const OsFact = z.looseObject({ hostname: z.string().min(1) });

/** Something the stream lost or set aside; see the ingest room. */
export interface StreamIncident {
  kind: 'gap' | 'quarantine';
  code: string;
  lane: number;
  from: number;
  to: number;
  n: number;
  detail: string;
}

export interface RelayRecordsDeps {
  audit: Audit;
  clock: Clock;
  onRosterChanged: (relay: RelayId) => void;
  /** Told after the commit: what is known of these devices was changed, or they are gone. */
  onDevicesChanged?: ((ids: readonly DeviceId[]) => void) | undefined;
  /** Told after the commit: states of devices that are the relay's own. */
  onStates?: (site: SiteId, states: readonly StateRecord[]) => void;
}

/** Each method passes over what is not the relay's own: a device removed meanwhile, taken over by a leaf, or never its. */
export class RelayRecords {
  #audit: Audit;
  #clock: Clock;
  #identities: MachineIdentity;
  #onStates: RelayRecordsDeps['onStates'];

  constructor(deps: RelayRecordsDeps) {
    this.#onStates = deps.onStates;
    this.#audit = deps.audit;
    this.#clock = deps.clock;
    this.#identities = new MachineIdentity(deps);
  }

  async applyStates(tx: Tx, link: Link, records: readonly StateRecord[]): Promise<void> {
    const machines = await machinesOf(
      tx,
      link.relay,
      records.map((record) => record.device),
    );
    const last = new Map<StateRecord['device'], NewState>();
    const events: NewEvent[] = [];
    const own: StateRecord[] = [];
    for (const record of records) {
      const machine = machines.get(record.device);
      if (machine === undefined) continue;
      const { status, at } = record;
      const state = { id: record.device, status, reason: record.reason ?? null, detail: record.detail ?? null, at };
      const isNews = machine.status !== state.status || machine.statusReason !== state.reason;
      if (isNews) events.push(this.#event(link, record, stateEvent(record)));
      own.push(record);
      machine.status = state.status;
      machine.statusReason = state.reason;
      last.set(record.device, state);
    }
    // In one order, so that two transactions never wait for each other.
    await setStates(
      tx,
      [...last.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
    await insertEvents(tx, events);
    if (own.length > 0) afterCommit(() => this.#onStates?.(link.site, own));
  }

  applyIdentities(tx: Tx, link: Link, records: readonly IdentityRecord[]): Promise<void> {
    return this.#identities.applyIdentities(tx, link, records, this.#clock.now());
  }

  /** A name is an attribute: it follows the machine's own word, whenever its inventory is read. */
  async applyHostnames(tx: Tx, link: Link, records: readonly FactRecord[]): Promise<void> {
    const names = new Map<FactRecord['device'], string>();
    for (const { device, kind, body } of records) {
      const os = kind === 'os' ? OsFact.safeParse(JSON.parse(body)) : undefined;
      if (os?.success === true) names.set(device, os.data.hostname);
    }
    // In one order, so that two transactions never wait for each other.
    for (const [device, hostname] of [...names].sort()) await setHostname(tx, link.relay, device, hostname);
  }

  async applyRelayEvents(tx: Tx, link: Link, records: readonly RelayEventRecord[]): Promise<void> {
    const events = records.map((record) =>
      this.#event(link, record, { type: 'relay', severity: record.severity, code: record.code, detail: record.detail }),
    );
    await insertEvents(tx, events);
  }

  /** Call it last in the transaction: it takes the audit chain's lock. */
  async applyAudits(tx: Tx, link: Link, records: readonly AuditRecord[]): Promise<void> {
    const named = records.flatMap(({ device }) => device ?? []);
    const own = await ownDevices(tx, link.relay, named);
    const rows = records.map((record): AuditEntry => {
      const { at, device, manifest, code, detail } = record;
      return {
        actor: `relay:${link.relay}`,
        site: link.site,
        verb: record.verb,
        // Of a device that is not its own a relay speaks in its own name only.
        resource: device === undefined || !own.has(device) ? `relay:${link.relay}` : `device:${device}`,
        outcome: code === undefined ? 'ok' : 'refused',
        detail: { at, device, manifest, code, detail },
      };
    });
    if (rows.length > 0) await this.#audit.appendMany(tx, rows);
  }

  /** Losses become events and audit rows; call it last in the transaction, like `applyAudits`. */
  async applyIncidents(tx: Tx, link: Link, incidents: readonly StreamIncident[]): Promise<void> {
    const now = this.#clock.now();
    const severity: Severity = 'warning';
    const events = incidents.map(({ code, detail }) =>
      this.#event(link, { at: now }, { type: 'stream', severity, code, detail }),
    );
    await insertEvents(tx, events);
    const rows = incidents.map((incident): AuditEntry => {
      const { kind, code, lane, from, to, n, detail } = incident;
      return {
        actor: 'system:ingest',
        site: link.site,
        verb: `stream.${kind}`,
        resource: `relay:${link.relay}`,
        outcome: 'failed',
        detail: { code, lane, from, to, n, detail },
      };
    });
    if (rows.length > 0) await this.#audit.appendMany(tx, rows);
  }

  #event(
    link: Link,
    record: { at: number; device?: StateRecord['device'] },
    what: Pick<NewEvent, 'type' | 'severity' | 'code' | 'detail'>,
  ): NewEvent {
    const { relay: relayId, site: siteId } = link;
    return { siteId, relayId, deviceId: record.device ?? null, at: record.at, receivedAt: this.#clock.now(), ...what };
  }
}

function stateEvent({ status, reason, detail }: StateRecord): Pick<NewEvent, 'type' | 'severity' | 'code' | 'detail'> {
  const why = [reason, detail].filter((part) => part !== undefined && part !== '').join(': ');
  return {
    type: 'state',
    severity: STATE_SEVERITY[status],
    code: reason ?? null,
    detail: why === '' ? status : `${status} (${why})`,
  };
}
