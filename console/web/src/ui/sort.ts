// The order of a small table: text as the language sorts it, numbers by size, the unknown always last.
import { locale } from '#console/web/src/i18n/language.ts';
import { madeOnce } from '#console/web/src/text/made-once.ts';

export interface Sort {
  key: string;
  direction: 'ascending' | 'descending';
}
export type SortValue = string | number | null | undefined;

/** `numeric`: srv-2 stands before srv-10. */
const collator = madeOnce(() => new Intl.Collator(locale, { numeric: true, sensitivity: 'base' }));

const isUnknown = (value: SortValue): value is null | undefined => value == null || Number.isNaN(value);

function compare(a: SortValue, b: SortValue, sign: number): number {
  if (isUnknown(a) || isUnknown(b)) return Number(isUnknown(a)) - Number(isUnknown(b));
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
  return sign * collator().compare(String(a), String(b));
}

export function sorted<Row>(rows: readonly Row[], by: (row: Row) => SortValue, direction: Sort['direction']): Row[] {
  const sign = direction === 'ascending' ? 1 : -1;
  return [...rows].sort((a, b) => compare(by(a), by(b), sign));
}
