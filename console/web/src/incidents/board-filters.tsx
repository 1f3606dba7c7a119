// What the board is narrowed by: how far incidents are, how bad, whose, and with or without those in maintenance.
import { useQuery } from '@tanstack/react-query';
import { incidentCountsQuery } from '#console/web/src/shell/incident-count.ts';
import { integer } from '#console/web/src/text/format.ts';
import { Segmented } from '#console/web/src/ui/choice.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { Checkbox } from '#console/web/src/ui/tick.tsx';
import { SEVERITIES } from '#shared/model/alert-words.ts';
import { BOARD_VIEWS, type IncidentsSearch } from './incidents-search.ts';
import { severityText } from './severity-mark.tsx';
import { t } from './text.ts';

interface FiltersProps {
  search: IncidentsSearch;
  onSearch: (search: IncidentsSearch) => void;
}

export function BoardFilters({ search, onSearch }: FiltersProps) {
  const counts = useQuery(incidentCountsQuery).data;
  const { state: _state, ...withoutState } = search;
  const { severity: _severity, ...withoutSeverity } = search;
  const { mine: _mine, ...withoutMine } = search;
  const { muted: _muted, ...withoutMuted } = search;
  const countText = (severity: (typeof SEVERITIES)[number]) => {
    const count = counts?.open[severity] ?? 0;
    return count === 0 ? severityText(severity) : `${severityText(severity)} (${integer(count)})`;
  };
  return (
    <div className="board-filters">
      <div className="max-w-full overflow-x-auto">
        <Segmented
          label={t('view')}
          options={BOARD_VIEWS.map((view) => ({ value: view, label: t(`view_${view}`) }))}
          value={search.state ?? 'open'}
          onChoose={(state) => onSearch(state === 'open' ? withoutState : { ...search, state })}
        />
      </div>
      <Select
        label={t('atLeast')}
        isLabelHidden
        options={SEVERITIES.toReversed().map((severity) => ({
          value: severity,
          label: severity === 'info' ? t('anySeverity') : t('orWorse', { severity: countText(severity) }),
        }))}
        value={search.severity ?? 'info'}
        onChoose={(severity) => onSearch(severity === 'info' ? withoutSeverity : { ...search, severity })}
      />
      <Checkbox
        label={t('mine')}
        isOn={search.mine === true}
        onChange={(isOn) => onSearch(isOn ? { ...search, mine: true } : withoutMine)}
      />
      <Checkbox
        label={
          counts === undefined || counts.muted === 0 ? t('withMuted') : t('withMutedCount', { count: counts.muted })
        }
        isOn={search.muted === true}
        onChange={(isOn) => onSearch(isOn ? { ...search, muted: true } : withoutMuted)}
      />
    </div>
  );
}
