// What pages say of sealed variables, from what the console knows of them.
import type { VariableSummary } from '#shared/contract/variable-contract.ts';

/** As it comes over the wire: JSON knows no brands. */
export type Variable = Omit<VariableSummary, 'siteId' | 'relays'> & {
  siteId: string;
  relays: ReadonlyArray<{ relayId: string; state: VariableSummary['relays'][number]['state']; needsSealing: boolean }>;
};

/** One that was deleted is shown until every relay has forgotten it. */
export const isShown = ({ isDeleted, relays }: Variable): boolean =>
  !isDeleted || relays.some(({ state }) => state !== 'deleted');

export type VariableState = 'open' | 'waiting' | 'reseal' | 'deleting';

export function variableState({ isDeleted, relays }: Variable): VariableState {
  if (isDeleted) return 'deleting';
  if (relays.some(({ needsSealing }) => needsSealing)) return 'reseal';
  return relays.every(({ state }) => state === 'open') ? 'open' : 'waiting';
}

/** Names that an order may be given, of whatever site. */
export const orderableNames = (items: readonly Variable[]): string[] =>
  [...new Set(items.filter(({ isDeleted }) => !isDeleted).map(({ name }) => name))].sort();
