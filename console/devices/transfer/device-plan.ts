// Compares a file of devices with what stands: what would be made, what would change and in which fields, and what cannot be. Pure.

import { completeDevice } from '#console/devices/new-device.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { ImportFault, ImportItem } from '#shared/contract/import-contract.ts';
import { MAX_ROSTER_DEVICES } from '#shared/model/device.ts';
import type { DeviceColumn } from './columns.ts';
import { deviceCells } from './device-cells.ts';
import type { DeviceWish } from './device-row.ts';
import { deviceKey, type EstateDevice, type EstateNames, type EstateRelay } from './estate.ts';
import { type NewPlace, type Place, placeName, placeOf } from './site-places.ts';

/** A device as it would stand; of a new site there is no id yet. */
export type WantedDevice = Omit<EstateDevice, 'id' | 'siteId'>;

export type DeviceStep =
  | { change: 'create'; item: ImportItem; at: SiteId | NewPlace; device: WantedDevice }
  | { change: 'update'; item: ImportItem; id: DeviceId; before: EstateDevice; device: WantedDevice }
  | { change: 'same'; item: ImportItem };

/** Plans row after row: what earlier rows take is taken. */
export class DevicePlanner {
  readonly #names: EstateNames;
  readonly #within: SiteId | undefined;
  readonly #faults: ImportFault[];
  /** Rows by the device they mean. */
  readonly #seen = new Map<string, number>();
  readonly #polled: Map<string, number>;
  readonly fresh = new Map<string, NewPlace>();

  constructor(deps: { names: EstateNames; within: SiteId | undefined; faults: ImportFault[] }) {
    this.#names = deps.names;
    this.#within = deps.within;
    this.#faults = deps.faults;
    this.#polled = new Map([...deps.names.relay.values()].map((relay) => [relay.id, relay.devices]));
  }

  /** Undefined for a row with a fault, which stands in `faults` then. */
  plan(wish: DeviceWish): DeviceStep | undefined {
    const faults = this.#faults.length;
    const step = wish.id === undefined ? this.#byName(wish) : this.#byId(wish, wish.id);
    return this.#faults.length === faults ? step : undefined;
  }

  #fault({ row }: DeviceWish, column: DeviceColumn | null, message: string): undefined {
    this.#faults.push({ row, column, message });
  }

  #byId(wish: DeviceWish, id: DeviceId): DeviceStep | undefined {
    const device = this.#names.device.get(id);
    if (device === undefined) return this.#fault(wish, 'id', 'no device has this id');
    const site = this.#names.site.get(device.siteId);
    if (this.#within !== undefined && device.siteId !== this.#within)
      return this.#fault(wish, 'id', 'this device is at another site than the one the import is for');
    if (
      (wish.site !== undefined && wish.site !== site?.name) ||
      (wish.customer !== undefined && wish.customer !== site?.customer)
    )
      return this.#fault(
        wish,
        'site',
        `a device stays at its site; this one is at "${site?.name}" of "${site?.customer}"`,
      );
    return this.#update(wish, device);
  }

  #byName(wish: DeviceWish): DeviceStep | undefined {
    const { name } = wish;
    if (name === undefined) return undefined; // its cell has a fault already
    const place = placeOf({ site: wish.site, customer: wish.customer }, this.#names, this.#within);
    if ('message' in place) return this.#fault(wish, place.column, place.message);
    if ('fresh' in place) return this.#create(wish, name, place);
    const [device, second] = this.#names.devicesByName.get(deviceKey(place.site.id, name)) ?? [];
    if (second !== undefined)
      return this.#fault(
        wish,
        'name',
        'several devices of this site have this name: give the id of the one that is meant',
      );
    return device === undefined ? this.#create(wish, name, place) : this.#update(wish, device);
  }

  /** Each device is meant by one row only. */
  #isFirst(wish: DeviceWish, key: string): boolean {
    const first = this.#seen.get(key);
    if (first !== undefined) this.#fault(wish, null, `is the same device as row ${first}`);
    else this.#seen.set(key, wish.row);
    return first === undefined;
  }

  #create(wish: DeviceWish, name: string, place: Place): DeviceStep | undefined {
    const isFresh = 'fresh' in place;
    const site = isFresh ? undefined : place.site;
    const key = deviceKey(site?.id ?? (isFresh ? placeName(place.fresh) : ''), name);
    if (!this.#isFirst(wish, key)) return undefined;
    if (wish.address === undefined) return this.#fault(wish, 'address', 'is missing');
    if (wish.transport === 'local')
      return this.#fault(wish, 'transport', 'only a relay can add the machine it runs on; use ssh');
    const relay = this.#relayFor(wish, site);
    const groups =
      this.#groupsOf(wish) ?? [...(site?.defaults.groupIds ?? [])].filter((id) => this.#names.group.has(id));
    if (relay === undefined) return undefined;
    const { transport, port, credential, intervalMs, spn, realm, share, type, tags, notes } = wish;
    const reached = { transport, port, credential, intervalMs, spn, realm, share };
    const wished = { name, address: wish.address, ...reached, type, tags, notes };
    const done = completeDevice(wished, site?.defaults ?? {});
    const device: WantedDevice = {
      ...done,
      relayId: relay?.id ?? null,
      type: done.type ?? null,
      tags: [...done.tags].sort(),
      groups,
      notes: done.notes ?? '',
      links: wish.links ?? [],
    };
    if (relay !== null) this.#take(wish, relay);
    if (isFresh) this.fresh.set(placeName(place.fresh), place.fresh);
    const at = isFresh ? place.fresh : place.site.id;
    const told = this.#textOf(device);
    const fields = TOLD.flatMap((field) => (told[field] === '' ? [] : [{ field, from: null, to: told[field] }]));
    const siteName = isFresh ? place.fresh.name : place.site.name;
    return { change: 'create', at, device, item: { row: wish.row, change: 'create', name, site: siteName, fields } };
  }

  #update(wish: DeviceWish, before: EstateDevice): DeviceStep | undefined {
    if (!this.#isFirst(wish, before.id)) return undefined;
    const { id: _id, siteId: _siteId, ...stands } = before;
    const { row, empty, id, customer, site, relay: _relay, groups: _groups, ...said } = wish;
    const relay = this.#newRelay(wish, before);
    const groups = this.#groupsOf(wish) ?? (empty.has('groups') ? [] : before.groups);
    const device: WantedDevice = { ...stands, ...emptied(empty), ...said, relayId: relay, groups };
    const [from, to] = [this.#textOf(stands), this.#textOf(device)];
    const fields = TOLD.flatMap((field) =>
      from[field] === to[field] ? [] : [{ field, from: from[field] || null, to: to[field] || null }],
    );
    if (from.transport !== to.transport && (from.transport === 'local' || to.transport === 'local'))
      return this.#fault(wish, 'transport', 'only the relay that runs on a machine can poll it without a network');
    const change = fields.length === 0 ? ('same' as const) : ('update' as const);
    const siteName = this.#names.site.get(before.siteId)?.name ?? '';
    const item: ImportItem = { row, change, name: device.name, site: siteName, fields };
    return change === 'same' ? { change, item } : { change, item, id: before.id, before, device };
  }

  /** Null: nobody polls it yet. Undefined: a fault. */
  #relayFor(
    wish: DeviceWish,
    site: { id: SiteId; name: string; defaults: { relayId?: RelayId | undefined } } | undefined,
  ) {
    const all = site === undefined ? [] : (this.#names.relaysOfSite.get(site.id) ?? []);
    if (wish.relay !== undefined) return this.#named(wish, all, wish.relay);
    const usual = all.filter((relay) => relay.kind === 'site' && !relay.isRevoked);
    const preset = usual.find((relay) => relay.id === site?.defaults.relayId);
    if (preset !== undefined) return preset;
    const [only = null, second] = usual;
    return second === undefined
      ? only
      : this.#fault(wish, 'relay', `is missing: the site "${site?.name}" has ${usual.length} relays`);
  }

  #named(wish: DeviceWish, all: readonly EstateRelay[], name: string): EstateRelay | undefined {
    const [relay, second] = all.filter((one) => one.name === name && !one.isRevoked);
    if (relay === undefined)
      return this.#fault(wish, 'relay', `no relay of this site is called "${name.slice(0, 60)}"`);
    if (second !== undefined)
      return this.#fault(wish, 'relay', 'several relays of this site have this name: rename one');
    return relay;
  }

  #newRelay(wish: DeviceWish, before: EstateDevice): RelayId | null {
    const known = before.relayId;
    if (wish.relay === undefined) return known;
    // A device stays with its relay even when that has a namesake.
    if (known !== null && this.#names.relay.get(known)?.name === wish.relay) return known;
    const relay = this.#named(wish, this.#names.relaysOfSite.get(before.siteId) ?? [], wish.relay);
    if (relay === undefined) return known;
    if (before.transport === 'local') this.#fault(wish, 'relay', 'this is the machine that its relay runs on');
    if (known !== null) this.#polled.set(known, (this.#polled.get(known) ?? 1) - 1);
    this.#take(wish, relay);
    return relay.id;
  }

  #take(wish: DeviceWish, relay: EstateRelay): void {
    const devices = (this.#polled.get(relay.id) ?? 0) + 1;
    this.#polled.set(relay.id, devices);
    if (relay.kind === 'leaf') this.#fault(wish, 'relay', `"${relay.name}" polls its own machine alone`);
    else if (devices > MAX_ROSTER_DEVICES)
      this.#fault(
        wish,
        'relay',
        `"${relay.name}" would poll more than ${MAX_ROSTER_DEVICES.toLocaleString('en')} devices`,
      );
  }

  #groupsOf(wish: DeviceWish) {
    return wish.groups?.flatMap((name) => {
      const group = this.#names.groupByName.get(name);
      if (group === undefined) this.#fault(wish, 'groups', `: there is no group "${name}"`);
      else if (group.kind === 'rule') this.#fault(wish, 'groups', `: the members of "${name}" follow its rule`);
      return group === undefined ? [] : [group.id];
    });
  }

  #textOf(device: WantedDevice): Record<DeviceColumn, string> {
    // Neither the id nor the site of a device changes.
    const nowhere = { ...device, id: '', siteId: '' } as EstateDevice;
    return deviceCells(nowhere, this.#names);
  }
}

/** What an empty cell makes of a device that is there. */
function emptied(empty: ReadonlySet<DeviceColumn>): Partial<WantedDevice> {
  return {
    ...(empty.has('port') ? { port: null } : {}),
    ...(empty.has('credential') ? { credential: null } : {}),
    ...(empty.has('spn') ? { spn: null } : {}),
    ...(empty.has('realm') ? { realm: null } : {}),
    ...(empty.has('share') ? { share: null } : {}),
    ...(empty.has('type') ? { type: null } : {}),
    ...(empty.has('tags') ? { tags: [] } : {}),
    ...(empty.has('notes') ? { notes: '' } : {}),
    ...(empty.has('links') ? { links: [] } : {}),
  };
}

/** Fields that a plan tells of. */
const TOLD = [
  'name',
  'relay',
  'transport',
  'address',
  'port',
  'credential',
  'interval',
  'spn',
  'realm',
  'share',
  'type',
  'tags',
  'groups',
  'notes',
  'links',
] as const satisfies readonly DeviceColumn[];
