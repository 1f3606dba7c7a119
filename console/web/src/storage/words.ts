// Numbers and times as the storage page writes them.
import { locale } from '#console/web/src/i18n/language.ts';

export const DAY_MS = 86_400_000;

export const decimals = (value: number, places: number): string =>
  new Intl.NumberFormat(locale, { minimumFractionDigits: places, maximumFractionDigits: places }).format(value);
