// The order of the cards: they have no heads to press.
import { COLUMN_KEYS, isDescendingFirst, isSortable } from './column-list.ts';
import { type FleetViewProps, sortingOf } from './fleet-search.ts';
import { fieldTitle, t } from './text.ts';

export function SortChoice({ search, onChange }: FleetViewProps) {
  const { key } = sortingOf(search);
  const choose = (value: string) => {
    const chosen = COLUMN_KEYS.find((one) => one === value) ?? key;
    onChange({ sort: `${isDescendingFirst(chosen) ? '-' : ''}${chosen}` });
  };
  return (
    <label className="ml-auto flex items-center gap-1 text-muted">
      {t('sort')}
      <select className="select-quiet sort-choice" value={key} onChange={(event) => choose(event.target.value)}>
        {COLUMN_KEYS.filter(isSortable).map((value) => (
          <option key={value} value={value}>
            {fieldTitle(value)}
          </option>
        ))}
      </select>
    </label>
  );
}
