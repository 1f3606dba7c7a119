// What is asked, term by term, each to be taken out; and how many devices fit.
import { Button } from '#console/web/src/ui/button.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { useIsNarrow } from '#console/web/src/ui/use-media.ts';
import { filterText, partsOf, withoutPart } from './filter-text.ts';
import type { FleetViewProps } from './fleet-search.ts';
import { SortChoice } from './sort-choice.tsx';
import { t } from './text.ts';
import type { FilterState } from './use-filter-text.ts';
import type { FleetView } from './use-fleet-view.ts';

interface FilterChipsProps extends FleetViewProps {
  view: FleetView;
  /** In scope. */
  total: number;
  state: FilterState;
}

/** The row keeps its place without any, so that the table below never jumps. */
export function FilterChips({ view, total, state, search, onChange }: FilterChipsProps) {
  const isNarrow = useIsNarrow();
  const { filter, rows, remote } = view;
  const parts = partsOf(filter);
  return (
    <div className="filter-chips">
      <span className="shrink-0 whitespace-nowrap text-muted">
        {rows.length === total ? t('devices', { count: total }) : t('fitting', { part: rows.length, count: total })}
      </span>
      {parts.length > 0 && (
        <ul aria-label={t('activeTerms')} className="m-0 flex min-w-0 list-none flex-wrap gap-1.5 p-0">
          {parts.map((part, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same term may stand twice, and its place is what is taken out
            <li key={`${filterText(part)} ${place}`} className="flex min-w-0">
              <Tag text={filterText(part)} onRemove={() => state.put(filterText(withoutPart(filter, place)))} />
            </li>
          ))}
        </ul>
      )}
      {parts.length > 1 && (
        <Button kind="quiet" isSmall onClick={() => state.put('')}>
          {t('clear')}
        </Button>
      )}
      {remote.isAsking && <span className="text-xs text-muted">{t('asking')} …</span>}
      {remote.error !== undefined && <span className="text-xs text-changed">{t('remoteFault')}</span>}
      {isNarrow && <SortChoice search={search} onChange={onChange} />}
    </div>
  );
}
