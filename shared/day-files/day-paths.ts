// Where the files of a day lie: a folder for each tier, and in it a file named after the day.
import path from 'node:path';
import type { Day, Tier } from './day-store.ts';

export const HOURS_A_DAY = 24;
const DAY_MS = 86_400_000;

export const TIERS: readonly Tier[] = ['raw', 'hours', 'days', 'archive'];

/** Files that change are databases, the others are written once. */
const ENDINGS: Record<Tier, string> = { raw: 'day', hours: 'db', days: 'day', archive: 'day' };

/** "2026-11-23". */
export const dayText = (day: Day): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

export const dayFile = (folder: string, tier: Tier, day: Day): string =>
  path.join(folder, tier, `${dayText(day)}.${ENDINGS[tier]}`);

/** The day of a file's name in the tier's folder, or undefined where it is no day file. */
export function dayOfName(name: string, tier: Tier): Day | undefined {
  const ending = `.${ENDINGS[tier]}`;
  if (!name.endsWith(ending)) return undefined;
  const text = name.slice(0, -ending.length);
  const day = Date.parse(`${text}T00:00:00Z`) / DAY_MS;
  // Years of more digits and days such as 02-30 would come back under another name.
  return Number.isInteger(day) && dayText(day) === text ? day : undefined;
}
