// What can be done with the selected devices: below the list while there are any.
import { BulkBar } from '#console/web/src/verbs/bulk-bar.tsx';
import { filterText } from './filter-text.ts';
import { fleet, selection, useSelection } from './fleet.ts';
import { type FleetView, joined } from './use-fleet-view.ts';

export function SelectionBar({ view }: { view: FleetView }) {
  const { ids } = useSelection();
  const seen = ids.size === 0 ? 0 : seenOf(view.rows, ids);
  // All that fits is a filter, however many they are.
  const isAll = seen === ids.size && seen === view.rows.length;
  const filter = () => filterText(joined(view.filter, view.scope));
  const [first = ''] = ids;
  const name = ids.size === 1 ? fleet.rows.name[fleet.rowOf(first) ?? -1] : undefined;
  return (
    <BulkBar
      count={ids.size}
      hidden={ids.size - seen}
      devices={() => ({
        ids: [...ids],
        ...(name === undefined ? {} : { name }),
        ...(isAll ? { filter: filter() } : {}),
      })}
      onClear={() => selection.clear()}
    />
  );
}

function seenOf(rows: readonly number[], ids: ReadonlySet<string>): number {
  let seen = 0;
  for (const row of rows) if (ids.has(fleet.rows.id[row] ?? '')) seen += 1;
  return seen;
}
