// The devices of the estate: added, changed, listed, removed; and the rosters that tell relays what to poll.
import { actorName, type Caller } from '#console/access/can.ts';
import type { Scope } from '#console/access/scope.ts';
import type { Audit, AuditEntry } from '#console/audit/audit.ts';
import { countLosses } from '#console/sites/losses.ts';
import { type Link, lockSite } from '#console/sites/relays.ts';
import { conflictWhen } from '#console/store/broken-rule.ts';
import type { PageOf } from '#console/store/cursor.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { DeviceId, newId, type RandomBytes, type RelayId } from '#shared/base/id.ts';
import { type DeviceStatus, type DeviceSystem, Roster, type TransportKind } from '#shared/model/device.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import * as repository from './device-repository.ts';
import { type DeviceEvent, listDeviceEvents, removeEventsBefore } from './event-repository.ts';
import { setIdentity } from './identity-repository.ts';
import { MachineIdentity } from './machine-identity.ts';
import { findRosterOwner, moveRoster, type RosterOwner, readRoster } from './roster-repository.ts';
import { type DeviceTarget, findTargets, type TargetQuery } from './targets.ts';

export type { Device } from './device-repository.ts';
export type { DeviceEvent } from './event-repository.ts';

export interface NewDevice {
  relayId: RelayId;
  name: string;
  transport: TransportKind;
  address: string;
  port?: number | null | undefined;
  credential?: string | null | undefined;
  intervalMs: number;
  isSimulated?: boolean | undefined;
}

/** The machine a relay itself runs on, as it says at its enrolment. */
export interface OwnMachine {
  kind: 'site' | 'leaf';
  hostname: string;
  identity: DeviceIdentity;
  system: DeviceSystem;
  intervalMs?: number | undefined;
}

// What the roster's schema and its frame hold.
const MAX_PER_RELAY = 2_000;
// Local polls cost no network; people look at their own machine first.
const OWN_INTERVAL_MS = 10_000;

export class Devices {
  #store: Store;
  #audit: Audit;
  #clock: Clock;
  #random: RandomBytes;
  #identities: MachineIdentity;

  constructor(deps: {
    store: Store;
    audit: Audit;
    clock: Clock;
    random: RandomBytes;
    /** Told after the commit: the relay shall get `rosterFor` anew. */
    onRosterChanged: (relay: RelayId) => void;
  }) {
    this.#store = deps.store;
    this.#audit = deps.audit;
    this.#clock = deps.clock;
    this.#random = deps.random;
    this.#identities = new MachineIdentity(deps);
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

  /** All or none. */
  async createMany(caller: Caller, devices: readonly NewDevice[]): Promise<DeviceId[]> {
    const createdAt = this.#clock.now();
    const made = devices.map((device) => ({ ...device, id: DeviceId.parse(newId(createdAt, this.#random)) }));
    const ids = made.map((device) => device.id);
    // In one order, so that two of these never wait for each other.
    const relays = [...new Set(made.map((device) => device.relayId))].sort();
    await this.#store
      .transaction(async (tx) => {
        for (const relay of relays) {
          const some = made.filter((device) => device.relayId === relay);
          const owner = await rosterOwner(tx, relay, some.length);
          await repository.insertDevices(
            tx,
            some.map((device) => newRow(device, owner, createdAt)),
          );
          await this.#identities.rosterChanged(tx, relay);
        }
        await this.#audit.append(tx, this.#createRow(caller, devices, ids));
      })
      .catch(conflictWhen({ gone: 'the relay was removed meanwhile' }));
    return ids;
  }

  /** Throws `not-found`. */
  async update(caller: Caller, scope: Scope, id: DeviceId, reach: repository.DeviceReach): Promise<void> {
    await this.#store.transaction(async (tx) => {
      const device = await existing(tx, scope, id);
      await repository.updateReach(tx, id, reach);
      if (device.relayId !== null) await this.#identities.rosterChanged(tx, device.relayId);
      await this.#audit.append(tx, {
        ...by(caller),
        verb: 'device.update',
        resource: `device:${id}`,
        outcome: 'ok',
        detail: { ...reach },
      });
    });
  }

  /** Its facts and identifiers go with it; events, outcomes and samples stay until their time. Throws `not-found`. */
  async remove(caller: Caller, scope: Scope, id: DeviceId): Promise<void> {
    await this.#store.transaction(async (tx) => {
      const device = await existing(tx, scope, id);
      await repository.deleteDevice(tx, id);
      if (device.relayId !== null) await this.#identities.rosterChanged(tx, device.relayId);
      const { name, address } = device;
      const row = {
        verb: 'device.remove',
        resource: `device:${id}`,
        outcome: 'ok' as const,
        detail: { name, address },
      };
      await this.#audit.append(tx, { ...by(caller), ...row });
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
    const way = { transport: 'local' as const, address: 'localhost', port: null, credential: null, intervalMs };
    const proposal = { ...way, relayKind: machine.kind, relay: link.relay, device: undefined };
    const settled = await this.#identities.settleWith(tx, link, seen, proposal);
    if (settled?.by === 'merge') return undefined;
    if (settled?.by === 'take-over') {
      await setIdentity(tx, settled.device.id, seen);
      return settled.device.id;
    }
    const owner = await rosterOwner(tx, link.relay, 1);
    const createdAt = this.#clock.now();
    const id = DeviceId.parse(newId(createdAt, this.#random));
    const device = { ...way, id, relayId: link.relay, name: storedText(hostname.trim(), 253) || 'unnamed' };
    await repository.insertDevices(tx, [{ ...newRow(device, owner, createdAt), system, hostname }]);
    await setIdentity(tx, id, seen);
    await this.#identities.rosterChanged(tx, link.relay);
    return id;
  }

  /** A machine takes the place of a relay, in the transaction that enrols it. Answers how many devices moved. */
  async moveRoster(tx: Tx, from: RelayId, to: RelayId): Promise<number> {
    const moved = await moveRoster(tx, from, to);
    if (moved > 0) await this.#identities.rosterChanged(tx, to);
    return moved;
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

const by = (caller: Caller) => ({ actor: actorName(caller.actor), address: caller.address });

async function existing(tx: Tx, scope: Scope, id: DeviceId): Promise<repository.DeviceDetail> {
  const device = await repository.findDevice(tx, scope, id);
  if (device === undefined) throw new AppError('not-found', `device ${id} does not exist`);
  return device;
}

/** The relay that may take `more` devices, or the reason why it may not. */
async function rosterOwner(tx: Tx, relay: RelayId, more: number): Promise<RosterOwner> {
  const owner = await findRosterOwner(tx, relay);
  if (owner === undefined) throw new AppError('not-found', `relay ${relay} does not exist`);
  if (owner.isRevoked) throw new AppError('conflict', `relay ${relay} is revoked: it polls nothing`);
  const most = owner.kind === 'leaf' ? 1 : MAX_PER_RELAY;
  if (owner.devices + more > most) {
    const why = owner.kind === 'leaf' ? 'a leaf polls its own machine alone' : `it holds ${owner.devices} already`;
    throw new AppError('too-large', `relay ${relay}: at most ${most} devices, ${why}`);
  }
  return owner;
}

function newRow(device: NewDevice & { id: DeviceId }, owner: RosterOwner, createdAt: number): repository.NewDeviceRow {
  return {
    id: device.id,
    siteId: owner.siteId,
    relayId: device.relayId,
    name: device.name,
    transport: device.transport,
    address: device.address,
    port: device.port ?? null,
    credential: device.credential ?? null,
    intervalMs: device.intervalMs,
    isSimulated: owner.isSimulated || device.isSimulated === true,
    system: 'unknown',
    hostname: null,
    createdAt,
  };
}
