// The devices of the estate: added, changed, listed, removed; and the rosters that tell relays what to poll.
import { by, type Caller, reachOf } from '#console/access/can.ts';
import { mustKeepRights } from '#console/access/right-bearers.ts';
import { EVERYTHING_SCOPE, type Scope } from '#console/access/scope.ts';
import type { Audit, AuditEntry } from '#console/audit/audit.ts';
import { changeDetail } from '#console/audit/change-detail.ts';
import { countLosses } from '#console/sites/losses.ts';
import { type Link, lockSite } from '#console/sites/relays.ts';
import { conflictWhen } from '#console/store/broken-rule.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { PageOf, TimeBound } from '#console/store/cursor.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { DeviceId, newId, type RandomBytes, type RelayId, type SiteId } from '#shared/base/id.ts';
import { type DeviceStatus, type DeviceSystem, Roster } from '#shared/model/device.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import * as repository from './device-repository.ts';
import { type DeviceEvent, deviceEventsBefore, listDeviceEvents, removeEventsBefore } from './event-repository.ts';
import { setIdentity } from './identity-repository.ts';
import { MachineIdentity } from './machine-identity.ts';
import { insertMembers } from './member-repository.ts';
import { type CompleteDevice, completeDevice, type NewDevice } from './new-device.ts';
import { checkMove, rosterOwner } from './roster-place.ts';
import { moveRoster, type RosterOwner, readRoster } from './roster-repository.ts';
import { insertTags } from './tag-repository.ts';
import { type DeviceTarget, findTargets, type TargetQuery } from './targets.ts';

export type { DeviceEvent } from './event-repository.ts';

export type { NewDevice } from './new-device.ts';

/** The machine a relay itself runs on, as it says at its enrolment. */
export interface OwnMachine {
  kind: 'site' | 'leaf';
  hostname: string;
  identity: DeviceIdentity;
  system: DeviceSystem;
  intervalMs?: number | undefined;
}

// Local polls cost no network; people look at their own machine first.
const OWN_INTERVAL_MS = 10_000;

/** Told after the commit. */
export interface DeviceOutlets {
  /** Made, or changed in what the console holds of them. */
  onDevicesChanged?: ((devices: readonly DeviceId[]) => void) | undefined;
  onDevicesRemoved?: ((devices: ReadonlyArray<{ id: DeviceId; siteId: SiteId }>) => void) | undefined;
}

export class Devices {
  #store: Store;
  #audit: Audit;
  #clock: Clock;
  #random: RandomBytes;
  #identities: MachineIdentity;
  #outlets: DeviceOutlets;

  constructor(deps: {
    store: Store;
    audit: Audit;
    clock: Clock;
    random: RandomBytes;
    /** Told after the commit: the relay shall get `rosterFor` anew. */
    onRosterChanged: (relay: RelayId) => void;
    outlets?: DeviceOutlets;
  }) {
    this.#outlets = deps.outlets ?? {};
    this.#store = deps.store;
    this.#audit = deps.audit;
    this.#clock = deps.clock;
    this.#random = deps.random;
    this.#identities = new MachineIdentity({ ...deps, onDevicesChanged: deps.outlets?.onDevicesChanged });
  }

  list(scope: Scope, filter: repository.DeviceFilter): Promise<PageOf<repository.Device>> {
    return repository.listDevices(this.#store.db, scope, filter);
  }

  find(scope: Scope, id: DeviceId): Promise<repository.DeviceDetail | undefined> {
    return repository.findDevice(this.#store.db, scope, id);
  }

  countByStatus(scope: Scope): Promise<Record<DeviceStatus, number>> {
    return repository.countByStatus(this.#store.db, scope);
  }

  /** Newest first. */
  events(scope: Scope, id: DeviceId, limit: number): Promise<DeviceEvent[]> {
    return listDeviceEvents(this.#store.db, scope, id, limit);
  }

  /** By the time they happened, newest first; the caller has checked that the device may be seen. */
  eventsBefore(id: DeviceId, bound: TimeBound | undefined, limit: number): Promise<DeviceEvent[]> {
    return deviceEventsBefore(this.#store.db, id, bound, limit);
  }

  /** Throws `not-found` for a word that names no device, `conflict` for a name that several have. */
  targets(scope: Scope, query: TargetQuery): Promise<DeviceTarget[]> {
    return findTargets(this.#store.db, scope, query);
  }

  /** Forgets what was received before `at`; returns how many events. */
  forgetEvents(at: number): Promise<number> {
    return this.#store.transaction((tx) => removeEventsBefore(tx, at));
  }

  /** What all streams lost or set aside; only who may see everything is told. */
  losses(scope: Scope): Promise<{ lost: number; gaps: number; quarantined: number }> {
    if (scope.kind !== 'everything') return Promise.resolve({ lost: 0, gaps: 0, quarantined: 0 });
    return countLosses(this.#store.db);
  }

  /** What this relay shall poll; throws `not-found` for a relay that does not exist. */
  async rosterFor(relay: RelayId): Promise<Roster> {
    const roster = await readRoster(this.#store.db, relay);
    if (roster === undefined) throw new AppError('not-found', `relay ${relay} does not exist`);
    return Roster.parse(roster);
  }

  async create(caller: Caller, scope: Scope, device: NewDevice): Promise<repository.DeviceDetail> {
    const [id] = await this.createMany(caller, [device]);
    const made = id === undefined ? undefined : await this.find(scope, id);
    if (made === undefined) throw new AppError('internal', `device ${device.name}: made, and not found`);
    return made;
  }

  /** All or none; what a wish leaves out is as the defaults of its site say. */
  async createMany(caller: Caller, devices: readonly NewDevice[]): Promise<DeviceId[]> {
    const createdAt = this.#clock.now();
    const made = devices.map((device) => ({ ...device, id: DeviceId.parse(newId(createdAt, this.#random)) }));
    const ids = made.map((device) => device.id);
    // In one order, so that two of these never wait for each other.
    const relays = [...new Set(made.map((device) => device.relayId))].sort();
    await this.#store
      .transaction(async (tx) => {
        const words = devices.flatMap(({ tags }) => tags ?? []);
        await mustKeepRights(tx, caller, { kind: 'tag', words }, createdAt);
        for (const relay of relays) {
          const some = made.filter((device) => device.relayId === relay);
          await this.#insert(tx, { relay, scope: reachOf(caller) }, some, createdAt);
        }
        await this.#audit.append(tx, this.#createRow(caller, devices, ids));
      })
      .catch(conflictWhen({ gone: 'the relay was removed meanwhile' }));
    return ids;
  }

  /** Throws `not-found`; `conflict` and `too-large` for a relay that cannot take it. What differs in nothing is no change. */
  async update(caller: Caller, scope: Scope, id: DeviceId, change: repository.DeviceChange): Promise<void> {
    await this.#store
      .transaction(async (tx) => {
        const device = await repository.lockDevice(tx, scope, id);
        if (device === undefined) throw noDevice(id);
        const { detail, changed } = changeDetail({ ...device, type: device.setType }, change, LONG);
        if (detail === undefined) return;
        const to = changed.has('relayId') ? change.relayId : undefined;
        if (to !== undefined)
          await checkMove(tx, { ...device, transport: change.transport ?? device.transport }, { relay: to, scope });
        await repository.updateDevice(tx, id, change);
        if (ROSTER_MEMBERS.some((member) => changed.has(member)))
          for (const relay of [...new Set([device.relayId, to])].sort())
            if (relay != null) await this.#identities.rosterChanged(tx, relay);
        afterCommit(() => this.#outlets.onDevicesChanged?.([id]));
        const row = { verb: 'device.update', resource: `device:${id}`, outcome: 'ok' as const, detail };
        await this.#audit.append(tx, { ...by(caller), ...row });
      })
      .catch(conflictWhen({ gone: 'the relay was removed meanwhile' }));
  }

  /** Its facts and identifiers go with it; events, outcomes and samples stay until their time. Throws `not-found`. */
  async remove(caller: Caller, scope: Scope, id: DeviceId): Promise<void> {
    await this.removeMany(caller, scope, [id]);
  }

  /** All or none: throws `not-found`, that names the first one that is not there. Each has its row in the trail. */
  async removeMany(caller: Caller, scope: Scope, ids: readonly DeviceId[]): Promise<number> {
    return await this.#store.transaction(async (tx) => {
      const devices = await repository.lockDevices(tx, scope, ids);
      const found = new Set(devices.map((device) => device.id));
      const missing = ids.find((id) => !found.has(id));
      if (missing !== undefined) throw noDevice(missing);
      await repository.deleteDevices(tx, [...found]);
      const relays = new Set(devices.flatMap(({ relayId }) => relayId ?? []));
      for (const relay of [...relays].sort()) await this.#identities.rosterChanged(tx, relay);
      afterCommit(() => this.#outlets.onDevicesRemoved?.(devices.map(({ id, siteId }) => ({ id, siteId }))));
      const rows = devices.map(({ id, siteId, name, address }): AuditEntry => {
        const detail = { name, address, ...(devices.length === 1 ? {} : { with: devices.length - 1 }) };
        return { ...by(caller), verb: 'device.remove', resource: `device:${id}`, site: siteId, outcome: 'ok', detail };
      });
      await this.#audit.appendMany(tx, rows);
      return devices.length;
    });
  }

  /**
   * The device that a newly enrolled relay's own machine is, inside the enrolment's transaction: one it was before (a leaf
   * takes it over, with its id and history), or a new one. Undefined: a leaf watches this machine, and goes on doing so.
   */
  async enrolOwnMachine(tx: Tx, link: Link, machine: OwnMachine): Promise<DeviceId | undefined> {
    await lockSite(tx, link.site);
    const { hostname, identity, system } = machine;
    const seen = { identity, system, hostname };
    const intervalMs = machine.intervalMs ?? OWN_INTERVAL_MS;
    const none = { port: null, credential: null, spn: null, realm: null, share: null };
    const way = { transport: 'local' as const, address: 'localhost', ...none, intervalMs };
    const proposal = { ...way, relayKind: machine.kind, relay: link.relay, device: undefined };
    const settled = await this.#identities.settleWith(tx, link, seen, proposal);
    if (settled?.by === 'merge') return undefined;
    if (settled?.by === 'take-over') {
      await setIdentity(tx, settled.device.id, seen);
      return settled.device.id;
    }
    const createdAt = this.#clock.now();
    const id = DeviceId.parse(newId(createdAt, this.#random));
    const device = { ...way, id, relayId: link.relay, name: storedText(hostname.trim(), 253) || 'unnamed' };
    await this.#insert(tx, { relay: link.relay, scope: EVERYTHING_SCOPE }, [device], createdAt);
    await setIdentity(tx, id, seen);
    return id;
  }

  /** A machine takes the place of a relay, in the transaction that enrols it. Answers how many devices moved. */
  async moveRoster(tx: Tx, from: RelayId, to: RelayId): Promise<number> {
    const moved = await moveRoster(tx, from, to);
    if (moved.length === 0) return 0;
    await this.#identities.rosterChanged(tx, to);
    afterCommit(() => this.#outlets.onDevicesChanged?.(moved));
    return moved.length;
  }

  /** Devices of one relay, with their tags and groups. */
  async #insert(
    tx: Tx,
    { relay, scope }: { relay: RelayId; scope: Scope },
    devices: ReadonlyArray<NewDevice & { id: DeviceId }>,
    createdAt: number,
  ): Promise<void> {
    const owner = await rosterOwner(tx, { relay, scope }, devices.length);
    const complete = devices.map((device) => completeDevice(device, owner.defaults));
    await repository.insertDevices(
      tx,
      complete.map((device) => newRow(device, owner, createdAt)),
    );
    await insertTags(
      tx,
      complete.flatMap(({ id, tags }) => tags.map((tag) => ({ device: id, tag }))),
    );
    const ids = complete.map(({ id }) => id);
    for (const group of owner.defaults.groupIds ?? []) await insertMembers(tx, group, ids);
    await this.#identities.rosterChanged(tx, relay);
    afterCommit(() => this.#outlets.onDevicesChanged?.(ids));
  }

  #createRow(caller: Caller, devices: readonly NewDevice[], ids: readonly DeviceId[]): AuditEntry {
    const [device] = devices;
    const isOne = devices.length === 1;
    const detail = isOne
      ? { name: device?.name, relay: device?.relayId, address: device?.address, credential: device?.credential }
      : { devices: devices.length, first: ids[0], last: ids.at(-1) };
    const resource = isOne ? `device:${ids[0]}` : 'device:many';
    return { ...by(caller), verb: 'device.create', resource, outcome: 'ok', detail };
  }
}

/** Their text would fill the trail. */
const LONG = ['notes'];
/** What the relay is told of a device. */
const ROSTER_MEMBERS = [
  ...['name', 'transport', 'address', 'port', 'credential', 'intervalMs', 'relayId'],
  ...['spn', 'realm', 'share'],
];

const noDevice = (id: DeviceId) => new AppError('not-found', `device ${id} does not exist`);

function newRow(
  device: CompleteDevice & { id: DeviceId },
  owner: RosterOwner,
  createdAt: number,
): repository.NewDeviceRow {
  return {
    id: device.id,
    siteId: owner.siteId,
    relayId: device.relayId,
    name: device.name,
    transport: device.transport,
    address: device.address,
    port: device.port,
    credential: device.credential,
    intervalMs: device.intervalMs,
    spn: device.spn,
    realm: device.realm,
    share: device.share,
    isSimulated: owner.isSimulated || device.isSimulated === true,
    system: 'unknown',
    hostname: null,
    type: device.type ?? null,
    notes: device.notes ?? '',
    createdAt,
  };
}
