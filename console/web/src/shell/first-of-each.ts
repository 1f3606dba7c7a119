// Which rows of waiting manifests are one order.
import type { ActionSummary } from '#shared/contract/action-contract.ts';

type Row = Pick<ActionSummary, 'id' | 'name' | 'signer' | 'reason' | 'createdAt'>;

/** The first row of each order: what one key handed over at one moment for one reason is one batch. */
export function firstOfEach<R extends Row>(rows: readonly R[]): R[] {
  const firsts = new Map<string, R>();
  for (const row of rows) {
    const key = JSON.stringify([row.createdAt, row.signer, row.name, row.reason]);
    if (!firsts.has(key)) firsts.set(key, row);
  }
  return [...firsts.values()];
}
