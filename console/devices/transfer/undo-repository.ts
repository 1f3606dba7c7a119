// The journal of running imports in the database, and the statements that take one back.
import { deleteMembers, insertMembers } from '#console/devices/member-repository.ts';
import { deleteTags, insertTags } from '#console/devices/tag-repository.ts';
import type { Db, Tx } from '#console/store/engine.ts';
import { type CustomerId, DeviceId, GroupId, RelayId, type SiteId } from '#shared/base/id.ts';
import type { DeviceBefore, SiteBefore } from './undo.ts';

export async function insertUndo(tx: Tx, importId: string, seq: number, body: string): Promise<void> {
  await tx.insertInto('import_undo').values({ import_id: importId, seq, body }).execute();
}

export async function lastUndo(db: Db, importId: string): Promise<{ seq: number; body: string } | undefined> {
  const query = db.selectFrom('import_undo').select(['seq', 'body']).where('import_id', '=', importId);
  return await query.orderBy('seq', 'desc').limit(1).executeTakeFirst();
}

export async function deleteUndo(tx: Tx, importId: string, seq?: number): Promise<void> {
  const query = tx.deleteFrom('import_undo').where('import_id', '=', importId);
  await (seq === undefined ? query : query.where('seq', '=', seq)).execute();
}

export async function openImports(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('import_undo').select('import_id').distinct().execute();
  return rows.map((row) => row.import_id);
}

export async function relaysOf(tx: Tx, ids: readonly DeviceId[]): Promise<RelayId[]> {
  if (ids.length === 0) return [];
  const query = tx.selectFrom('device').select('relay_id').distinct().where('id', 'in', ids);
  return (await query.execute()).flatMap(({ relay_id }) => (relay_id === null ? [] : RelayId.parse(relay_id)));
}

export async function deleteDevices(tx: Tx, ids: readonly DeviceId[]): Promise<void> {
  // One transaction of an import makes a hundred at most.
  if (ids.length > 0) await tx.deleteFrom('device').where('id', 'in', ids).execute();
}

/** As it stood; nothing when it is gone. */
export async function restoreDevice(tx: Tx, before: DeviceBefore): Promise<void> {
  const { id } = before;
  await tx
    .updateTable('device')
    .set({
      relay_id: before.relayId,
      name: before.name,
      transport: before.transport,
      address: before.address,
      port: before.port,
      credential: before.credential,
      interval_ms: before.intervalMs,
      spn: before.spn,
      realm: before.realm,
      share: before.share,
      type: before.type,
      notes: before.notes,
      links: JSON.stringify(before.links),
    })
    .where('id', '=', id)
    .execute();
  const isThere = await tx.selectFrom('device').select('id').where('id', '=', id).executeTakeFirst();
  if (isThere === undefined) return;
  const tags = await tx.selectFrom('device_tag').select('tag').where('device_id', '=', id).execute();
  await deleteTags(
    tx,
    [id],
    tags.map((row) => row.tag).filter((tag) => !before.tags.includes(tag)),
  );
  await insertTags(
    tx,
    before.tags.map((tag) => ({ device: id, tag })),
  );
  const members = await tx.selectFrom('device_group_member').select('group_id').where('device_id', '=', id).execute();
  for (const { group_id } of members) {
    const group = GroupId.parse(group_id);
    if (!before.groups.includes(group)) await deleteMembers(tx, group, [DeviceId.parse(id)]);
  }
  for (const group of before.groups) await insertMembers(tx, group, [id]);
}

export async function restoreSite(tx: Tx, before: SiteBefore): Promise<void> {
  await tx
    .updateTable('site')
    .set({
      address: before.address,
      time_zone: before.timeZone,
      contact_name: before.contact.name,
      contact_email: before.contact.email,
      contact_phone: before.contact.phone,
      notes: before.notes,
      defaults: JSON.stringify(before.defaults),
    })
    .where('id', '=', before.id)
    .execute();
}

export async function deleteEmptySite(tx: Tx, id: SiteId): Promise<void> {
  await tx
    .deleteFrom('site')
    .where('id', '=', id)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('device').select('device.id').whereRef('device.site_id', '=', 'site.id'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('relay').select('relay.id').whereRef('relay.site_id', '=', 'site.id'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('charter').select('charter.version').whereRef('charter.site_id', '=', 'site.id'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('enrolment_token')
            .select('enrolment_token.id')
            .whereRef('enrolment_token.site_id', '=', 'site.id'),
        ),
      ),
    )
    .execute();
}

export async function deleteEmptyCustomer(tx: Tx, id: CustomerId): Promise<void> {
  await tx
    .deleteFrom('customer')
    .where('id', '=', id)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('site').select('site.id').whereRef('site.customer_id', '=', 'customer.id'))),
    )
    .execute();
}
