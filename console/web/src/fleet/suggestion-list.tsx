// The list below the filter: what may stand where one types, each with what it means.
import { useEffect, useRef } from 'react';
import type { FilterSuggestion } from '#shared/base/filter/filter-suggestions.ts';
import { FLEET_FIELDS, type FleetField } from '#shared/model/fleet-fields.ts';
import { fieldTitle, t } from './text.ts';

interface SuggestionListProps {
  id: string;
  items: readonly FilterSuggestion[];
  active: number;
  isOpen: boolean;
  onPick: (index: number) => void;
}

export function SuggestionList({ id, items, active, isOpen, onPick }: SuggestionListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });
  return (
    <div ref={list} id={id} role="listbox" aria-label={t('filterSuggestions')} className="suggestions" hidden={!isOpen}>
      {items.map((item, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, which says which option is active
        <div
          key={`${item.kind} ${item.text}`}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          className="suggestion"
          // Before the field loses the focus and the list goes.
          onPointerDown={(event) => {
            event.preventDefault();
            onPick(index);
          }}
        >
          <span className="truncate">{item.text}</span>
          <span className="ml-auto truncate text-xs text-muted">{meaning(item)}</span>
        </div>
      ))}
    </div>
  );
}

const isField = (name: string): name is FleetField => Object.hasOwn(FLEET_FIELDS, name);

function meaning({ kind, text }: FilterSuggestion): string {
  if (kind === 'value') return '';
  const name = text.replace(/[^a-z-].*$/, '');
  return isField(name) ? fieldTitle(name) : name === 'has' ? t('field_has') : '';
}
