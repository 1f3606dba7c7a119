// Pure: which days are due for closing, archiving and forgetting.
import type { CustomerId, SiteId } from '#shared/base/id.ts';
import type { CustomerRetention } from '#shared/contract/maintenance-contract.ts';
import type { Day, DayState } from '#shared/day-files/day-store.ts';
import type { Retention } from '#shared/model/retention.ts';

const DAY_MS = 86_400_000;
/** Late frames of a day come within it, from relays that were away for a while: what comes later opens the day again. */
const CLOSED_AFTER_MS = 2 * 3_600_000;

export const today = (now: number): Day => Math.floor(now / DAY_MS);

const isClosed = (day: Day, now: number): boolean => (day + 1) * DAY_MS + CLOSED_AFTER_MS <= now;

const daysWith = (states: readonly DayState[], tiers: ReadonlyArray<DayState['tier']>): Day[] =>
  [...new Set(states.filter(({ tier }) => tiers.includes(tier)).map(({ day }) => day))].sort((a, b) => a - b);

/** Days that are over and still a database. */
export const dueForRollUp = (states: readonly DayState[], now: number): Day[] =>
  daysWith(states, ['hours']).filter((day) => isClosed(day, now));

/** Whole days since the day ended. */
const ageOf = (day: Day, now: number): number => today(now) - day - 1;

export const newestOf = (states: readonly DayState[]): Day =>
  states.reduce((day, state) => Math.max(day, state.day), 0);

/** So long may all sites be silent, such as over holidays, without a word about the clock. */
const SILENT_DAYS = 7;

/**
 * The time by which things are forgotten. A clock that jumps years ahead would end the time of all there is at once, and nothing brings it back:
 * it is believed up to a week after the newest day that is kept, and further with each day that comes.
 */
export function believedNow(states: readonly DayState[], now: number): number {
  if (states.length === 0) return now;
  return Math.min(now, (newestOf(states) + 1 + SILENT_DAYS) * DAY_MS);
}

export const dueForArchive = (states: readonly DayState[], { totalsDays }: Retention, now: number): Day[] =>
  daysWith(states, ['raw', 'hours', 'days']).filter((day) => ageOf(day, now) >= totalsDays && isClosed(day, now));

export interface SiteTimes {
  everybody: Retention;
  /** Sites of customers with a time of their own. */
  sites: ReadonlyMap<SiteId, { rawDays: number; archiveDays: number }>;
}

export function siteTimes(
  everybody: Retention,
  customers: readonly CustomerRetention[],
  sitesOf: ReadonlyMap<CustomerId, readonly SiteId[]>,
): SiteTimes {
  const sites = new Map<SiteId, { rawDays: number; archiveDays: number }>();
  for (const { customerId, retention } of customers)
    for (const site of sitesOf.get(customerId) ?? [])
      sites.set(site, {
        rawDays: retention.rawDays ?? everybody.rawDays,
        archiveDays: retention.archiveDays ?? everybody.archiveDays,
      });
  return { everybody, sites };
}

interface OverTime {
  everybody: boolean;
  /** Sites of which the opposite holds. */
  but: SiteId[];
}

export interface DueDay {
  day: Day;
  raw: OverTime;
  all: OverTime;
}

/** Days of which something is over its time, oldest first. */
export function dueForRetention(states: readonly DayState[], times: SiteTimes, now: number): DueDay[] {
  const over = (day: Day, which: 'rawDays' | 'archiveDays'): OverTime => {
    const age = ageOf(day, now);
    const everybody = age >= times.everybody[which];
    const but = [...times.sites].filter(([, own]) => age >= own[which] !== everybody).map(([site]) => site);
    return { everybody, but };
  };
  return daysWith(states, ['raw', 'hours', 'days', 'archive'])
    .map((day) => ({ day, raw: over(day, 'rawDays'), all: over(day, 'archiveDays') }))
    .filter(({ raw, all }) => [raw, all].some(({ everybody, but }) => everybody || but.length > 0));
}

/** What goes first where the disk is short of room: the oldest raw day, and of totals the oldest, but never the last two days that are kept. */
export function nextToGo(states: readonly DayState[], now: number): DayState | undefined {
  const last = Math.min(today(now), newestOf(states) + 1);
  const old = states.filter(({ day, tier }) => tier !== 'hours' && last - day - 1 >= 2).sort((a, b) => a.day - b.day);
  return old.find(({ tier }) => tier === 'raw') ?? old[0];
}
