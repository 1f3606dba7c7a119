// The weeks of one schedule: a bar for each turn, in the schedule's own time zone, and the way to the file for a calendar.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { locale } from '#console/web/src/i18n/language.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { Button, IconButton } from '#console/web/src/ui/button.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { type Bar, colourOf, mondayOf, type Week, weeksFrom, weeksOf } from './calendar-layout.ts';
import { type Schedule, useTurns } from './notify-data.ts';
import { t } from './text.ts';

/** A month and what borders on it. */
const WEEKS = 4;
/** Tokens `--color-series-1` and on. */
const COLOURS = 6;

interface CalendarProps {
  schedule: Schedule;
  onOverride: () => void;
}

export function OnCallCalendar({ schedule, onOverride }: CalendarProps) {
  const { id, name, zone } = schedule;
  const now = useFiveSeconds();
  const [ahead, setAhead] = useState(0);
  const monday = weeksFrom(zone, mondayOf(zone, now), ahead);
  const end = weeksFrom(zone, monday, WEEKS);
  const read = useTurns(id, monday, end);
  const people = [...new Set((read.data ?? []).map(({ contact }) => contact as string))].sort();
  return (
    <section className="panel p-3" aria-label={t('calendarOf', { name })}>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <h2 className="section-title m-0 grow">
          {name} <span className="font-normal text-muted">{zone}</span>
        </h2>
        <IconButton isSmall icon="chevron-left" label={t('earlierWeeks')} onClick={() => setAhead(ahead - WEEKS)} />
        <Button isSmall kind="quiet" disabled={ahead === 0} onClick={() => setAhead(0)}>
          {t('today')}
        </Button>
        <IconButton isSmall icon="chevron-right" label={t('laterWeeks')} onClick={() => setAhead(ahead + WEEKS)} />
        <Button isSmall icon="people" needs="notify.write" onClick={onOverride}>
          {t('takeOver')}
        </Button>
        <Download id={id} name={name} />
      </div>
      {read.data === undefined && read.isError && (
        <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.data === undefined && !read.isError && <SkeletonBlock className="h-48" />}
      {read.data !== undefined && (
        <ol className="on-call-weeks">
          {weeksOf(zone, monday, { weeks: WEEKS, turns: read.data }).map((week) => (
            <li key={week.days[0]}>
              <WeekRow week={week} zone={zone} people={people} now={now} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

interface WeekProps {
  week: Week;
  zone: string;
  people: readonly string[];
  now: number;
}

function WeekRow({ week: { days, bars }, zone, people, now }: WeekProps) {
  const dayFormat = new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'numeric',
  });
  const nights = days.slice(0, -1);
  const isToday = (at: number, index: number) => now >= at && now < (days[index + 1] ?? 0);
  return (
    <>
      <div className="on-call-days" aria-hidden="true">
        {nights.map((midnight, index) => (
          <span key={midnight} data-today={isToday(midnight, index) || undefined}>
            {dayFormat.format(midnight)}
          </span>
        ))}
      </div>
      <ul className="on-call-bars">
        {bars.length === 0 && <li className="text-xs text-down">{t('nobodyThisWeek')}</li>}
        {bars.map((bar) => (
          <BarOf
            key={`${bar.turn.contact} ${bar.turn.from}`}
            bar={bar}
            zone={zone}
            colour={colourOf(people, bar.turn.contact, COLOURS)}
          />
        ))}
      </ul>
    </>
  );
}

/** Of a day less than this, a name finds no room. */
const LEAST_DAYS = 0.12;

function BarOf({ bar, zone, colour }: { bar: Bar; zone: string; colour: number }) {
  const { turn, from, until, isOpenBefore, isOpenAfter } = bar;
  const timeFormat = new Intl.DateTimeFormat(locale, {
    ...{ timeZone: zone, weekday: 'short', day: 'numeric', month: 'short' },
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  const span = t('fromTo', { from: timeFormat.format(turn.from), to: timeFormat.format(turn.until) });
  const because =
    turn.because === 'override' || turn.because === 'holiday' ? t(`because_${turn.because}`) : turn.because;
  const text = `${turn.name}: ${span} (${because})`;
  return (
    <li
      className="on-call-bar"
      data-colour={colour + 1}
      data-because={turn.because}
      title={text}
      style={{
        left: `${(from / 7) * 100}%`,
        width: `${(Math.max(LEAST_DAYS, until - from) / 7) * 100}%`,
        borderStartStartRadius: isOpenBefore ? 0 : undefined,
        borderStartEndRadius: isOpenAfter ? 0 : undefined,
      }}
    >
      <span aria-hidden="true">{turn.name}</span>
      <span className="sr-only">{text}</span>
    </li>
  );
}

/** Answered as text, kept as a file. */
function Download({ id, name }: { id: string; name: string }) {
  const saving = useMutation({
    mutationFn: () => api.onCall.calendar({ id }),
    onSuccess: ({ text }) => {
      const url = URL.createObjectURL(new Blob([text], { type: 'text/calendar' }));
      Object.assign(document.createElement('a'), { href: url, download: `${name}.ics` }).click();
      URL.revokeObjectURL(url);
    },
    onError: (error) => toast.fault(error, t('notRead')),
  });
  return (
    <Button isSmall icon="download" isBusy={saving.isPending} onClick={() => saving.mutate()}>
      {t('calendarFile')}
    </Button>
  );
}
