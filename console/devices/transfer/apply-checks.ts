// What may have changed since somebody looked at a plan: checked in the transaction that acts on it, and named where it has.
import type { Caller } from '#console/access/can.ts';
import { mustKeepRightsOf, type Words, type WordsChange } from '#console/access/right-bearers.ts';
import { wordsOf } from '#console/sites/site-defaults.ts';
import { lockRows, type Tx } from '#console/store/engine.ts';
import { AppError } from '#shared/base/errors.ts';
import type { RelayId } from '#shared/base/id.ts';
import { MAX_ROSTER_DEVICES } from '#shared/model/device.ts';
import type { DeviceStep } from './device-plan.ts';
import { deviceKey, type EstateSite } from './estate.ts';
import { readDevicesById } from './estate-repository.ts';
import type { Step } from './import-plan.ts';

export type CreateStep = Extract<DeviceStep, { change: 'create' }>;
export type UpdateStep = Extract<DeviceStep, { change: 'update' }>;

/** Tags and groups that rights hang on are given and taken by who gives rights, by a file as by hand. */
export async function checkRights(
  tx: Tx,
  caller: Caller,
  steps: readonly Step[],
  { sites, now }: { sites: readonly EstateSite[]; now: number },
): Promise<void> {
  const defaultsOf = (id: unknown): Words => wordsOf(sites.find((site) => site.id === id)?.defaults ?? {});
  const changes = steps.flatMap((step): WordsChange[] => {
    if (step.change === 'same' || step.change === 'create-customer') return [];
    if (step.of === 'sites')
      return [{ before: step.change === 'update' ? defaultsOf(step.id) : {}, after: wordsOf(step.site.defaults) }];
    // What a site gives to its new devices was asked about when the site was told so.
    const before = step.change === 'update' ? step.before : shared(step.device, defaultsOf(step.at));
    return [{ before, after: step.device }];
  });
  await mustKeepRightsOf(tx, caller, changes, now);
}

const shared = (one: Words, other: Words): Words => ({
  tags: one.tags?.filter((tag) => other.tags?.includes(tag)),
  groups: one.groups?.filter((group) => other.groups?.includes(group)),
});

/** No device of that name has appeared at its site, and its relay is there. */
export async function checkCreates(tx: Tx, steps: readonly CreateStep[]): Promise<void> {
  const placed = steps.filter(({ at }) => typeof at === 'string');
  if (placed.length === 0) return;
  const rows = await tx
    .selectFrom('device')
    .select(['site_id', 'name'])
    .where(
      'name',
      'in',
      placed.map(({ device }) => device.name),
    )
    .execute();
  const taken = new Set(rows.map((row) => deviceKey(row.site_id, row.name)));
  for (const { at, device, item } of placed)
    if (typeof at === 'string' && taken.has(deviceKey(at, device.name)))
      throw new AppError('conflict', `row ${item.row}: a device "${device.name}" was added to ${item.site} meanwhile`);
}

/** Each stands as it stood, and stays so until the transaction ends. */
export async function checkUpdates(tx: Tx, steps: readonly UpdateStep[]): Promise<void> {
  if (steps.length === 0) return;
  const ids = steps.map(({ id }) => id).sort();
  await tx.selectFrom('device').select('id').where('id', 'in', ids).orderBy('id').$call(lockRows(tx)).execute();
  const now = new Map((await readDevicesById(tx, ids)).map((device) => [device.id, device]));
  for (const { id, before, item } of steps) {
    const device = now.get(id);
    if (device === undefined)
      throw new AppError('conflict', `row ${item.row}: device "${before.name}" was removed meanwhile`);
    if (JSON.stringify(device) !== JSON.stringify(before))
      throw new AppError('conflict', `row ${item.row}: device "${before.name}" was changed meanwhile`);
  }
}

/** At the end: each relay may hold what it has been given. */
export async function checkRelay(tx: Tx, relay: RelayId): Promise<void> {
  const row = await tx
    .selectFrom('relay')
    .select(['name', 'revoked_at'])
    .select((eb) =>
      eb
        .selectFrom('device')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .whereRef('device.relay_id', '=', 'relay.id')
        .as('devices'),
    )
    .where('relay.id', '=', relay)
    .executeTakeFirst();
  if (row === undefined) throw new AppError('conflict', `relay ${relay} was removed meanwhile`);
  if (row.revoked_at !== null) throw new AppError('conflict', `relay ${row.name} was revoked meanwhile`);
  if ((row.devices ?? 0) > MAX_ROSTER_DEVICES)
    throw new AppError(
      'conflict',
      `relay ${row.name} was given other devices meanwhile and would poll more than ${MAX_ROSTER_DEVICES}`,
    );
}
