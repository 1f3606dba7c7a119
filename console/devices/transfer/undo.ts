// Undoes an import that was not finished, step by step backwards; a console that was killed in the middle does so when it starts.
import { z } from 'zod';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import { CustomerId, DeviceId, GroupId, RelayId, SiteId } from '#shared/base/id.ts';
import { DeviceLink, DeviceType, TransportKind } from '#shared/model/device.ts';
import { SiteContact, SiteDefaults } from '#shared/model/site.ts';
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
});
export type Undo = z.infer<typeof Undo>;
export type DeviceBefore = z.infer<typeof DeviceBefore>;
export type SiteBefore = z.infer<typeof SiteBefore>;

export const newUndo = (): Undo => ({ devices: [], sites: [], customers: [], devicesBefore: [], sitesBefore: [] });

export const keepUndo = (tx: Tx, importId: string, seq: number, undo: Undo): Promise<void> =>
  repository.insertUndo(tx, importId, seq, JSON.stringify(undo));

/** Newest first, one transaction each; returns the devices that were touched. */
export async function undoImport(store: Store, importId: string): Promise<DeviceId[]> {
  const touched: DeviceId[] = [];
  for (;;) {
    const last = await repository.lastUndo(store.db, importId);
    if (last === undefined) return touched;
    const undo = Undo.parse(JSON.parse(last.body));
    await store.transaction(async (tx) => {
      await repository.deleteDevices(tx, undo.devices);
      for (const before of undo.devicesBefore) await repository.restoreDevice(tx, before);
      for (const before of undo.sitesBefore) await repository.restoreSite(tx, before);
      // What somebody has filled meanwhile stays.
      for (const site of undo.sites) await repository.deleteEmptySite(tx, site);
      for (const customer of undo.customers) await repository.deleteEmptyCustomer(tx, customer);
      await repository.deleteUndo(tx, importId, last.seq);
    });
    touched.push(...undo.devices, ...undo.devicesBefore.map(({ id }) => id));
  }
}

/** Imports that nobody is working on: one console works on a database at a time. */
export async function undoLeftImports(store: Store): Promise<string[]> {
  const left = await repository.openImports(store.db);
  for (const importId of left) await undoImport(store, importId);
  return left;
}
