// What a shorter retention removes: days and bytes at most, reckoned from what the tiers hold now.

interface Tier {
  tier: string;
  days: number;
  bytes: number;
  oldestDay: number | null;
}

interface Days {
  rawDays: number;
  archiveDays: number;
}

export interface Loss {
  rawDays: number;
  totalDays: number;
  /** Of all devices: a customer's part of it is less. */
  bytes: number;
}

const TOTALS: ReadonlySet<string> = new Set(['hours', 'days', 'archive']);
const MOST_DAYS = 3_653;

/** `former` and `next` as they hold in the end, with what is everybody's filled in. */
export function lossOf(tiers: readonly Tier[], today: number, former: Days, next: Days): Loss {
  const raw = lost(
    tiers.filter(({ tier }) => tier === 'raw'),
    today,
    former.rawDays,
    next.rawDays,
  );
  const totals = lost(
    tiers.filter(({ tier }) => TOTALS.has(tier)),
    today,
    former.archiveDays,
    next.archiveDays,
  );
  return { rawDays: raw.days, totalDays: totals.days, bytes: Math.round(raw.bytes + totals.bytes) };
}

/** Days that lie within the former time and beyond the next one, and their part of the bytes of each tier. */
function lost(tiers: readonly Tier[], today: number, former: number, next: number): { days: number; bytes: number } {
  if (next >= former) return { days: 0, bytes: 0 };
  let days = 0;
  let bytes = 0;
  for (const tier of tiers) {
    if (tier.oldestDay === null || tier.days === 0) continue;
    // A tier holds the days from its oldest on; those before today less the next time go.
    const gone = Math.min(tier.days, Math.max(0, today - next + 1 - tier.oldestDay));
    days += gone;
    bytes += (tier.bytes * gone) / tier.days;
  }
  return { days, bytes };
}

/** What was typed: undefined for nothing, NaN for what is no number of days. */
export function daysTyped(text: string): number | undefined {
  if (text.trim() === '') return undefined;
  const days = /^\d{1,4}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return days >= 1 && days <= MOST_DAYS ? days : Number.NaN;
}
