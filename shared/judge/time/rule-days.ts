// The days that a rule takes out of one of its periods: a day, a week, a month or a year.
import type { Recurrence, RuleDay } from './recurrence.ts';
import { DAY_MS, weekdayOf } from './zone-time.ts';

const civil = (day: number): Date => new Date(day * DAY_MS);
export const firstOfMonth = (year: number, month: number): number => Date.UTC(year, month - 1, 1) / DAY_MS;
const monthOf = (day: number): number => civil(day).getUTCMonth() + 1;
const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

/** Days since 1970 of period `k`, sorted; `start` is the day of the first begin. Empty where the period has none. */
export function daysOfPeriod(rule: Recurrence, start: number, k: number): number[] {
  const found = [...new Set(candidates(rule, start, k * rule.interval))].sort((a, b) => a - b);
  if (rule.positions.length === 0) return found;
  const chosen = rule.positions.map((at) => found[at > 0 ? at - 1 : found.length + at]);
  return [...new Set(chosen.filter((day) => day !== undefined))].sort((a, b) => a - b);
}

function candidates(rule: Recurrence, start: number, step: number): number[] {
  switch (rule.frequency) {
    case 'DAILY':
      return [start + step].filter(
        (day) => isIn(rule.months, monthOf(day)) && onMonthDay(rule, day) && onWeekday(rule, day),
      );
    case 'WEEKLY':
      return weekDays(rule, start, step).filter((day) => isIn(rule.months, monthOf(day)));
    case 'MONTHLY': {
      const first = civil(start);
      const month = first.getUTCFullYear() * 12 + first.getUTCMonth() + step;
      return monthDaysOf(rule, Math.floor(month / 12), (month % 12) + 1, first.getUTCDate());
    }
    case 'YEARLY':
      return yearDays(rule, civil(start), civil(start).getUTCFullYear() + step);
  }
}

const isIn = (asked: readonly number[], value: number): boolean => asked.length === 0 || asked.includes(value);

const onWeekday = ({ days }: Recurrence, day: number): boolean =>
  days.length === 0 || days.some(({ weekday }) => weekday === weekdayOf(day));

function onMonthDay({ monthDays }: Recurrence, day: number): boolean {
  if (monthDays.length === 0) return true;
  const date = civil(day);
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return monthDays.includes(date.getUTCDate()) || monthDays.includes(date.getUTCDate() - length - 1);
}

function weekDays({ days, weekStart }: Recurrence, start: number, step: number): number[] {
  const begin = start - ((weekdayOf(start) - weekStart + 7) % 7) + 7 * step;
  const asked = days.length === 0 ? [weekdayOf(start)] : days.map(({ weekday }) => weekday);
  return asked.map((weekday) => begin + ((weekday - weekStart + 7) % 7));
}

/** `own` is the day of the month of the first begin: taken where the rule names no day, in months that have it. */
function monthDaysOf(rule: Recurrence, year: number, month: number, own: number): number[] {
  if (!isIn(rule.months, month)) return [];
  const from = firstOfMonth(year, month);
  const all = range(from, firstOfMonth(year, month + 1));
  if (rule.monthDays.length === 0 && rule.days.length === 0) return all.filter((day) => day === from + own - 1);
  return all.filter((day) => onMonthDay(rule, day) && onNthWeekday(rule.days, day, all));
}

function yearDays(rule: Recurrence, first: Date, year: number): number[] {
  // Without a month, weekdays are counted through the year, and a plain rule keeps the month of its first begin.
  if (rule.months.length === 0 && rule.days.length > 0) {
    const all = range(firstOfMonth(year, 1), firstOfMonth(year + 1, 1));
    return all.filter((day) => onMonthDay(rule, day) && onNthWeekday(rule.days, day, all));
  }
  const isPlain = rule.months.length === 0 && rule.monthDays.length === 0;
  const months = isPlain ? [first.getUTCMonth() + 1] : range(1, 13);
  return months.flatMap((month) => monthDaysOf(rule, year, month, first.getUTCDate()));
}

/** `span` is the month or year in which an nth day is counted. */
function onNthWeekday(days: readonly RuleDay[], day: number, span: readonly number[]): boolean {
  if (days.length === 0) return true;
  const [from = day] = span;
  const last = from + span.length - 1;
  return days.some(({ weekday, nth }) => {
    if (weekday !== weekdayOf(day)) return false;
    if (nth === undefined) return true;
    return nth > 0 ? Math.floor((day - from) / 7) + 1 === nth : -(Math.floor((last - day) / 7) + 1) === nth;
  });
}
