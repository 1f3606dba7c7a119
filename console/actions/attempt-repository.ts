// The tries of orders on devices that did not begin them, as relays tell them.
import { sql } from 'kysely';
import type { Db, Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import { DeviceId, type ManifestId } from '#shared/base/id.ts';
import { FailureClass } from '#shared/model/failure-class.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';

export interface ActionAttempt {
  n: number;
  at: number;
  class: FailureClass;
  reason: string | null;
  detail: string | null;
  /** When it is tried again at the latest; null where it never is. */
  nextAt: number | null;
}

/** 20: the first hours of a wait and its last tries; which one it was stays said by its number. */
const KEPT = 20;
/** All tries of one answer together: an order over a site shows the last ones of each device. */
const MAX_SHOWN = 2_000;

/** Of records that were a step forward; what is known already is told once. */
export async function insertAttempts(tx: Tx, records: readonly OutcomeRecord[]): Promise<void> {
  for (const { manifest, device, at, reason = null, detail, attempt } of records) {
    if (attempt === undefined) continue;
    const of = { action_id: manifest, device_id: device };
    await tx
      .insertInto('action_attempt')
      .values({
        ...{ ...of, n: attempt.n, at, class: attempt.class, reason },
        detail: detail === undefined ? null : storedText(detail),
        next_at: attempt.nextAt ?? null,
      })
      .onConflict((conflict) => conflict.columns(['action_id', 'device_id', 'n']).doNothing())
      .execute();
    if (attempt.n <= KEPT) continue;
    await tx
      .deleteFrom('action_attempt')
      .where('action_id', '=', manifest)
      .where('device_id', '=', device)
      .where('n', '<=', attempt.n - KEPT)
      .execute();
  }
}

/** Of each device of the action, in their order. */
export async function listAttempts(
  db: Db,
  action: ManifestId,
  targets: number,
): Promise<Map<DeviceId, ActionAttempt[]>> {
  const share = Math.max(1, Math.min(KEPT, Math.floor(MAX_SHOWN / Math.max(1, targets))));
  const rows = await db
    .selectFrom('action_attempt')
    .select(['device_id', 'n', 'at', 'class', 'reason', 'detail', 'next_at'])
    .where('action_id', '=', action)
    .where(({ eb, selectFrom }) =>
      eb(
        'n',
        '>',
        selectFrom('action_attempt as newer')
          .select(sql<number>`max(newer.n) - ${share}`.as('floor'))
          .whereRef('newer.action_id', '=', 'action_attempt.action_id')
          .whereRef('newer.device_id', '=', 'action_attempt.device_id'),
      ),
    )
    .orderBy('device_id')
    .orderBy('n')
    .execute();
  const tries = new Map<DeviceId, ActionAttempt[]>();
  for (const { device_id, class: kind, next_at: nextAt, ...row } of rows) {
    const device = DeviceId.parse(device_id);
    const own = tries.get(device) ?? [];
    tries.set(device, own);
    own.push({ ...row, class: FailureClass.parse(kind), nextAt });
  }
  return tries;
}
