// The two rows above the table: what the page is and what it counts, and the filter with what shapes the list.
import { type RefObject, useState } from 'react';
import { Button, LinkButton } from '#console/web/src/ui/button.tsx';
import { Sheet } from '#console/web/src/ui/sheet.tsx';
import { useIsNarrow } from '#console/web/src/ui/use-media.ts';
import { ColumnChooser } from './column-chooser.tsx';
import { ExportMenu } from './export-menu.tsx';
import { FacetPanel } from './facet-panel.tsx';
import { FilterField } from './filter-field.tsx';
import type { FleetViewProps } from './fleet-search.ts';
import { StatusCounts } from './status-counts.tsx';
import { t } from './text.ts';
import type { ColumnState } from './use-columns.ts';
import type { Facets } from './use-facets-open.ts';
import type { FilterState } from './use-filter-text.ts';
import type { FleetView } from './use-fleet-view.ts';
import { ViewsMenu } from './views-menu.tsx';

interface ToolbarProps extends FleetViewProps {
  state: FilterState;
  view: FleetView;
  columns: ColumnState;
  field: RefObject<HTMLInputElement | null>;
  facets: Facets;
  onDone: () => void;
  isSelecting: boolean;
  onSelecting: (isSelecting: boolean) => void;
}

export function FleetToolbar(props: ToolbarProps) {
  const { search, onChange, state, view, columns, field, facets, onDone, isSelecting, onSelecting } = props;
  const [areColumnsOpen, setAreColumnsOpen] = useState(false);
  const isNarrow = useIsNarrow();
  return (
    <>
      <div className="fleet-head">
        <h1 className="page-title">{t('title')}</h1>
        <StatusCounts view={view} state={state} />
        <span className="grow" />
        <div className="fleet-tools">
          {isNarrow && (
            <Button aria-pressed={isSelecting} onClick={() => onSelecting(!isSelecting)}>
              {isSelecting ? t('selectDone') : t('selectMode')}
            </Button>
          )}
          <ViewsMenu search={search} text={state.text} onChange={onChange} />
          <ExportMenu view={view} columns={columns.keys} />
          {!isNarrow && (
            <Button icon="columns" aria-haspopup="dialog" onClick={() => setAreColumnsOpen(true)}>
              {t('columns')}
            </Button>
          )}
          {!isNarrow && (
            <LinkButton to="/devices/new" kind="primary" icon="plus" needs="device.write">
              {t('emptyAdd')}
            </LinkButton>
          )}
        </div>
      </div>
      <div className="fleet-filter">
        <Button icon="filter" aria-expanded={facets.isBeside || facets.isSheet} onClick={facets.toggle}>
          <span className="max-sm:sr-only">{t('facets')}</span>
        </Button>
        <FilterField state={state} fault={view.fault} field={field} onDone={onDone} />
      </div>
      <Sheet title={t('facets')} isOpen={facets.isSheet} onClose={facets.toggle}>
        <FacetPanel view={view} state={state} />
      </Sheet>
      <ColumnChooser
        {...{ columns, search, onChange }}
        isOpen={areColumnsOpen}
        onClose={() => setAreColumnsOpen(false)}
      />
    </>
  );
}
