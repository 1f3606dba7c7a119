// A month as a calendar shows it: whole weeks from Monday on, in the time of the browser, with what is open on each day.

export interface CalendarDay {
  /** First moment of the day, local. */
  from: number;
  to: number;
  day: number;
  isInMonth: boolean;
}

const monthText = (date: Date): string => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}`;

export const monthOf = (at: number): string => monthText(new Date(at));

/** "November 2026". */
export function monthName(month: string, locale: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' }).format(new Date(year, number - 1, 1));
}

/** "Mon", for the first day of each column. */
export const weekdayName = ({ from }: Pick<CalendarDay, 'from'>, locale: string): string =>
  new Intl.DateTimeFormat(locale, { weekday: 'short' }).format(from);

export function monthBeside(month: string, by: -1 | 1): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return monthText(new Date(year, number - 1 + by, 1));
}

/** Days by their calendar, never by 24 hours: those on which a clock changes are longer or shorter. */
export function daysOf(month: string): CalendarDay[] {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const first = new Date(year, number - 1, 1);
  // Monday is the first day of a week.
  const before = (first.getDay() + 6) % 7;
  const count = Math.ceil((before + new Date(year, number, 0).getDate()) / 7) * 7;
  return Array.from({ length: count }, (_, at) => {
    const from = new Date(year, number - 1, 1 - before + at);
    const to = new Date(year, number - 1, 2 - before + at);
    return { from: from.getTime(), to: to.getTime(), day: from.getDate(), isInMonth: from.getMonth() === number - 1 };
  });
}

export const within = <Span extends { from: number; to: number }>(
  spans: readonly Span[],
  { from, to }: Pick<CalendarDay, 'from' | 'to'>,
): Span[] => spans.filter((span) => span.from < to && span.to > from);
