// Keeps a part that was written in a form: a new one for its customer, or a change of the one that was looked at.
import { exactApi } from '#console/web/src/api/api.ts';
import type { PartWish, WatchPart } from '#shared/model/watch-part.ts';

/** A select has no empty value of its own. */
export const EVERY_CUSTOMER = 'every';

export async function savePart(wish: PartWish, former: WatchPart | undefined, customer: string): Promise<string> {
  if (former !== undefined) {
    await exactApi.policies.update({ id: former.body.id, changedAt: former.changedAt, part: wish });
    return former.body.id;
  }
  const customerId = customer === EVERY_CUSTOMER ? null : customer;
  // The console reads it as an id, or says that there is no such customer.
  type Created = Parameters<typeof exactApi.policies.create>[0];
  return (await exactApi.policies.create({ customerId, part: wish } as Created)).id;
}
