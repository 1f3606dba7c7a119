// One member of a fact as a person reads it. What the machine did not tell is unknown, never empty and never "no".

import type { Members } from '#console/web/src/device/facts.ts';
import { integer, percent, quantityText, UNKNOWN } from '#console/web/src/text/format.ts';
import { dateOf, fullTime } from '#console/web/src/text/time.ts';
import type { MemberSpec } from './fact-specs.ts';
import { t } from './text.ts';

const numberIn = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** The largest time a calendar has; a machine may say anything. */
const MAX_TIME = 8.64e15;
const timeIn = (value: unknown): number | undefined => {
  const time = numberIn(value);
  return time === undefined || Math.abs(time) > MAX_TIME ? undefined : time;
};

export function memberText(row: Members, { name, type = 'text' }: MemberSpec): string {
  const value = row[name];
  switch (type) {
    case 'text':
      return (typeof value === 'string' || typeof value === 'number') && value !== '' ? String(value) : UNKNOWN;
    case 'texts':
      return Array.isArray(value) ? value.filter((one) => typeof one === 'string').join(', ') || t('nothing') : UNKNOWN;
    case 'count':
      return integer(numberIn(value));
    case 'bytes':
      return quantityText(numberIn(value), 'bytes');
    case 'ratio':
      return percent(numberIn(value));
    case 'flag':
      return typeof value === 'boolean' ? t(value ? 'yes' : 'no') : UNKNOWN;
    case 'time': {
      const time = timeIn(value);
      return time === undefined ? UNKNOWN : fullTime(time);
    }
    case 'day': {
      const time = timeIn(value);
      return time === undefined ? UNKNOWN : dateOf(time);
    }
  }
}

/** To sort by: numbers by their size, all else by its text. */
export function memberOrder(row: Members, { name, type = 'text' }: MemberSpec): string | number | null {
  const value = row[name];
  if (typeof value === 'number') return value;
  if (type === 'flag') return typeof value === 'boolean' ? Number(value) : null;
  return typeof value === 'string' ? value : null;
}
