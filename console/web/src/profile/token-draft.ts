// What is typed for a new token, and what the API takes of it.
import { type ChosenOver, overOf } from '#console/web/src/rights/over-words.ts';

export const DAY_MS = 86_400_000;
/** The longest is what the console allows at most; a minute less, because its clock counts. */
export const DAYS = [7, 30, 90, 180, 365] as const;

export interface TokenDraft {
  name: string;
  days: number;
  what: 'all' | 'reads' | 'some';
  verbs: string[];
  over: ChosenOver;
  addresses: string;
}

/** Verbs that read, by how the contract calls them. */
const readsOf = (known: readonly string[]): string[] => known.filter((verb) => verb.endsWith('.read'));

export function verbsOf({ what, verbs }: Pick<TokenDraft, 'what' | 'verbs'>, known: readonly string[]): string[] {
  if (what === 'all') return ['*'];
  return what === 'reads' ? readsOf(known) : verbs;
}

export const wordsOf = (text: string): string[] => text.split(/[\s,;]+/).filter((word) => word !== '');

export function tokenAsk(draft: TokenDraft, known: readonly string[], now: number) {
  const over = overOf(draft.over);
  return {
    name: draft.name.trim(),
    expiresAt: now + draft.days * DAY_MS - 60_000,
    verbs: verbsOf(draft, known),
    over: over === undefined ? [] : [over],
    addresses: wordsOf(draft.addresses),
  };
}
