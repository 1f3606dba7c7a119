// What the page of imports shows, as it stands in its URL.
import type { ImportKind } from '#shared/contract/import-contract.ts';

export interface ImportSearch {
  /** Sites; devices when absent. */
  kind?: 'sites' | undefined;
  /** The import that is looked at. */
  plan?: string;
}

export function parseImportSearch(raw: Record<string, unknown>): ImportSearch {
  const { kind, plan } = raw;
  return {
    ...(kind === 'sites' && { kind }),
    ...(typeof plan === 'string' && /^[0-9a-f-]{36}$/.test(plan) && { plan }),
  };
}

export const kindOf = ({ kind }: ImportSearch): ImportKind => kind ?? 'devices';
