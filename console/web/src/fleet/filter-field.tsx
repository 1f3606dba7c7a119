// The field of the filter: suggestions of fields, operators and values as one types, and a calm word where the text does not read.
import { type KeyboardEvent, type RefObject, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Icon } from '#console/web/src/ui/icon.tsx';
import { filterSuggestions } from '#shared/base/filter/filter-suggestions.ts';
import { FLEET_FIELDS } from '#shared/model/fleet-fields.ts';
import './fleet.css';
import { FilterFaultNote } from './filter-fault-note.tsx';
import { valuesOf } from './filter-values.ts';
import { fleet } from './fleet.ts';
import { SuggestionList } from './suggestion-list.tsx';
import { t } from './text.ts';
import type { FilterState } from './use-filter-text.ts';
import type { FilterFault } from './use-fleet-view.ts';

interface FilterFieldProps {
  state: FilterState;
  fault: FilterFault | undefined;
  field: RefObject<HTMLInputElement | null>;
  /** Enter, once nothing is left to choose. */
  onDone: () => void;
  /** What it is for in a form: there it has no key of its own, and Escape is the dialog's. */
  label?: string;
}

/** Half a term does not read either: whoever types on is not told of it. */
const PAUSE_MS = 700;

export function FilterField({ state, fault, field, onDone, label }: FilterFieldProps) {
  const id = useId();
  const list = useSuggestions(state, field);
  const shownFault = usePaused(fault);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const handled = list.onKey(event.key) || onPlainKey(event.key);
    if (handled) event.preventDefault();
  };
  const onPlainKey = (key: string): boolean => {
    if (key === 'Enter') onDone();
    else if (key === 'Escape' && label !== undefined) return false;
    else if (key === 'Escape' && state.text !== '') state.put('');
    else if (key === 'Escape') field.current?.blur();
    else return false;
    return true;
  };
  return (
    <div className="relative min-w-0 flex-1">
      <Icon
        name="search"
        className="pointer-events-none absolute top-[calc(var(--control)/2-8px)] left-2.5 text-muted"
      />
      <input
        ref={field}
        id={id}
        type="text"
        role="combobox"
        aria-label={label ?? t('filterLabel')}
        aria-autocomplete="list"
        aria-expanded={list.isOpen}
        aria-controls={`${id}-list`}
        aria-activedescendant={list.isOpen && list.active >= 0 ? `${id}-list-${list.active}` : undefined}
        aria-invalid={shownFault === undefined ? undefined : true}
        aria-describedby={shownFault === undefined ? undefined : `${id}-fault`}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={2_000}
        value={state.text}
        placeholder={t('filterHint')}
        className="field filter-field"
        onChange={(event) => {
          state.type(event.target.value);
          list.open(event.target.selectionStart ?? event.target.value.length);
        }}
        onKeyDown={onKeyDown}
        onBlur={list.close}
      />
      {state.text === '' && label === undefined && (
        <kbd className="pointer-events-none absolute top-[calc(var(--control)/2-10px)] right-2 hidden sm:block">/</kbd>
      )}
      {state.text !== '' && (
        <button
          type="button"
          className="filter-clear"
          aria-label={t('clearFilter')}
          onClick={() => clear(state, field)}
        >
          <Icon name="close" className="size-3.5" />
        </button>
      )}
      <SuggestionList
        id={`${id}-list`}
        items={list.items}
        active={list.active}
        isOpen={list.isOpen}
        onPick={list.pick}
      />
      {shownFault !== undefined && (
        <FilterFaultNote id={`${id}-fault`} text={state.text} fault={shownFault} isHeld={label === undefined} />
      )}
    </div>
  );
}

function clear(state: FilterState, field: RefObject<HTMLInputElement | null>): void {
  state.put('');
  field.current?.focus();
}

/** The fault, once one pauses; gone the moment the text reads. */
function usePaused(fault: FilterFault | undefined): FilterFault | undefined {
  const [shown, setShown] = useState<FilterFault>();
  useEffect(() => {
    const timer = setTimeout(() => setShown(fault), fault === undefined ? 0 : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [fault]);
  return fault === undefined ? undefined : shown;
}

/** What fits at the caret, which of it is active, and what keys do with it. */
function useSuggestions(state: FilterState, field: RefObject<HTMLInputElement | null>) {
  const [caret, setCaret] = useState<number>();
  const [active, setActive] = useState(-1);
  const typed = useRef(state.text);
  typed.current = state.text;
  const found = useMemo(
    () =>
      caret === undefined
        ? { from: 0, to: 0, items: [] }
        : filterSuggestions(state.text, Math.min(caret, state.text.length), FLEET_FIELDS, (name, part) =>
            valuesOf(fleet.rows, name, part),
          ),
    [state.text, caret],
  );
  const isOpen = found.items.length > 0;
  const open = (at: number) => {
    setCaret(at);
    setActive(-1);
  };
  const close = () => setCaret(undefined);
  const pick = (index: number) => {
    const item = found.items[index];
    if (item === undefined) return;
    // A value ends its term, a field or an operator wants to go on.
    const end = item.kind === 'value' ? `${item.text} ` : item.text;
    const at = found.from + end.length;
    state.type(typed.current.slice(0, found.from) + end + typed.current.slice(found.to).trimStart());
    open(at);
    if (item.kind === 'value') close();
    requestAnimationFrame(() => field.current?.setSelectionRange(at, at));
  };
  const onKey = (key: string): boolean => {
    if (key === 'ArrowDown' && !isOpen) open(field.current?.selectionStart ?? 0);
    else if (!isOpen) return false;
    else if (key === 'ArrowDown') setActive((active + 1) % found.items.length);
    else if (key === 'ArrowUp') setActive(active <= 0 ? found.items.length - 1 : active - 1);
    else if (key === 'Escape') close();
    else if ((key === 'Enter' || key === 'Tab') && active >= 0) pick(active);
    else return false;
    return true;
  };
  return { items: found.items, active, isOpen, open, close, pick, onKey };
}
