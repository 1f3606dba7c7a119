// Undoes an import that was not finished, step by step backwards; a console that was killed in the middle does so when it starts.
import { z } from 'zod';
import { raiseRosterVersion } from '#console/devices/roster-repository.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import { CustomerId, DeviceId, GroupId, RelayId, SiteId } from '#shared/base/id.ts';
import { DeviceLink, DeviceType, TransportKind } from '#shared/model/device.ts';
import { SiteContact, SiteDefaults } from '#shared/model/site.ts';
import { readDevicesById, readSitesById } from './estate-repository.ts';
import { putBack } from './put-back.ts';
import * as repository from './undo-repository.ts';

const DeviceBefore = z.object({
  id: DeviceId,
  siteId: SiteId,
  relayId: RelayId.nullable(),
  name: z.string(),
  transport: TransportKind,
  address: z.string(),
  port: z.int().nullable(),
  credential: z.string().nullable(),
  intervalMs: z.int(),
  // An import of an earlier release says nothing of these.
  spn: z.string().nullable().default(null),
  realm: z.string().nullable().default(null),
  share: z.string().nullable().default(null),
  type: DeviceType.nullable(),
  tags: z.array(z.string()),
  groups: z.array(GroupId),
  notes: z.string(),
  links: z.array(DeviceLink),
});

const SiteBefore = z.object({
  id: SiteId,
  address: z.string(),
  timeZone: z.string(),
  contact: SiteContact,
  notes: z.string(),
  defaults: SiteDefaults,
});

/** What one transaction of an import made, and how what it changed stood before. */
export const Undo = z.object({
  devices: z.array(DeviceId),
  sites: z.array(SiteId),
  customers: z.array(CustomerId),
  devicesBefore: z.array(DeviceBefore),
  sitesBefore: z.array(SiteBefore),
  /** The same ones as the import left them; of an earlier release without, where all is put back. */
  devicesAfter: z.array(DeviceBefore).default([]),
  sitesAfter: z.array(SiteBefore).default([]),
});
export type Undo = z.infer<typeof Undo>;
export type DeviceBefore = z.infer<typeof DeviceBefore>;
export type SiteBefore = z.infer<typeof SiteBefore>;

export const newUndo = (): Undo => ({
  ...{ devices: [], sites: [], customers: [] },
  ...{ devicesBefore: [], sitesBefore: [], devicesAfter: [], sitesAfter: [] },
});

export const keepUndo = (tx: Tx, importId: string, seq: number, undo: Undo): Promise<void> =>
  repository.insertUndo(tx, importId, seq, JSON.stringify(undo));

/** What was touched, and the relays whose rosters are others now. */
export interface Undone {
  devices: DeviceId[];
  relays: Set<RelayId>;
  /** What somebody had changed since the import did, and is left as they made it: "web-1 (address)". */
  kept: string[];
}

/** Newest first, one transaction each. */
export async function undoImport(store: Store, importId: string): Promise<Undone> {
  const undone: Undone = { devices: [], relays: new Set(), kept: [] };
  for (;;) {
    const last = await repository.lastUndo(store.db, importId);
    if (last === undefined) return undone;
    const undo = Undo.parse(JSON.parse(last.body));
    const { relays, kept } = await store.transaction(async (tx) => {
      const told = await raiseRosters(tx, undo);
      await repository.deleteDevices(tx, undo.devices);
      const left = [...(await putDevicesBack(tx, undo)), ...(await putSitesBack(tx, undo))];
      // What somebody has filled meanwhile stays.
      for (const site of undo.sites) await repository.deleteEmptySite(tx, site);
      for (const customer of undo.customers) await repository.deleteEmptyCustomer(tx, customer);
      await repository.deleteUndo(tx, importId, last.seq);
      return { relays: told, kept: left };
    });
    for (const relay of relays) undone.relays.add(relay);
    undone.devices.push(...devicesOf(undo));
    undone.kept.push(...kept);
  }
}

/** Returns what is left as somebody made it since. */
async function putDevicesBack(tx: Tx, { devicesBefore, devicesAfter }: Undo): Promise<string[]> {
  if (devicesBefore.length === 0) return [];
  const stands = new Map(
    (
      await readDevicesById(
        tx,
        devicesBefore.map(({ id }) => id),
      )
    ).map((device) => [device.id, device]),
  );
  const left: string[] = [];
  for (const before of devicesBefore) {
    const now = stands.get(before.id);
    if (now === undefined) continue;
    const after = devicesAfter.find(({ id }) => id === before.id);
    const { value, kept } = after === undefined ? { value: before, kept: [] } : putBack({ before, after, now });
    await repository.restoreDevice(tx, value);
    if (kept.length > 0) left.push(`${now.name} (${kept.join(', ')})`);
  }
  return left;
}

async function putSitesBack(tx: Tx, { sitesBefore, sitesAfter }: Undo): Promise<string[]> {
  if (sitesBefore.length === 0) return [];
  const stands = await readSitesById(
    tx,
    sitesBefore.map(({ id }) => id),
  );
  const left: string[] = [];
  for (const before of sitesBefore) {
    const now = stands.find(({ id }) => id === before.id);
    if (now === undefined) continue;
    const after = sitesAfter.find(({ id }) => id === before.id);
    const stand = SiteBefore.parse(now);
    const { value, kept } = after === undefined ? { value: before, kept: [] } : putBack({ before, after, now: stand });
    await repository.restoreSite(tx, value);
    if (kept.length > 0) left.push(`${now.name} (${kept.join(', ')})`);
  }
  return left;
}

const devicesOf = ({ devices, devicesBefore }: Undo): DeviceId[] => [...devices, ...devicesBefore.map(({ id }) => id)];

/** A relay that linked in the middle of the import heard of what is undone now, under the version it has still. */
async function raiseRosters(tx: Tx, undo: Undo): Promise<RelayId[]> {
  const now = await repository.relaysOf(tx, devicesOf(undo));
  const before = undo.devicesBefore.flatMap(({ relayId }) => relayId ?? []);
  // In one order and before the devices, so that two transactions never wait for each other.
  const relays = [...new Set([...now, ...before])].sort();
  for (const relay of relays) await raiseRosterVersion(tx, relay);
  return relays;
}

/** Told of an import that cannot be undone; its journal stays for the next start. */
export type OnNotUndone = (importId: string, error: unknown) => void;

/** Imports that nobody is working on: one console works on a database at a time. One that fails keeps no other from its turn. */
export async function undoLeftImports(store: Store, onNotUndone: OnNotUndone): Promise<string[]> {
  const undone: string[] = [];
  for (const importId of await repository.openImports(store.db)) {
    try {
      await undoImport(store, importId);
      undone.push(importId);
    } catch (error) {
      onNotUndone(importId, error);
    }
  }
  return undone;
}
