// Does the steps of an import, some in each transaction; what each made and changed is written down with it, so that all can be undone.

import { type Scope, seesEverything } from '#console/access/scope.ts';
import * as devices from '#console/devices/device-repository.ts';
import { deleteMembers, insertMembers } from '#console/devices/member-repository.ts';
import { deleteTags, insertTags } from '#console/devices/tag-repository.ts';
import type { Sites } from '#console/sites/sites.ts';
import type { Tx } from '#console/store/engine.ts';
import { AppError } from '#shared/base/errors.ts';
import { DeviceId, type GroupId, newId, type RandomBytes, type RelayId, type SiteId } from '#shared/base/id.ts';
import { type CreateStep, checkCreates, checkUpdates, type UpdateStep } from './apply-checks.ts';
import type { WantedDevice } from './device-plan.ts';
import type { Estate, EstateDevice, EstateSite } from './estate.ts';
import type { Step } from './import-plan.ts';
import { type NewPlace, placeName } from './site-places.ts';
import type { SiteStep } from './site-plan.ts';
import { newUndo, type Undo } from './undo.ts';

interface Deps {
  sites: Pick<Sites, 'createIn' | 'updateIn' | 'ensureCustomerIn'>;
  random: RandomBytes;
  now: number;
  /** As it stood when the import began. */
  estate: Estate;
  /** What the import may reach. */
  scope: Scope;
}

/** What one transaction made. */
interface Made {
  undo: Undo;
  places: Map<string, SiteId>;
}

/** One import on its way through its transactions. */
export class Applying {
  readonly #deps: Deps;
  readonly #sites: ReadonlyMap<string, EstateSite>;
  readonly #places = new Map<string, SiteId>();
  readonly devices: DeviceId[] = [];
  readonly relays = new Set<RelayId>();
  readonly newSites: SiteId[] = [];

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#sites = new Map(deps.estate.sites.map((site) => [site.id, site]));
  }

  /** Inside one transaction, which PostgreSQL may run again: nothing of it is kept here before it is committed. */
  async apply(tx: Tx, steps: readonly Step[]): Promise<Made> {
    const made: Made = { undo: newUndo(), places: new Map() };
    const creates: CreateStep[] = [];
    const updates: UpdateStep[] = [];
    for (const step of steps) {
      if (step.of === 'sites') await this.#site(tx, step, made);
      else if (step.change === 'create') creates.push(step);
      else if (step.change === 'update') updates.push(step);
    }
    await checkCreates(tx, creates);
    await checkUpdates(tx, updates);
    const fresh: NewDevice[] = [];
    for (const { at, device } of creates) {
      const siteId = typeof at === 'string' ? at : await this.#madeSite(tx, at, made);
      fresh.push({ ...device, siteId, id: DeviceId.parse(newId(this.#deps.now, this.#deps.random)) });
    }
    await this.#insert(tx, fresh, made.undo);
    for (const step of updates) await this.#update(tx, step, made.undo);
    return made;
  }

  /** After the commit: later transactions build on it. */
  committed({ undo, places }: Made): void {
    for (const [name, id] of places) this.#places.set(name, id);
    this.newSites.push(...undo.sites);
    for (const id of undo.devices) this.devices.push(id);
    for (const { id } of undo.devicesBefore) this.devices.push(id);
  }

  async #customer(tx: Tx, name: string, { undo }: Made): Promise<void> {
    if (this.#deps.estate.customers.has(name)) return;
    // One that may not be seen is as if there were none, and who sees a part of the estate makes none.
    if (!seesEverything(this.#deps.scope)) throw new AppError('not-found', `no customer "${name}"`);
    const id = await this.#deps.sites.ensureCustomerIn(tx, name);
    if (!undo.customers.includes(id)) undo.customers.push(id);
  }

  async #madeSite(tx: Tx, at: NewPlace, made: Made, texts: Partial<EstateSite> = {}): Promise<SiteId> {
    const name = placeName(at);
    const known = made.places.get(name) ?? this.#places.get(name);
    if (known !== undefined) return known;
    await this.#customer(tx, at.customer, made);
    const wish = { ...texts, name: at.name, customerName: at.customer };
    const { id } = await this.#deps.sites.createIn(tx, wish, this.#deps.scope);
    made.undo.sites.push(id);
    made.places.set(name, id);
    return id;
  }

  async #site(tx: Tx, step: SiteStep, made: Made): Promise<void> {
    switch (step.change) {
      case 'create':
        await this.#madeSite(tx, step.at, made, step.site);
        return;
      case 'create-customer':
        await this.#customer(tx, step.customer, made);
        return;
      case 'update': {
        const before = this.#sites.get(step.id);
        if (before !== undefined) {
          made.undo.sitesBefore.push(before);
          made.undo.sitesAfter.push({ ...before, ...step.site });
        }
        await this.#deps.sites.updateIn(tx, step.id, step.site);
        return;
      }
      case 'same':
    }
  }

  async #insert(tx: Tx, fresh: readonly NewDevice[], undo: Undo): Promise<void> {
    if (fresh.length === 0) return;
    const rows = fresh.map(({ tags: _tags, groups: _groups, ...device }) => ({
      ...device,
      isSimulated: this.#sites.get(device.siteId)?.isSimulated === true,
      system: 'unknown' as const,
      hostname: null,
      createdAt: this.#deps.now,
    }));
    await devices.insertDevices(tx, rows);
    await insertTags(
      tx,
      fresh.flatMap(({ id, tags }) => tags.map((tag) => ({ device: id, tag }))),
    );
    const groups = new Map<GroupId, DeviceId[]>();
    for (const device of fresh) {
      undo.devices.push(device.id);
      if (device.relayId !== null) this.relays.add(device.relayId);
      for (const group of device.groups) groups.set(group, [...(groups.get(group) ?? []), device.id]);
    }
    for (const [group, ids] of groups) await insertMembers(tx, group, ids);
  }

  async #update(tx: Tx, { id, before, device }: UpdateStep, undo: Undo): Promise<void> {
    const { tags, groups, relayId, ...rest } = device;
    const changed = Object.entries(rest).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key as keyof EstateDevice]), // its own members
    );
    const moved = relayId !== null && relayId !== before.relayId ? { relayId } : {};
    const change: devices.DeviceChange = { ...Object.fromEntries(changed), ...moved };
    if (Object.keys(change).length > 0) await devices.updateDevice(tx, id, change);
    const newTags = minus(tags, before.tags).map((tag) => ({ device: id, tag }));
    if (newTags.length > 0) await insertTags(tx, newTags);
    await deleteTags(tx, [id], minus(before.tags, tags));
    for (const group of minus(groups, before.groups)) await insertMembers(tx, group, [id]);
    for (const group of minus(before.groups, groups)) await deleteMembers(tx, group, [id]);
    undo.devicesBefore.push(before);
    undo.devicesAfter.push({ ...before, ...rest, ...moved, tags, groups });
    for (const relay of [before.relayId, relayId]) if (relay !== null) this.relays.add(relay);
  }
}

type NewDevice = WantedDevice & { id: DeviceId; siteId: SiteId };

const minus = <T>(all: readonly T[], without: readonly T[]): T[] => all.filter((one) => !without.includes(one));
