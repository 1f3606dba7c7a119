// Walks the rows by keys: the focus itself moves from row to row, so that Enter and a screen reader follow.
import { fleet } from './fleet.ts';

export interface Rows {
  view: readonly number[];
  scrollTo: (index: number) => void;
}

/** The device one was at, across pages: coming back, the focus is there again. */
let lastId: string | undefined;

/** Remembers the device that was opened, by whatever means. */
export function rememberDevice(id: string): void {
  lastId = id;
}

const linkOf = (index: number) => document.querySelector<HTMLElement>(`[data-row="${index}"]`);

/** The row that waits to be drawn: a key pressed meanwhile goes on from it, not from where the focus still is. */
let awaited: number | undefined;

/** A row out of view exists only after the list has scrolled and drawn itself. */
function focusRow(index: number, attemptsLeft = 5): void {
  const link = linkOf(index);
  awaited = link === null && attemptsLeft > 0 ? index : undefined;
  if (link !== null) link.focus({ preventScroll: true });
  else if (attemptsLeft > 0)
    requestAnimationFrame(() => {
      // Another row was asked for since.
      if (awaited === index) focusRow(index, attemptsLeft - 1);
    });
}

function indexOfId({ view }: Rows, id: string | undefined): number {
  const row = id === undefined ? undefined : fleet.rowOf(id);
  return row === undefined ? -1 : view.indexOf(row);
}

/** Where the focus is among the rows; -1 elsewhere. */
export function focusedIndex(): number {
  const at = document.activeElement?.closest('tr, li')?.querySelector('[data-row]')?.getAttribute('data-row');
  return at == null ? -1 : Number(at);
}

/** The id of the device under the cursor. */
export function focusedId({ view }: Rows): string | undefined {
  return fleet.rows.id[view[focusedIndex()] ?? -1];
}

export function goTo(rows: Rows, index: number): string | undefined {
  const to = Math.min(rows.view.length - 1, Math.max(0, index));
  lastId = fleet.rows.id[rows.view[to] ?? -1];
  if (lastId === undefined) return undefined;
  rows.scrollTo(to);
  focusRow(to);
  return lastId;
}

/** From the focused row, else from the device one was at, else from above. */
export function step(rows: Rows, by: number): string | undefined {
  const at = awaited ?? focusedIndex();
  return goTo(rows, (at >= 0 ? at : indexOfId(rows, lastId)) + by);
}

export function restoreFocus(rows: Rows): void {
  const index = indexOfId(rows, lastId);
  // A new page gives the focus to its heading; whoever has put it elsewhere meanwhile keeps it.
  const isFree = document.activeElement?.matches('body, #content, #content h1') !== false;
  if (index >= 0 && isFree) goTo(rows, index);
}
