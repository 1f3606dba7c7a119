// Does the steps of an import inside one transaction, in slices: all of them, or none.

import * as devices from '#console/devices/device-repository.ts';
import { deleteMembers, insertMembers } from '#console/devices/member-repository.ts';
import { raiseRosterVersion } from '#console/devices/roster-repository.ts';
import { deleteTags, insertTags } from '#console/devices/tag-repository.ts';
import type { Sites } from '#console/sites/sites.ts';
import type { Tx } from '#console/store/engine.ts';
import { DeviceId, type GroupId, newId, type RandomBytes, type RelayId, type SiteId } from '#shared/base/id.ts';
import type { DeviceStep, WantedDevice } from './device-plan.ts';
import type { EstateDevice } from './estate.ts';
import type { Step } from './import-plan.ts';
import type { Pace } from './pace.ts';
import { placeName } from './site-places.ts';
import type { SiteStep } from './site-plan.ts';

export interface ApplyDeps {
  sites: Pick<Sites, 'createIn' | 'updateIn' | 'ensureCustomerIn'>;
  random: RandomBytes;
  now: number;
  isSimulated: (site: SiteId) => boolean;
  pace: Pace;
  /** So many rows are done. */
  onProgress: (rows: number) => void;
}

export interface Applied {
  devices: DeviceId[];
  relays: Set<RelayId>;
  newSites: SiteId[];
}

/** Some milliseconds of inserts. */
const INSERTS_AT_ONCE = 100;

export async function applySteps(tx: Tx, steps: readonly Step[], deps: ApplyDeps): Promise<Applied> {
  const applied: Applied = { devices: [], relays: new Set(), newSites: [] };
  const places = new Map<string, SiteId>();
  const fresh: NewDevice[] = [];
  for (const step of steps) {
    if (step.of === 'sites') await applySite(tx, step, deps, applied);
    else if (step.change === 'create') {
      const site = typeof step.at === 'string' ? step.at : await madeSite(tx, step.at, { places, deps, applied });
      fresh.push({ ...step.device, siteId: site, id: DeviceId.parse(newId(deps.now, deps.random)) });
    } else if (step.change === 'update') await updateDevice(tx, step, applied);
    if (step.change !== 'create' || step.of === 'sites') deps.onProgress(1);
    await deps.pace.breathe();
  }
  await insertDevices(tx, fresh, deps, applied);
  // In one order, so that two transactions never wait for each other.
  for (const relay of [...applied.relays].sort()) await raiseRosterVersion(tx, relay);
  return applied;
}

type NewDevice = WantedDevice & { id: DeviceId; siteId: SiteId };

interface Places {
  places: Map<string, SiteId>;
  deps: ApplyDeps;
  applied: Applied;
}

async function madeSite(tx: Tx, at: { customer: string; name: string }, { places, deps, applied }: Places) {
  const known = places.get(placeName(at));
  if (known !== undefined) return known;
  const { id } = await deps.sites.createIn(tx, { name: at.name, customerName: at.customer });
  places.set(placeName(at), id);
  applied.newSites.push(id);
  return id;
}

async function applySite(tx: Tx, step: SiteStep, { sites }: ApplyDeps, applied: Applied): Promise<void> {
  switch (step.change) {
    case 'create': {
      const { id } = await sites.createIn(tx, { ...step.site, name: step.at.name, customerName: step.at.customer });
      applied.newSites.push(id);
      return;
    }
    case 'create-customer':
      await sites.ensureCustomerIn(tx, step.customer);
      return;
    case 'update':
      await sites.updateIn(tx, step.id, step.site);
      return;
    case 'same':
  }
}

async function insertDevices(tx: Tx, all: readonly NewDevice[], deps: ApplyDeps, applied: Applied): Promise<void> {
  const groups = new Map<GroupId, DeviceId[]>();
  for (let from = 0; from < all.length; from += INSERTS_AT_ONCE) {
    const some = all.slice(from, from + INSERTS_AT_ONCE);
    await devices.insertDevices(
      tx,
      some.map(({ tags: _tags, groups: _groups, ...device }) => ({
        ...device,
        isSimulated: deps.isSimulated(device.siteId),
        system: 'unknown',
        hostname: null,
        createdAt: deps.now,
      })),
    );
    await insertTags(
      tx,
      some.flatMap(({ id, tags }) => tags.map((tag) => ({ device: id, tag }))),
    );
    for (const device of some) {
      applied.devices.push(device.id);
      if (device.relayId !== null) applied.relays.add(device.relayId);
      for (const group of device.groups) groups.set(group, [...(groups.get(group) ?? []), device.id]);
    }
    for (const [group, ids] of groups) await insertMembers(tx, group, ids);
    groups.clear();
    deps.onProgress(some.length);
    await deps.pace.breathe();
  }
}

async function updateDevice(tx: Tx, step: Extract<DeviceStep, { change: 'update' }>, applied: Applied): Promise<void> {
  const { id, before, device } = step;
  const { tags, groups, relayId, ...rest } = device;
  const change = Object.fromEntries(
    Object.entries(rest).filter(([key, value]) => differs(value, before[key as keyof EstateDevice])), // its own members
  );
  const moved = relayId !== null && relayId !== before.relayId ? { relayId } : {};
  const whole: devices.DeviceChange = { ...change, ...moved };
  if (Object.keys(whole).length > 0) await devices.updateDevice(tx, id, whole);
  await insertTags(
    tx,
    minus(tags, before.tags).map((tag) => ({ device: id, tag })),
  );
  await deleteTags(tx, [id], minus(before.tags, tags));
  for (const group of minus(groups, before.groups)) await insertMembers(tx, group, [id]);
  for (const group of minus(before.groups, groups)) await deleteMembers(tx, group, [id]);
  applied.devices.push(id);
  for (const relay of [before.relayId, relayId]) if (relay !== null) applied.relays.add(relay);
}

const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);
const minus = <T>(all: readonly T[], without: readonly T[]): T[] => all.filter((one) => !without.includes(one));
