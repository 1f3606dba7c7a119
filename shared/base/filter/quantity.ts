// Numbers as people write them in a filter, with their units: 80%, 10Mi, 1.5h; and back.
import type { Field } from './filter.ts';

const BYTES: ReadonlyArray<readonly [string, number]> = [
  ['T', 1e12],
  ['G', 1e9],
  ['M', 1e6],
  ['k', 1e3],
  ['Ti', 2 ** 40],
  ['Gi', 2 ** 30],
  ['Mi', 2 ** 20],
  ['Ki', 2 ** 10],
];
const TIMES: ReadonlyArray<readonly [string, number]> = [
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
];
const NUMBER = /^(\d+(?:\.\d+)?)(?:e([+-]?\d{1,3}))?(.*)$/i;

type Measure = 'ratio' | 'bytes' | 'time' | 'count';

function measureOf(field: Field): Measure {
  if (field.kind === 'age' || field.unit === 'duration') return 'time';
  if (field.unit === 'bytes' || field.unit === 'bytes-per-second') return 'bytes';
  return field.unit === 'ratio' ? 'ratio' : 'count';
}

/** What a number of this field looks like, for messages and suggestions. */
export function quantityHelp(field: Field): { example: string; units: readonly string[] } {
  switch (measureOf(field)) {
    case 'ratio':
      return { example: '80%', units: ['%'] };
    case 'bytes':
      return { example: '10M', units: ['k', 'M', 'G', 'T', 'Ki', 'Mi', 'Gi', 'Ti'] };
    case 'time':
      return { example: '10m', units: ['ms', 's', 'm', 'h', 'd', 'w'] };
    case 'count':
      return { example: '4', units: [] };
  }
}

/** Undefined where it is no number of this field. A ratio without a sign is in percent: people write cpu>80. */
export function readQuantity(text: string, field: Field): number | undefined {
  const [, digits, exponent, unit = ''] = NUMBER.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const shift = Number(exponent ?? 0);
  const value = withUnit(measureOf(field), { digits, shift, unit });
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function withUnit(
  measure: Measure,
  { digits, shift, unit }: { digits: string; shift: number; unit: string },
): number | undefined {
  const plain = Number(`${digits}e${shift}`);
  switch (measure) {
    case 'count':
      return unit === '' ? plain : undefined;
    case 'ratio':
      // Moving the point keeps the number exact where a division would not.
      return unit === '' || unit === '%' ? Number(`${digits}e${shift - 2}`) : undefined;
    case 'time':
      return scaled(plain, TIMES, unit);
    case 'bytes': {
      const size = unit.replace(/\/s$/, '').replace(/b$/i, '');
      return size === '' ? plain : scaled(plain, BYTES, size);
    }
  }
}

/** Units of time differ in more than case only in ours, so case never matters. */
function scaled(value: number, units: ReadonlyArray<readonly [string, number]>, unit: string): number | undefined {
  const factor = units.find(([name]) => name.toLowerCase() === unit.toLowerCase())?.[1];
  return factor === undefined ? undefined : value * factor;
}

/** The shortest text that reads back as exactly this number. */
export function formatQuantity(value: number, field: Field): string {
  const measure = measureOf(field);
  if (measure === 'ratio') return `${percentDigits(value)}%`;
  if (measure === 'count') return String(value);
  const units = measure === 'bytes' ? BYTES : TIMES;
  const fit = units.find(([, factor]) => {
    const count = Math.round(value / factor);
    // Beyond these digits a count is no longer written as a plain integer.
    return count > 0 && count < 1e15 && count * factor === value;
  });
  if (fit !== undefined) return `${value / fit[1]}${fit[0]}`;
  return measure === 'bytes' ? String(value) : `${value}ms`;
}

/** The decimal digits of the ratio with the point moved by two. */
function percentDigits(ratio: number): string {
  const [digits = '0', exponent = '0'] = ratio.toExponential().split('e');
  const moved = `${digits}e${Number(exponent) + 2}`;
  const plain = String(Number(moved));
  return Number(`${plain}e-2`) === ratio && !plain.includes('e') ? plain : moved;
}
