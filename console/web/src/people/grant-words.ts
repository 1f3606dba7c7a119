// A right in words: what, over what, when, and whether it holds at this moment.
import { overText } from '#console/web/src/rights/over-words.ts';
import { roleText } from '#console/web/src/rights/role-text.ts';
import { dateOf, minuteOf } from '#console/web/src/text/time.ts';
import type { Grant } from './people-data.ts';
import { t } from './text.ts';

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Day = (typeof DAYS)[number];

type Hours = NonNullable<Grant['hours']>;

export const whatText = ({ role, verbs }: Pick<Grant, 'role' | 'verbs'>): string =>
  role === null ? verbs.join(', ') : roleText(role);

export const overOfGrant = ({ over, overName }: Pick<Grant, 'over' | 'overName'>): string => overText(over, overName);

const momentText = (time: number): string => `${dateOf(time)}, ${minuteOf(time)}`;

/** "Mon–Fri", "Sat, Sun", "every day": neighbours of three and more are drawn together. */
export function daysText(days: readonly Day[]): string {
  if (days.length === DAYS.length) return t('everyDay');
  const parts: string[] = [];
  for (let at = 0; at < DAYS.length; at += 1) {
    let end = at;
    while (end < DAYS.length && days.includes(DAYS[end] ?? 'mon')) end += 1;
    if (end === at) continue;
    const run = DAYS.slice(at, end).map((day) => t(`day_${day}`));
    parts.push(run.length > 2 ? `${run[0]}–${run.at(-1)}` : run.join(', '));
    at = end;
  }
  return parts.join(', ');
}

export const hoursText = ({ timeZone, spans }: Hours): string =>
  t('inHours', {
    hours: spans.map(({ days, from, until }) => t('span', { days: daysText(days), from, until })).join('; '),
    zone: timeZone,
  });

/** "from 5 Jan 2026, 08:00 until 9 Jan 2026, 18:00, Mon–Fri 08:00–18:00 (Europe/Berlin)". */
export function whenText({ from, until, hours }: Pick<Grant, 'from' | 'until' | 'hours'>): string {
  const time = [
    from === null ? '' : t('fromTime', { time: momentText(from) }),
    until === null ? '' : t('untilTime', { time: momentText(until) }),
  ].filter((part) => part !== '');
  const parts = [time.join(' '), hours === null ? '' : hoursText(hours)].filter((part) => part !== '');
  return parts.length === 0 ? t('always') : parts.join(', ');
}

/** Why it does not hold now; empty when it does. */
export function restText({ isActive, from, until }: Pick<Grant, 'isActive' | 'from' | 'until'>, now: number): string {
  if (isActive) return '';
  if (from !== null && now < from) return t('isNotYet');
  return until !== null && now >= until ? t('isOver') : t('isOutside');
}
