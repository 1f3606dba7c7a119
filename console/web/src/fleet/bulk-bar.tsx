// What can be done with the selected devices: below the list while there are any, away otherwise.
import { useState } from 'react';
import { Button, IconButton } from '#console/web/src/ui/button.tsx';
import { Menu } from '#console/web/src/ui/menu.tsx';
import type { Filter } from '#shared/base/filter/filter.ts';
import { BulkGroups } from './bulk-groups.tsx';
import { BulkTags } from './bulk-tags.tsx';
import type { ColumnKey } from './column-list.ts';
import { useExport } from './export-fleet.ts';
import { fleet, selection, useSelection } from './fleet.ts';
import { ForgetDialog } from './forget-dialog.tsx';
import { t } from './text.ts';
import { type FleetView, joined } from './use-fleet-view.ts';

type Open = 'tags' | 'groups' | 'forget';

export function BulkBar({ view, columns }: { view: FleetView; columns: readonly ColumnKey[] }) {
  const { ids } = useSelection();
  const [open, setOpen] = useState<Open>();
  if (ids.size === 0) return null;
  const hidden = ids.size - seenOf(view.rows, ids);
  const close = () => setOpen(undefined);
  return (
    <section aria-label={t('selectionBar')} className="bulk-bar">
      <span className="font-medium whitespace-nowrap">{t('selected', { count: ids.size })}</span>
      {hidden > 0 && <span className="text-xs text-muted">{t('selectedHidden', { count: hidden })}</span>}
      <span className="grow" />
      <div className="bulk-verbs">
        <Button isSmall icon="tag" aria-haspopup="dialog" onClick={() => setOpen('tags')}>
          {t('tags')}
        </Button>
        <Button isSmall icon="people" aria-haspopup="dialog" onClick={() => setOpen('groups')}>
          {t('groups')}
        </Button>
        <ExportSelection ids={ids} view={view} columns={columns} />
        <Button isSmall icon="trash" aria-haspopup="dialog" onClick={() => setOpen('forget')}>
          {t('forget')}
        </Button>
      </div>
      <IconButton isSmall icon="close" label={t('selectionClear')} onClick={() => selection.clear()} />
      {open === 'tags' && <BulkTags ids={[...ids]} onClose={close} />}
      {open === 'groups' && <BulkGroups ids={[...ids]} onClose={close} />}
      {open === 'forget' && <ForgetDialog ids={[...ids]} hidden={hidden} onClose={close} />}
    </section>
  );
}

function seenOf(rows: readonly number[], ids: ReadonlySet<string>): number {
  let seen = 0;
  for (const row of rows) if (ids.has(fleet.rows.id[row] ?? '')) seen += 1;
  return seen;
}

/** As many ids as a filter can name; more are exported where they are all that fits. */
const MAX_NAMED = 50;

/** The selection as a filter; undefined where no filter can say it. */
function filterOf(ids: ReadonlySet<string>, { rows, filter, scope }: FleetView): Filter | undefined {
  if (ids.size === rows.length && seenOf(rows, ids) === rows.length) return joined(filter, scope);
  if (ids.size > MAX_NAMED) return undefined;
  return { type: 'text', field: 'id', match: 'is', values: [...ids].map((id) => [id]) };
}

interface ExportProps {
  ids: ReadonlySet<string>;
  view: FleetView;
  columns: readonly ColumnKey[];
}

function ExportSelection({ ids, view, columns }: ExportProps) {
  const run = useExport();
  const filter = filterOf(ids, view);
  const blocked = filter === undefined ? t('exportTooMany', { count: MAX_NAMED }) : undefined;
  const as = (format: 'csv' | 'xlsx') => filter !== undefined && run.mutate({ format, columns, filter });
  return (
    <Menu
      button={{ text: t('exports'), icon: 'download', isSmall: true, isDisabled: run.isPending }}
      isAtEnd
      items={[
        { key: 'csv', text: t('exportSelectedCsv'), blocked, onSelect: () => as('csv') },
        { key: 'xlsx', text: t('exportSelectedXlsx'), blocked, onSelect: () => as('xlsx') },
      ]}
    />
  );
}
