// The escalations: whom an incident climbs to while nobody has taken it.
import { api } from '#console/web/src/api/api.ts';
import type { Column } from '#console/web/src/ui/table.tsx';
import { EscalationSheet } from './escalation-sheet.tsx';
import { KeptPage } from './kept-page.tsx';
import { type Escalation, useEscalations } from './notify-data.ts';
import { afterText, type Names, targetsText } from './notify-words.ts';
import { t } from './text.ts';
import { useNames } from './use-names.ts';

export function EscalationsPage() {
  const names = useNames();
  return (
    <KeptPage
      view="escalations"
      read={useEscalations()}
      columns={columnsOf(names)}
      form={(row, onClose) => <EscalationSheet escalation={row} onClose={onClose} />}
      remove={(id) => api.escalations.remove({ id })}
    />
  );
}

const columnsOf = (names: Names): Array<Column<Escalation>> => [
  {
    key: 'name',
    title: t('name'),
    sortBy: ({ name }) => name,
    cell: ({ name }) => <span className="font-medium wrap-anywhere">{name}</span>,
  },
  {
    key: 'tiers',
    title: t('tiers'),
    cell: ({ tiers }) => (
      <ol className="tier-list">
        {tiers.map(({ name, afterMs, targets }) => (
          <li key={`${afterMs} ${name}`}>
            <span className="font-medium">{name}</span> <span className="text-muted">{afterText(afterMs)}</span>
            <div className="text-xs text-muted wrap-anywhere">{targetsText(targets, names)}</div>
          </li>
        ))}
      </ol>
    ),
  },
  {
    key: 'hours',
    title: t('counted'),
    className: 'hidden md:table-cell',
    cell: ({ hours }) => (hours === undefined ? t('always') : t('inHoursOf', { zone: hours.timeZone })),
  },
];
