// A row as JSON: numbers are numbers, lists are lists, an empty cell is null.
import type { ImportKind } from '#shared/contract/import-contract.ts';
import { NONE } from './cell-readers.ts';
import { parseLink } from './link-text.ts';
import { splitList } from './lists.ts';

const NUMBERS = new Set(['port', 'interval']);
const LISTS = new Set(['tags', 'groups', 'links']);

function memberOf(kind: ImportKind, name: string, text: string): unknown {
  if (text === '') return null;
  if (kind === 'sites' || text === NONE) return text;
  if (NUMBERS.has(name)) return Number(text);
  if (name === 'links') return splitList(text).flatMap((entry) => parseLink(entry) ?? []);
  return LISTS.has(name) ? splitList(text) : text;
}

/** One line of the list. */
export const jsonRow = (kind: ImportKind, heading: readonly string[], row: readonly string[]): string =>
  `  ${JSON.stringify(Object.fromEntries(heading.map((name, at) => [name, memberOf(kind, name, row[at] ?? '')])))}`;
