// What a site's defaults may name: a relay of the site itself, and groups whose members people choose.
import type { Words } from '#console/access/right-bearers.ts';
import type { Tx } from '#console/store/engine.ts';
import { AppError } from '#shared/base/errors.ts';
import type { SiteId } from '#shared/base/id.ts';
import type { SiteDefaults } from '#shared/model/site.ts';

export const wordsOf = ({ tags, groupIds }: SiteDefaults): Words => ({ tags, groups: groupIds });

/** Throws `bad-request` that names what does not fit. A site that is just being made has no relay yet. */
export async function checkDefaults(tx: Tx, site: SiteId, { relayId, groupIds = [] }: SiteDefaults): Promise<void> {
  if (relayId !== undefined) {
    const relay = await tx
      .selectFrom('relay')
      .select(['site_id', 'revoked_at'])
      .where('id', '=', relayId)
      .executeTakeFirst();
    if (relay?.site_id !== site)
      throw new AppError('bad-request', `defaults.relayId: relay ${relayId} is not one of this site`);
    if (relay.revoked_at !== null)
      throw new AppError('bad-request', `defaults.relayId: relay ${relayId} is revoked and polls nothing`);
  }
  if (groupIds.length === 0) return;
  const groups = await tx
    .selectFrom('device_group')
    .select(['id', 'name', 'kind'])
    .where('id', 'in', groupIds)
    .execute();
  const found = new Map<string, { name: string; kind: string }>(groups.map((group) => [group.id, group]));
  for (const id of groupIds) {
    const group = found.get(id);
    if (group === undefined) throw new AppError('bad-request', `defaults.groupIds: there is no group ${id}`);
    if (group.kind !== 'hand')
      throw new AppError('bad-request', `defaults.groupIds: the members of group "${group.name}" follow its rule`);
  }
}
