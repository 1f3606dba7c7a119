// What is wrong with the trail, and which row is the first bad one. Pure.
import type { AuditFault } from '#shared/contract/audit-contract.ts';

export interface Fault extends AuditFault {
  /** It speaks of a key or a signature: the rows may be as they were. */
  isOfKey?: boolean;
}

/** More would be the same said again. */
const MAX_FAULTS = 50;

/**
 * The first bad row. A span in which another check names the very row says no more than that one; what speaks of keys alone counts
 * when nothing speaks of rows.
 */
export function firstBadSeq(faults: readonly Fault[]): number | null {
  const ofRows = faults.filter(({ isOfKey }) => isOfKey !== true);
  const exact = ofRows.filter(({ toSeq }) => toSeq === null).map(({ seq }) => seq);
  const open = ofRows.filter(({ seq, toSeq }) => toSeq !== null && !exact.some((row) => row >= seq && row <= toSeq));
  const named = [...exact, ...open.map(({ seq }) => seq)];
  const all = named.length > 0 ? named : faults.map(({ seq }) => seq);
  return all.length === 0 ? null : Math.min(...all);
}

/** By row, the first fifty. */
export function shownFaults(faults: readonly Fault[]): AuditFault[] {
  return [...faults]
    .sort((a, b) => a.seq - b.seq)
    .slice(0, MAX_FAULTS)
    .map(({ kind, seq, toSeq, text }) => ({ kind, seq, toSeq, text }));
}

/** A span of one row is that row. */
export const spanOf = (from: number, to: number): Pick<AuditFault, 'seq' | 'toSeq'> => ({
  seq: from,
  toSeq: from === to ? null : to,
});

/** "row 7", "one of the rows 5 to 9". */
export const rowsText = ({ seq, toSeq }: Pick<AuditFault, 'seq' | 'toSeq'>): string =>
  toSeq === null ? `row ${seq}` : `one of the rows ${seq} to ${toSeq}`;
