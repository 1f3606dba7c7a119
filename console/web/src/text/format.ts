// Numbers as people read them: few digits, a unit, a dash for what is unknown and never a zero in its place.

export const UNKNOWN = '–';

/** A number and its unit apart, so that a column can align the digits. */
export interface Quantity {
  digits: string;
  unit: string;
}

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const isKnown = (value: number | null | undefined): value is number => value != null && Number.isFinite(value);
const nothing: Quantity = { digits: UNKNOWN, unit: '' };

/** Three digits carry what an eye takes in: 9.87, 98.7, 987. */
const threeDigits = (value: number): string => value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);

function binary(value: number): Quantity {
  let index = 0;
  let scaled = value;
  while (scaled >= 999.5 && index < BINARY.length - 1) {
    scaled /= 1024;
    index += 1;
  }
  return { digits: index === 0 ? scaled.toFixed(0) : threeDigits(scaled), unit: BINARY[index] ?? '' };
}

export function quantity(value: number | null | undefined, unit: string): Quantity {
  if (!isKnown(value)) return nothing;
  switch (unit) {
    case 'ratio':
      return { digits: (value * 100).toFixed(value >= 0.9995 ? 0 : 1), unit: '%' };
    case 'bytes':
      return binary(value);
    case 'bytes/s': {
      const scaled = binary(value);
      return { digits: scaled.digits, unit: `${scaled.unit}/s` };
    }
    case 'ms':
      return { digits: duration(value), unit: '' };
    case 'load':
      return { digits: value.toFixed(2), unit: '' };
    case '1/s':
      return { digits: value === 0 || value >= 10 ? value.toFixed(0) : value.toFixed(1), unit: '/s' };
    default:
      return { digits: Number.isInteger(value) ? String(value) : value.toFixed(2), unit: '' };
  }
}

export function quantityText(value: number | null | undefined, unit: string): string {
  const { digits, unit: name } = quantity(value, unit);
  return name === '' || name === '%' ? `${digits}${name}` : `${digits} ${name}`;
}

export const percent = (ratio: number | null | undefined): string =>
  isKnown(ratio) ? `${Math.round(ratio * 100)}%` : UNKNOWN;

/** "3 d 4 h", "12 min", "5 s": the two largest parts. */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${Math.max(0, seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return minutes < 10 && seconds % 60 > 0 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 > 0 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  const days = Math.floor(hours / 24);
  return days < 100 && hours % 24 > 0 ? `${days} d ${hours % 24} h` : `${days} d`;
}

/** One part only, for narrow columns: "41 d", "7 h", "12 min". */
export function shortDuration(ms: number | null | undefined): string {
  if (!isKnown(ms)) return UNKNOWN;
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
