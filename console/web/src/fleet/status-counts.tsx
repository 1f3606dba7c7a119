// How many devices are how: each count is a press that shows them alone.
import { useMemo } from 'react';
import { integer } from '#console/web/src/text/format.ts';
import { StatusShape, statusText } from '#console/web/src/ui/status-mark.tsx';
import type { DeviceStatus } from '#shared/model/device.ts';
import { chosenOf, filterText, only, withoutField } from './filter-text.ts';
import { fleet, useStatusChanges } from './fleet.ts';
import { STATUS_ORDER } from './fleet-rows.ts';
import { t } from './text.ts';
import type { FilterState } from './use-filter-text.ts';
import { type FleetView, joined } from './use-fleet-view.ts';

export function StatusCounts({ view, state }: { view: FleetView; state: FilterState }) {
  const counts = useCounts(view);
  const chosen = chosenOf(view.filter, 'status');
  const show = (status: DeviceStatus | undefined) => state.put(filterText(only(view.filter, 'status', status)));
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <fieldset className="status-counts">
      <legend className="sr-only">{t('filterByStatus')}</legend>
      <CountButton label={t('all')} count={all} isOn={chosen.size === 0} onPress={() => show(undefined)} />
      {STATUS_ORDER.map((status) => (
        <CountButton
          key={status}
          label={statusText(status)}
          status={status}
          count={counts[status]}
          isOn={chosen.has(status)}
          onPress={() => show(chosen.has(status) && chosen.size === 1 ? undefined : status)}
        />
      ))}
    </fieldset>
  );
}

/** Of what fits but for the status, so that a press shows as many as it says. */
function useCounts({ own, scope }: FleetView): Record<DeviceStatus, number> {
  const changes = useStatusChanges();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the store counts its changes, and they are what is counted anew
  return useMemo(() => {
    const counts = { up: 0, down: 0, unknown: 0, 'identity-changed': 0 };
    for (const row of fleet.fitting(joined(withoutField(own, 'status'), scope)))
      counts[STATUS_ORDER[fleet.rows.status[row] ?? 2] ?? 'unknown'] += 1;
    return counts;
  }, [own, scope, changes]);
}

interface CountProps {
  label: string;
  count: number;
  status?: DeviceStatus;
  isOn: boolean;
  onPress: () => void;
}

function CountButton({ label, count, status, isOn, onPress }: CountProps) {
  // A count of nothing is no news; it keeps its place, so that nothing jumps when it is.
  const isQuiet = count === 0 && !isOn;
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={onPress}
      className={`chip ${isQuiet ? 'chip-quiet max-sm:hidden' : ''}`}
    >
      {status !== undefined && <StatusShape status={status} />}
      {label} <span className="font-semibold">{integer(count)}</span>
    </button>
  );
}
