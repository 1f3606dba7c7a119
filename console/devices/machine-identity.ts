// Who a device is: identities pinned by relays become the console's own, and one machine seen twice becomes one device.
import type { Audit } from '#console/audit/audit.ts';
import { type Link, lockSite } from '#console/sites/relays.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { Tx } from '#console/store/engine.ts';
import type { DeviceId, RelayId } from '#shared/base/id.ts';
import { enrichIdentity, matchIdentity } from '#shared/model/device-identity.ts';
import type { IdentityRecord } from '#shared/model/record.ts';
import { deleteDevice } from './device-repository.ts';
import { insertEvents, type NewEvent } from './event-repository.ts';
import {
  type KnownMachine,
  type MachineWay,
  machinesOf,
  machinesSharing,
  type SeenMachine,
  setIdentity,
  setPoller,
  setSeenIdentity,
} from './identity-repository.ts';
import { raiseRosterVersion } from './roster-repository.ts';
import { isSameMachine, settle } from './same-machine.ts';

/** The way a relay proposes to reach a machine; `device` is the line of its roster, when there is one already. */
export type Proposal = MachineWay &
  Pick<KnownMachine, 'relayKind'> & {
    relay: RelayId;
    device: DeviceId | undefined;
  };

export class MachineIdentity {
  #audit: Audit;
  #onRosterChanged: (relay: RelayId) => void;
  #onDevicesChanged: ((ids: readonly DeviceId[]) => void) | undefined;

  constructor(deps: {
    audit: Audit;
    onRosterChanged: (relay: RelayId) => void;
    onDevicesChanged?: ((ids: readonly DeviceId[]) => void) | undefined;
  }) {
    this.#audit = deps.audit;
    this.#onRosterChanged = deps.onRosterChanged;
    this.#onDevicesChanged = deps.onDevicesChanged;
  }

  /** What is known of these devices was changed, or they are gone; told once it is durable. */
  devicesChanged(ids: readonly DeviceId[]): void {
    if (ids.length > 0) afterCommit(() => this.#onDevicesChanged?.(ids));
  }

  /** What one relay's devices showed, in the order they showed it. */
  async applyIdentities(tx: Tx, link: Link, records: readonly IdentityRecord[], receivedAt: number): Promise<void> {
    await lockSite(tx, link.site);
    const machines = await machinesOf(
      tx,
      link.relay,
      records.map((record) => record.device),
    );
    const events: NewEvent[] = [];
    for (const record of records) {
      const machine = machines.get(record.device);
      if (machine === undefined) continue;
      const told = await this.#apply(tx, link, machine, record);
      if (told.isGone) machines.delete(record.device);
      const { siteId, relayId } = { siteId: link.site, relayId: link.relay };
      const base = { siteId, relayId, at: record.at, receivedAt };
      events.push(...told.events.map((event) => ({ ...base, deviceId: record.device, ...event })));
    }
    await insertEvents(tx, events);
    this.devicesChanged(records.map((record) => record.device));
  }

  /**
   * The device that the machine is already, if it is surely one; settled with `proposal`. `take-over`: it is polled the
   * proposed way now. `merge`: it stays as it is. In both, the line of the proposal goes.
   */
  async settleWith(
    tx: Tx,
    link: Link,
    seen: SeenMachine,
    proposal: Proposal,
  ): Promise<{ device: KnownMachine; by: 'take-over' | 'merge' | 'apart' } | undefined> {
    const sharing = await machinesSharing(tx, link.site, seen.identity, proposal.device);
    const same = sharing.filter(({ identity }) => identity !== null && isSameMachine(identity, seen.identity));
    const [older] = same;
    // Two that are surely this machine are two that are not: nobody is merged into a guess.
    if (older === undefined || same.length > 1) return undefined;
    const by = settle(older, proposal);
    if (by === 'apart') return { device: older, by };
    if (proposal.device !== undefined) await deleteDevice(tx, proposal.device);
    if (by === 'take-over') await setPoller(tx, older.id, proposal);
    this.devicesChanged(proposal.device === undefined ? [older.id] : [older.id, proposal.device]);
    await this.rosterChanged(tx, proposal.relay);
    if (by === 'take-over' && older.relayId !== null && older.relayId !== proposal.relay)
      await this.rosterChanged(tx, older.relayId);
    await this.#audit.append(tx, {
      actor: `relay:${link.relay}`,
      verb: by === 'take-over' ? 'device.take-over' : 'device.merge',
      resource: `device:${older.id}`,
      outcome: 'ok',
      detail: { from: older.relayId, to: proposal.relay, removed: proposal.device ?? null, name: older.name },
    });
    return { device: older, by };
  }

  /** The relay shall hold a newer roster; it is told once the change is durable. */
  async rosterChanged(tx: Tx, relay: RelayId): Promise<void> {
    await raiseRosterVersion(tx, relay);
    afterCommit(() => this.#onRosterChanged(relay));
  }

  async #apply(tx: Tx, link: Link, machine: KnownMachine, record: IdentityRecord): Promise<Told> {
    if (record.verdict === 'changed') {
      await setSeenIdentity(tx, machine.id, record.identity);
      machine.seenIdentity = record.identity;
      return {
        isGone: false,
        events: [changedEvent(machine, 'another machine answers here; nothing of it is stored')],
      };
    }
    const seen: SeenMachine = { ...record, hostname: record.hostname ?? null };
    const settled = await this.settleWith(tx, link, seen, { ...machine, relay: link.relay, device: machine.id });
    if (settled !== undefined && settled.by !== 'apart') return { isGone: true, events: [] };
    const events: Told['events'] = settled === undefined ? [] : [doubleEvent(machine, settled.device)];
    if (record.verdict === 'new') events.push(...pinEvents(machine, record));
    const pinned = machine.identity;
    const identity =
      record.verdict === 'enriched' && pinned !== null ? enrichIdentity(pinned, record.identity) : record.identity;
    await setIdentity(tx, machine.id, { ...seen, identity }, pinned === null);
    machine.identity = identity;
    machine.seenIdentity = null;
    return { isGone: false, events };
  }
}

interface Told {
  /** The device was merged into another. */
  isGone: boolean;
  events: Array<Pick<NewEvent, 'type' | 'severity' | 'code' | 'detail'>>;
}

const changedEvent = (machine: KnownMachine, detail: string): Told['events'][number] => ({
  type: 'identity',
  severity: 'critical',
  code: 'identity-changed',
  detail: `${machine.name}: ${detail}`,
});

const doubleEvent = (machine: KnownMachine, other: KnownMachine): Told['events'][number] => ({
  type: 'same-machine',
  severity: 'warning',
  code: 'conflict',
  detail: `${machine.name} is the same machine as ${other.name} (${other.id}): remove one of them`,
});

/** What a relay pins is the truth for commands; a pin that differs from the former one must not pass unseen. */
function pinEvents(machine: KnownMachine, record: IdentityRecord): Told['events'] {
  if (machine.identity === null) {
    const detail = `${machine.name}: identity pinned at first contact`;
    return [{ type: 'identity', severity: 'info', code: null, detail }];
  }
  if (matchIdentity(machine.identity, record.identity).verdict !== 'different') return [];
  const wasAnnounced =
    machine.seenIdentity !== null && matchIdentity(machine.seenIdentity, record.identity).verdict === 'same';
  if (!wasAnnounced) return [changedEvent(machine, 'its relay pinned another identity without an order')];
  return [{ type: 'identity', severity: 'warning', code: null, detail: `${machine.name}: the new identity is pinned` }];
}
