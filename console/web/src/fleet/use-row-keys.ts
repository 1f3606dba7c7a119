// j and k walk the fleet: the focus itself moves from row to row, so Enter and a screen reader follow.
import { useEffect, useMemo, useRef } from 'react';
import { useKeys } from '#console/web/src/ui/use-keys.ts';
import { fleet } from './fleet.ts';

interface Rows {
  view: readonly number[];
  scrollTo: (index: number) => void;
}

/** The device one was at, across pages: coming back, the focus is there again. */
let lastId: string | undefined;

const linkOf = (index: number) => document.querySelector<HTMLElement>(`[data-row="${index}"]`);

/** A row out of view exists only after the list has scrolled and drawn itself. */
function focusRow(index: number, attemptsLeft = 5): void {
  const link = linkOf(index);
  if (link !== null) link.focus({ preventScroll: true });
  else if (attemptsLeft > 0) requestAnimationFrame(() => focusRow(index, attemptsLeft - 1));
}

export function useRowKeys(rows: Rows): void {
  const latest = useRef(rows);
  latest.current = rows;
  useEffect(() => restore(latest.current), []);
  useKeys(useMemo(() => ({ j: () => step(latest.current, 1), k: () => step(latest.current, -1) }), []));
}

function indexOf({ view }: Rows, id: string | undefined): number {
  const row = id === undefined ? undefined : fleet.rowOf(id);
  return row === undefined ? -1 : view.indexOf(row);
}

function step(rows: Rows, by: number): void {
  const at = Number(document.activeElement?.getAttribute('data-row') ?? Number.NaN);
  const from = Number.isNaN(at) ? indexOf(rows, lastId) : at;
  const to = Math.min(rows.view.length - 1, Math.max(0, from + by));
  lastId = fleet.columns.id[rows.view[to] ?? -1];
  rows.scrollTo(to);
  focusRow(to);
}

function restore(rows: Rows): void {
  const index = indexOf(rows, lastId);
  if (index < 0) return;
  rows.scrollTo(index);
  focusRow(index);
}

/** Remembers the device that was opened, by whatever means. */
export function rememberDevice(id: string): void {
  lastId = id;
}
