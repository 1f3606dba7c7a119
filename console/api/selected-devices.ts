// Whose readings a request is about, as far as the asker sees them.
import type { Scope } from '#console/access/scope.ts';
import type { SelectedDevice, Selection } from '#console/query/fleet-selection.ts';
import { AppError } from '#shared/base/errors.ts';
import { MAX_RANGE_DEVICES } from '#shared/contract/metric-contract.ts';
import type { ApiServices } from './services.ts';

/** Throws `not-found` where there is no such place, or nothing of it is seen. */
export async function selected({ fleet }: ApiServices, scope: Scope, over: string): Promise<Selection> {
  await fleet.settled();
  const selection = fleet.select(scope, over);
  if (selection === undefined) throw new AppError('not-found', `no ${over.replace(':', ' ')}`);
  return selection;
}

/** The devices of a list, each of which the asker sees. */
export async function seen({ fleet }: ApiServices, scope: Scope, list: string): Promise<SelectedDevice[]> {
  await fleet.settled();
  const ids = [...new Set(list.split(',').filter((id) => id !== ''))];
  if (ids.length === 0 || ids.length > MAX_RANGE_DEVICES)
    throw new AppError('bad-request', `devices are named by 1 to ${MAX_RANGE_DEVICES} ids with commas between them`);
  return ids.map((id) => {
    const device = fleet.selectOne(scope, id);
    if (device === undefined) throw new AppError('not-found', `no device ${id.slice(0, 60)}`);
    return device;
  });
}
