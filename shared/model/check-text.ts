// A check in plain English, for the command line and the audit: what fails it, for how long, and how badly.
import { SEVERITIES } from './alert-words.ts';
import type { Check, Condition, Limits, SimpleCondition } from './check.ts';

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const;

/** "5 min", "1 h 30 min"; the two largest units. */
export function spanText(ms: number): string {
  let left = Math.abs(ms);
  const parts: string[] = [];
  for (const [size, unit] of UNITS) {
    const n = Math.floor(left / size);
    left -= n * size;
    if (n > 0) parts.push(`${n} ${unit}`);
  }
  return parts.slice(0, 2).join(' ') || '0 s';
}

const plain = (value: number): string => String(value);

/** The worst last, as it rises. */
const limitsText = (limits: Limits, textOf: (value: number) => string = plain): string =>
  SEVERITIES.toReversed()
    .flatMap((severity) => {
      const limit = limits[severity];
      return limit === undefined ? [] : [`${severity} at ${textOf(limit)}`];
    })
    .join(', ');

const of = (what: string, instance: string | undefined): string =>
  instance === undefined ? what : `${what} of ${instance}`;
const held = (forMs: number): string => (forMs === 0 ? '' : ` for ${spanText(forMs)}`);
const way = (isAbove: boolean): string => (isAbove ? 'up to or above' : 'down to or below');

function simpleText(when: SimpleCondition): string {
  switch (when.kind) {
    case 'threshold':
      return `${of(when.series, when.instance)} ${way(when.above)}${held(when.forMs)}: ${limitsText(when.limits)}`;
    case 'rate':
      return `change a second of ${of(when.series, when.instance)} ${way(when.above)} within ${spanText(when.withinMs)}: ${limitsText(when.limits)}`;
    case 'absence':
      return `${of(when.series, when.instance)} missing${held(when.forMs)}: ${when.severity}`;
    case 'state':
      return `${of(when.of, when.instance)} is ${when.is.join(' or ')}${held(when.forMs)}: ${when.severity}`;
    case 'events':
      return `${eventsText(when)} within ${spanText(when.withinMs)}: ${limitsText(when.limits)}`;
    case 'age':
      return `${of(when.of, when.instance)} ${when.above ? 'older than' : 'in less than'}: ${limitsText(when.limits, spanText)}`;
  }
}

function eventsText({ log, source, codes, levels, text }: Extract<SimpleCondition, { kind: 'events' }>): string {
  const parts = [
    log === undefined ? '' : `of log ${log}`,
    source === undefined ? '' : `from ${source}`,
    codes === undefined ? '' : `with codes ${codes.join(', ')}`,
    levels === undefined ? '' : `of level ${levels.join(' or ')}`,
    text === undefined ? '' : `that say "${text}"`,
  ];
  return ['events', ...parts].filter((part) => part !== '').join(' ');
}

export function conditionText(when: Condition): string {
  if (when.kind !== 'compound') return simpleText(when);
  const word = when.join === 'all' ? ' and ' : ' or ';
  return `${when.of.map((one) => `(${simpleText(one)})`).join(word)}${held(when.forMs)}: ${when.severity}`;
}

export const checkText = ({ isOn, fits, when }: Check): string =>
  `${isOn ? '' : 'off; '}${conditionText(when)}${fits === undefined ? '' : `; where ${fits}`}`;
