// What a person should know before signing an order: systems and states of its devices, which it does not fit, which are in a window.
import type { Scope } from '#console/access/scope.ts';
import type { WindowAsk } from '#console/policies/open-windows.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { CatalogueEntry, OrderPreview } from '#shared/contract/action-contract.ts';
import { CATALOGUE, CATALOGUE_NAMES, isCatalogueName } from '#shared/model/actions/catalogue.ts';
import { actionTitle } from '#shared/model/actions/words.ts';
import type { ApiServices } from './services.ts';

export const catalogueEntries = (): CatalogueEntry[] =>
  CATALOGUE_NAMES.map((name) => {
    const { tier, systems, unproven = [], parameters, timeoutS } = CATALOGUE[name];
    return {
      ...{ name, tier, systems: [...systems], unproven: [...unproven], timeoutMs: timeoutS * 1_000 },
      titles: { en: actionTitle(name, 'en'), de: actionTitle(name, 'de') },
      parameters: parameters.map((one) => ({ name: one.name, type: one.type, isOptional: one.isOptional === true })),
    };
  });

/** A free command runs wherever there is a shell; what nobody has seen yet may fit. */
const isUnfit = (action: string, system: string): boolean =>
  isCatalogueName(action) && system !== 'unknown' && !CATALOGUE[action].systems.some((one) => one === system);

function count(counts: Record<string, number>, word: string): void {
  counts[word] = (counts[word] ?? 0) + 1;
}

export async function orderPreview(
  { fleet, policies }: Pick<ApiServices, 'fleet' | 'policies'>,
  scope: Scope,
  { action, devices }: { action: string; devices: readonly DeviceId[] },
): Promise<OrderPreview> {
  await fleet.settled();
  const answer: OrderPreview = { devices: 0, systems: {}, statuses: {}, unfit: [], inWindow: [] };
  const asked: WindowAsk[] = [];
  for (const id of new Set(devices)) {
    const seen = fleet.device(scope, id);
    if (seen === undefined) continue;
    answer.devices += 1;
    count(answer.systems, seen.system);
    count(answer.statuses, seen.status);
    if (isUnfit(action, seen.system)) answer.unfit.push(id);
    const place = fleet.selectOne(scope, id);
    if (place !== undefined && place.relayId !== null) asked.push({ id, siteId: place.siteId, relayId: place.relayId });
  }
  answer.inWindow = await policies.inWindow(asked);
  return answer;
}
