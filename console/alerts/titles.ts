// What an incident is called: by what began it, or by what its alerts are together.
import type { AlertRow, IncidentRow } from './alert-rows.ts';
import type { AlertWork } from './alert-work.ts';
import { DEVICE_DOWN, wordsOf } from './check-book.ts';

/** Kinds of trouble that together have a name. */
const TOGETHER: ReadonlyArray<{ name: string; words: readonly string[]; atLeast: number }> = [
  { name: 'resources are exhausted', words: ['cpu', 'memory', 'swap', 'disk', 'load', 'network'], atLeast: 2 },
];

/** The first word of a check's id says what it looks at. */
export const wordOf = (check: string): string => check.split('.')[0] ?? check;

/** "db-1 is down", "db-1: disk space on /var", "db-1: resources are exhausted (cpu, disk)". */
export function titleOf(work: AlertWork, incident: IncidentRow, open: readonly AlertRow[]): string {
  const first = incident.root === null ? undefined : work.alert(incident.root);
  // What began it is over and was not read: it keeps its name.
  if (first === undefined) return incident.title;
  if (first.device === null) return first.detail;
  const name = work.nameOf(first.device);
  if (first.check === DEVICE_DOWN) return `${name} is down`;
  const own = open.filter(({ device }) => device === first.device);
  const words = [...new Set(own.map(({ check }) => wordOf(check)))].sort();
  for (const { name: together, words: of, atLeast } of TOGETHER) {
    const some = words.filter((word) => of.includes(word));
    if (some.length >= atLeast) return `${name}: ${together} (${some.join(', ')})`;
  }
  const what = wordsOf(work.book, first.check).name;
  return `${name}: ${what}${first.instance === '' ? '' : ` (${first.instance})`}`;
}
