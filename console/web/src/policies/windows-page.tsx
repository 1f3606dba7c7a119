// The calendar of maintenance windows: a month at a glance, and each opening of it in a list.
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { locale } from '#console/web/src/i18n/language.ts';
import { consoleNow } from '#console/web/src/live/now.ts';
import { Allowed } from '#console/web/src/rights/allowed.tsx';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { dayOf, fullTime, minuteOf, timeZone } from '#console/web/src/text/time.ts';
import { Button, LinkButton } from '#console/web/src/ui/button.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { Table } from '#console/web/src/ui/table.tsx';
import { inert } from '#shared/base/inert-text.ts';
import { type CalendarDay, daysOf, monthBeside, monthName, monthOf, weekdayName, within } from './calendar.ts';
import { isWindow, useCalendar, usePolicyParts } from './policy-data.ts';
import { t } from './text.ts';
import { WindowSheet } from './window-sheet.tsx';
import './policies.css';

const route = getRouteApi('/shell/policies/windows');

interface Opening {
  id: string;
  name: string;
  from: number;
  to: number;
}

export function WindowsPage() {
  usePageTitle(t('windows'));
  const { month = monthOf(consoleNow()) } = route.useSearch();
  const [isNew, setIsNew] = useState(false);
  const days = daysOf(month);
  const [from, to] = [days[0]?.from ?? 0, days.at(-1)?.to ?? 0];
  const read = useCalendar(from, to);
  const windows = (usePolicyParts().data ?? []).filter(isWindow);
  const nameOf = (id: string) => inert(windows.find(({ body }) => body.id === id)?.body.name ?? id);
  const openings = (read.data ?? []).map((span): Opening => ({ ...span, name: nameOf(span.id) }));
  return (
    <>
      <p className="mt-0 mb-1">
        <Link to="/policies" className="link-quiet">
          {t('toList')}
        </Link>
      </p>
      <PageHead title={t('month', { month: monthName(month, locale) })} note={t('calendarHint', { zone: timeZone })}>
        <LinkButton to="/policies/windows" search={{ month: monthBeside(month, -1) }}>
          {t('earlier')}
        </LinkButton>
        <LinkButton to="/policies/windows" search={{ month: monthBeside(month, 1) }}>
          {t('later')}
        </LinkButton>
        <Allowed needs="policy.write">
          <Button kind="primary" icon="plus" onClick={() => setIsNew(true)}>
            {t('newWindow')}
          </Button>
        </Allowed>
      </PageHead>
      {read.data === undefined && read.isError && (
        <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonRows label={t('reading')} />}
      {read.data !== undefined && (
        <>
          <Month days={days} openings={openings} />
          <Openings openings={openings} />
        </>
      )}
      {isNew && <WindowSheet onClose={() => setIsNew(false)} />}
    </>
  );
}

/** For the eyes: the list below says the same to everybody. */
function Month({ days, openings }: { days: readonly CalendarDay[]; openings: readonly Opening[] }) {
  return (
    <div className="policy-month" aria-hidden="true">
      {days.slice(0, 7).map((day) => (
        <div key={`name ${day.from}`} className="policy-weekday">
          {weekdayName(day, locale)}
        </div>
      ))}
      {days.map((day) => (
        <div key={day.from} className="policy-day" data-other={day.isInMonth ? undefined : true}>
          <span className="text-muted">{day.day}</span>
          {within(openings, day).map(({ id, name, from }) => (
            <span key={`${id} ${from}`} className="policy-open" title={name}>
              {name}
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}

const endText = (from: number, to: number): string =>
  dayOf(from) === dayOf(to) ? minuteOf(to) : `${dayOf(to)}, ${minuteOf(to)}`;

function Openings({ openings }: { openings: readonly Opening[] }) {
  return (
    <div className="mt-4 max-w-4xl">
      <Table
        caption={t('open')}
        isCaptionHidden
        rows={openings}
        rowKey={({ id, from }) => `${id} ${from}`}
        empty={t('noneOpen')}
        columns={[
          { key: 'day', title: t('day'), cell: ({ from }) => dayOf(from), sortBy: ({ from }) => from },
          { key: 'name', title: t('name'), cell: ({ name }) => name, sortBy: ({ name }) => name },
          {
            ...{ key: 'open', title: t('open') },
            cell: ({ from, to }) => (
              <span title={`${fullTime(from)} – ${fullTime(to)}`}>
                {t('span', { from: minuteOf(from), to: endText(from, to) })}
              </span>
            ),
          },
        ]}
      />
    </div>
  );
}
