// Says in plain words what a check found, with the numbers it rests on.
import type { Check, Condition } from '#shared/model/check.ts';
import type { Verdict } from './verdict.ts';

/** As much as a finding holds. */
const MAX_DETAIL_CHARS = 500;

export function detailOf(check: Check, verdict: Verdict): string {
  const place = verdict.instance === '' ? '' : ` (${verdict.instance})`;
  const text = `${check.name}${place}: ${verdict.severity === undefined ? goodWords(verdict) : badWords(check.when, verdict)}`;
  return text.slice(0, MAX_DETAIL_CHARS).replace(/[\ud800-\udbff]$/, '');
}

function goodWords({ value, unit = '', said, isGone }: Verdict): string {
  if (isGone === true) return 'the device does not have it any more';
  if (value !== undefined) return `now ${numberWords(value, unit)}`;
  return said === undefined ? 'does not hold any more' : `now ${said}`;
}

function badWords(when: Condition, { value = 0, limit = 0, unit = '', said = '' }: Verdict): string {
  const measured = numberWords(value, unit);
  const bound = numberWords(limit, unit);
  switch (when.kind) {
    case 'threshold':
      return `${measured}, the limit is ${bound}${when.forMs === 0 ? '' : ` for ${spanWords(when.forMs)}`}`;
    case 'rate':
      return `changes by ${measured}, the limit is ${bound}, over ${spanWords(when.withinMs)}`;
    case 'absence':
      return `${when.series} was not told for ${measured}`;
    case 'state':
      return when.forMs === 0 ? said : `${said}, for ${spanWords(when.forMs)}`;
    case 'events':
      return `${value} within ${spanWords(when.withinMs)}, the limit is ${limit}; the newest is ${said}`;
    case 'age':
      return when.above ? `${measured}, the limit is ${bound}` : leftWords(value, bound);
    case 'compound':
      return when.of.map(partWords).join(when.join === 'all' ? ' and ' : ' or ');
  }
}

const leftWords = (leftMs: number, bound: string): string =>
  leftMs < 0 ? `over since ${spanWords(-leftMs)}` : `${spanWords(leftMs)} left, the limit is ${bound}`;

function partWords(when: Condition): string {
  switch (when.kind) {
    case 'threshold':
    case 'rate':
    case 'absence':
      return when.series;
    case 'state':
    case 'age':
      return when.of;
    case 'events':
      return 'events';
    case 'compound':
      return 'others';
  }
}

const STEPS: ReadonlyArray<[ms: number, word: string]> = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

/** "36 h", "5 min": the largest unit of which there are two, so that little is lost. */
export function spanWords(ms: number): string {
  const [step, word] = STEPS.find(([size]) => Math.abs(ms) >= 2 * size) ?? [1, 'ms'];
  return `${rounded(ms / step)} ${word}`;
}

const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

function byteWords(bytes: number): string {
  const power = Math.min(BYTES.length - 1, Math.max(0, Math.floor(Math.log2(Math.abs(bytes) || 1) / 10)));
  return `${rounded(bytes / 1_024 ** power)} ${BYTES[power]}`;
}

function numberWords(value: number, unit: string): string {
  switch (unit) {
    case 'ratio':
      return `${rounded(value * 100)} %`;
    case 'ratio/s':
      return `${rounded(value * 360_000)} % an hour`;
    case 'bytes':
      return byteWords(value);
    case 'bytes/s':
      return `${byteWords(value)}/s`;
    case 'ms':
      return spanWords(value);
    case '1/s':
      return `${rounded(value)} a second`;
    default:
      return `${rounded(value)} ${unit}`.trim();
  }
}

const rounded = (value: number): string => String(Number(value.toPrecision(4)));
