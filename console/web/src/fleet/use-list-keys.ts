// The keys of the list: j and k walk, x and Space select, Ctrl-A takes all that fit, Escape lets go, step by step.
import { useEffect, useMemo, useRef } from 'react';
import { useKeys } from '#console/web/src/ui/use-keys.ts';
import { fleet, selection } from './fleet.ts';
import { focusedId, type Rows, restoreFocus, step } from './row-walk.ts';
import { t } from './text.ts';

interface ListKeys extends Rows {
  /** What Escape does when nothing is selected; false when there is nothing to do. */
  onLeave: () => boolean;
}

export const idsOf = (view: readonly number[]): string[] => view.map((row) => fleet.rows.id[row] ?? '');

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('input:not([type=checkbox]), textarea, select, [contenteditable]');

/** Something lies above the list, and its keys are its own. */
const isCovered = (): boolean => document.querySelector('dialog[open], :popover-open:not(.hint)') !== null;

export function useListKeys(keys: ListKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => restoreFocus(latest.current), []);
  useKeys(
    useMemo(
      () => ({
        j: { run: () => step(latest.current, 1), what: t('keyWalk') },
        k: { run: () => step(latest.current, -1), what: t('keyWalk') },
        x: { run: () => toggleFocused(latest.current), what: t('keySelect') },
        Escape: () => !isCovered() && leave(latest.current),
      }),
      [],
    ),
  );
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target) || isCovered()) return;
      if (onListKey(event, latest.current)) event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function toggleFocused(rows: Rows): boolean {
  const id = focusedId(rows);
  if (id !== undefined) selection.toggle(id);
  return id !== undefined;
}

function leave({ onLeave }: ListKeys): boolean {
  if (selection.current.ids.size === 0) return onLeave();
  selection.clear();
  return true;
}

/** Keys of the focused row and of the page, which no setting turns off: none of them is a letter alone. */
function onListKey(event: KeyboardEvent, rows: Rows): boolean {
  const hasModifier = event.ctrlKey || event.metaKey;
  if (hasModifier && event.key.toLowerCase() === 'a' && !event.shiftKey && !event.altKey) {
    selection.addAll(idsOf(rows.view));
    return true;
  }
  if (hasModifier || event.altKey || !(event.target instanceof Element)) return false;
  if (!event.target.matches('[data-row]')) return false;
  if (event.key === ' ') return toggleFocused(rows);
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (by === 0) return false;
  const from = focusedId(rows);
  const to = step(rows, by);
  if (event.shiftKey && to !== undefined) selection.extend(from, to);
  return true;
}
