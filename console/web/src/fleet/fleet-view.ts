// Filters and orders the fleet: row numbers in, row numbers out.

import type { FleetColumns } from './fleet-arrays.ts';
import { type FleetQuery, type SortKey, STATUS_ORDER } from './fleet-query.ts';

type Compare = (a: number, b: number) => number;

// "srv-2" before "srv-10", as people count.
const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Every word must be found somewhere. */
function matcher(columns: FleetColumns, query: FleetQuery): (row: number) => boolean {
  const words = query.q.toLowerCase().split(/\s+/).filter(Boolean);
  return (row) => {
    if (query.status !== undefined && columns.status[row] !== query.status) return false;
    const text = columns.text[row] ?? '';
    return words.every((word) => text.includes(word));
  };
}

/** Unknown numbers stand last, whichever way the order goes. */
const byNumber =
  (values: readonly number[], sign: number): Compare =>
  (a, b) => {
    const [left, right] = [values[a] ?? Number.NaN, values[b] ?? Number.NaN];
    if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : 1;
    return Number.isNaN(right) ? -1 : sign * (left - right);
  };

type TextColumn = 'name' | 'site' | 'address';

/** Comparing ten thousand texts by the collator takes 30 ms and more: ranks are made once, and compared as numbers until a text changes. */
export class TextRanks {
  readonly #known = new Map<TextColumn, readonly number[]>();

  forget(): void {
    this.#known.clear();
  }

  of(columns: FleetColumns, key: TextColumn): readonly number[] {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const values = columns[key];
    const distinct = [...new Set(values)].sort(natural.compare);
    const rank = new Map(distinct.map((value, index) => [value, index]));
    const ranks = values.map((value) => rank.get(value) ?? 0);
    this.#known.set(key, ranks);
    return ranks;
  }
}

const STATUS_RANK = new Map(STATUS_ORDER.map((status, index) => [status, index]));

function numbersOf(columns: FleetColumns, key: SortKey, ranks: TextRanks): readonly number[] {
  switch (key) {
    case 'name':
    case 'site':
    case 'address':
      return ranks.of(columns, key);
    case 'status':
      return columns.status.map((status) => STATUS_RANK.get(status) ?? Number.NaN);
    default:
      return columns[key];
  }
}

export function viewOf(columns: FleetColumns, query: FleetQuery, ranks: TextRanks): number[] {
  const fits = matcher(columns, query);
  const rows: number[] = [];
  for (let row = 0; row < columns.id.length; row += 1) if (fits(row)) rows.push(row);
  const first = byNumber(numbersOf(columns, query.sort, ranks), query.isDescending ? -1 : 1);
  const then = byNumber(ranks.of(columns, 'name'), 1);
  return rows.sort((a, b) => first(a, b) || then(a, b) || a - b);
}
