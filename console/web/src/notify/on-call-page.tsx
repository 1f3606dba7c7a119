// On-call: who has it now, who has it when, and who takes over for a while.
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { timeOrDay } from '#console/web/src/text/time.ts';
import type { Column } from '#console/web/src/ui/table.tsx';
import { KeptPage } from './kept-page.tsx';
import { type Contact, type Schedule, useContacts, useSchedules } from './notify-data.ts';
import { nameOf } from './notify-words.ts';
import { OnCallCalendar } from './on-call-calendar.tsx';
import { OnCallSheet } from './on-call-sheet.tsx';
import { OverrideDialog } from './override-dialog.tsx';
import { t } from './text.ts';

export function OnCallPage() {
  const contacts = useContacts().data ?? [];
  const now = useFiveSeconds();
  const [overridden, setOverridden] = useState<Schedule>();
  return (
    <>
      <KeptPage
        view="onCall"
        read={useSchedules()}
        columns={columnsOf(contacts, now)}
        form={(row, onClose) => <OnCallSheet schedule={row} contacts={contacts} onClose={onClose} />}
        remove={(id) => api.onCall.remove({ id })}
        extra={(row) => [
          {
            key: 'override',
            text: t('takeOver'),
            icon: 'people',
            needs: 'notify.write',
            onSelect: () => setOverridden(row),
          },
        ]}
        body={(rows) => (
          <div className="mt-3 grid grid-cols-1 gap-3">
            {rows.map((schedule) => (
              <OnCallCalendar key={schedule.id} schedule={schedule} onOverride={() => setOverridden(schedule)} />
            ))}
          </div>
        )}
      />
      {overridden !== undefined && (
        <OverrideDialog schedule={overridden} contacts={contacts} onClose={() => setOverridden(undefined)} />
      )}
    </>
  );
}

const columnsOf = (contacts: readonly Contact[], now: number): Array<Column<Schedule>> => [
  {
    key: 'name',
    title: t('name'),
    sortBy: ({ name }) => name,
    cell: ({ name, zone }) => (
      <>
        <span className="font-medium wrap-anywhere">{name}</span>
        <div className="text-xs text-muted">{zone}</div>
      </>
    ),
  },
  {
    key: 'now',
    title: t('hasItNow'),
    cell: ({ now: holder }) =>
      holder === null ? (
        <span className="text-down">{t('nobodyNow')}</span>
      ) : (
        <>
          <span className="font-medium">{holder.name}</span>{' '}
          {holder.until !== null && (
            <span className="text-muted">{t('until', { time: timeOrDay(holder.until, now) })}</span>
          )}
        </>
      ),
  },
  {
    key: 'rotations',
    title: t('rotations'),
    className: 'hidden md:table-cell',
    cell: ({ rotations }) => (
      <ul className="m-0 list-none p-0">
        {rotations.map(({ name, people, everyDays }) => (
          <li key={name} className="wrap-anywhere">
            {name}{' '}
            <span className="text-muted">
              {t('turnsText', { count: everyDays, names: people.map((id) => nameOf(contacts, id)).join(', ') })}
            </span>
          </li>
        ))}
      </ul>
    ),
  },
];
