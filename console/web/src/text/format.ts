// Numbers as people read them: few digits, a unit, a dash for what is unknown and never a zero in its place.
import { locale } from '#console/web/src/i18n/language.ts';
import { madeOnce } from './made-once.ts';

export const UNKNOWN = '–';

/** A number and its unit apart, so that a column can align the digits. */
export interface Quantity {
  digits: string;
  unit: string;
}

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const isKnown = (value: number | null | undefined): value is number => value != null && Number.isFinite(value);
const nothing: Quantity = { digits: UNKNOWN, unit: '' };

const withPlaces = (places: number, style: 'decimal' | 'percent' = 'decimal') =>
  madeOnce(
    () => new Intl.NumberFormat(locale, { minimumFractionDigits: places, maximumFractionDigits: places, style }),
  );
/** A table asks thousands of times. */
const PLACES = [withPlaces(0), withPlaces(1), withPlaces(2)] as const;

/** The sign between a number and its parts. */
const point = madeOnce(() => PLACES[1]().format(0.5).slice(1, 2));
/** "12%" in English, "12 %" in German: the sign comes with its distance. */
const percentSign = madeOnce(() => withPlaces(0, 'percent')().format(0.5).slice(2));

/** Small numbers, which are most, are written without the format's help: it takes ten times as long. */
function fixed(value: number, places: 0 | 1 | 2): string {
  // From here on there are groups.
  if (!(value >= 0 && value < 999)) return PLACES[places]().format(value);
  const whole = 10 ** places;
  // 0.015 is a little less in binary, and yet a half that goes up: what is told has fewer places than six.
  const text = (Math.round(Math.round(value * 1e6) / (1e6 / whole)) / whole).toFixed(places);
  return places === 0 ? text : text.replace('.', point());
}
const share = (value: number, places: 0 | 1): string => fixed(value * 100, places) + percentSign();

/** A whole number with its groups: 12,345. */
export const integer = (value: number | null | undefined): string => (isKnown(value) ? fixed(value, 0) : UNKNOWN);

/** Three digits carry what an eye takes in: 9.87, 98.7, 987. */
const threeDigits = (value: number): string => fixed(value, value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);

function binary(value: number): Quantity {
  let index = 0;
  let scaled = value;
  while (scaled >= 999.5 && index < BINARY.length - 1) {
    scaled /= 1024;
    index += 1;
  }
  return { digits: index === 0 ? fixed(scaled, 0) : threeDigits(scaled), unit: BINARY[index] ?? '' };
}

export function quantity(value: number | null | undefined, unit: string): Quantity {
  if (!isKnown(value)) return nothing;
  switch (unit) {
    case 'ratio':
      return { digits: fixed(value * 100, value >= 0.9995 ? 0 : 1), unit: '%' };
    case 'bytes':
      return binary(value);
    case 'bytes/s': {
      const scaled = binary(value);
      return { digits: scaled.digits, unit: `${scaled.unit}/s` };
    }
    case 'ms':
      // Parts of a second, as polls take them.
      if (value > 0 && value < 1_000) return { digits: fixed(value, 0), unit: 'ms' };
      return { digits: duration(value), unit: '' };
    case 'load':
      return { digits: fixed(value, 2), unit: '' };
    case '1/s':
      return { digits: fixed(value, value === 0 || value >= 10 ? 0 : 1), unit: '/s' };
    default:
      return { digits: fixed(value, Number.isInteger(value) ? 0 : 2), unit: '' };
  }
}

export function quantityText(value: number | null | undefined, unit: string): string {
  if (unit === 'ratio' && isKnown(value)) return share(value, value >= 0.9995 ? 0 : 1);
  const { digits, unit: name } = quantity(value, unit);
  return name === '' ? digits : `${digits} ${name}`;
}

export const percent = (ratio: number | null | undefined): string => (isKnown(ratio) ? share(ratio, 0) : UNKNOWN);

/**
 * "3 d 4 h", "12 min", "5 s": the two largest parts.
 * d, h, min and s are signs of the SI, the same in every language we speak.
 */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${Math.max(0, seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return minutes < 10 && seconds % 60 > 0 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 > 0 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  const days = Math.floor(hours / 24);
  return days < 100 && hours % 24 > 0 ? `${days} d ${hours % 24} h` : `${fixed(days, 0)} d`;
}

/** One part only, for narrow columns: "41 d", "7 h", "12 min". */
export function shortDuration(ms: number | null | undefined): string {
  if (!isKnown(ms)) return UNKNOWN;
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${fixed(Math.floor(seconds / 86_400), 0)} d`;
}
