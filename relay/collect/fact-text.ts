// Device text and numbers as members of a fact: bounded, harmless, and null where the device did not tell.
import { CONTROL_CHARACTERS } from './control-characters.ts';

/** What firmware ships where nobody filled in the field; it tells nothing. */
const JUNK =
  /^(?:to be filled by o\.?e\.?m\.?|default string|not specified|not applicable|system (?:product name|manufacturer|serial number|version)|n\/a|none|unknown|0+|\?+)$/i;

/** Looked at of a text: what a device says beyond costs nothing. */
const MAX_LOOKED_AT = 1_024;
/** Half of a character, which no canonical text may hold: a device wrote it, or a cut went through a whole one. */
const LONE_SURROGATE = /\p{Cs}/gu;

/** One line without control characters, at most 256 characters; null when nothing is left. */
export function factText(raw: string | undefined): string | null {
  const text = raw?.slice(0, MAX_LOOKED_AT).replaceAll(CONTROL_CHARACTERS, ' ').trim().slice(0, 256);
  return text === undefined || text === ''
    ? null
    : text.replace(/[\ud800-\udbff]$/, '').replaceAll(LONE_SURROGATE, '\ufffd');
}

/** Text of firmware: also null for the fillers of vendors. */
export function firmwareText(raw: string | undefined): string | null {
  const text = factText(raw);
  return text === null || JUNK.test(text) ? null : text;
}

/** A whole number of at most 15 digits, times a unit; null for anything else and for what is no safe integer. */
export function factInteger(raw: string | undefined, unit = 1): number | null {
  const match = /^\s*(\d{1,15})\s*$/.exec(raw ?? '');
  const value = match === null ? Number.NaN : Number(match[1]) * unit;
  return Number.isSafeInteger(value) ? value : null;
}

/** "0" or "1" of the kernel. */
export const factFlag = (raw: string | undefined): boolean | null => (raw === '1' ? true : raw === '0' ? false : null);

/** A MAC address in lower case; null for anything else and for none (all zeros). */
export function factMac(raw: string | undefined): string | null {
  const mac = raw?.trim().toLowerCase() ?? '';
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) && mac !== '00:00:00:00:00:00' ? mac : null;
}

/** Lists are sorted, so that the same things in another order are the same fact. */
export const byKey =
  <T>(key: (item: T) => string) =>
  (a: T, b: T): number => {
    const [left, right] = [key(a), key(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  };
