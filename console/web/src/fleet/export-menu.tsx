// Takes what is shown along as a file.
import { Menu } from '#console/web/src/ui/menu.tsx';
import { useIsNarrow } from '#console/web/src/ui/use-media.ts';
import type { ColumnKey } from './column-list.ts';
import { useExport } from './export-fleet.ts';
import { t } from './text.ts';
import { type FleetView, joined } from './use-fleet-view.ts';

export function ExportMenu({ view, columns }: { view: FleetView; columns: readonly ColumnKey[] }) {
  const run = useExport();
  const isNarrow = useIsNarrow();
  const as = (format: 'csv' | 'xlsx') => run.mutate({ format, columns, filter: joined(view.filter, view.scope) });
  return (
    <Menu
      button={{ text: t('exports'), icon: 'download', isIconOnly: isNarrow, isDisabled: run.isPending }}
      isAtEnd
      items={[
        { key: 'csv', text: t('exportCsv'), needs: 'device.export', onSelect: () => as('csv') },
        { key: 'xlsx', text: t('exportXlsx'), needs: 'device.export', onSelect: () => as('xlsx') },
      ]}
    />
  );
}
