// The jobs on day files: they plan here, and the metrics worker, which alone owns the files, does what is planned.
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { SiteId } from '#shared/base/id.ts';
import type { StorageTier } from '#shared/contract/maintenance-contract.ts';
import type { Day, DayFault, DayState, Tier } from '#shared/day-files/day-store.ts';
import type { Retention } from '#shared/model/retention.ts';
import type { JobResult } from './jobs.ts';
import {
  believedNow,
  dueForArchive,
  dueForRetention,
  dueForRollUp,
  newestOf,
  nextToGo,
  type SiteTimes,
  today,
} from './keep-plan.ts';

interface Over {
  everybody: boolean;
  but: readonly SiteId[];
}

/** The metrics worker, as far as jobs need it. Every call may come twice. */
export interface DayKeeping {
  states(signal: AbortSignal): Promise<readonly DayState[]>;
  rollUp(day: Day, signal: AbortSignal): Promise<void>;
  archive(day: Day, signal: AbortSignal): Promise<void>;
  retain(ask: { day: Day; raw: Over; all: Over }, signal: AbortSignal): Promise<'kept' | 'dropped' | 'rewritten'>;
  drop(day: Day, tier: Tier, signal: AbortSignal): Promise<void>;
  check(day: Day, signal: AbortSignal): Promise<readonly DayFault[]>;
}

export interface DayJobDeps {
  keeping: DayKeeping;
  clock: Clock;
  retention: Retention;
  /** Customers with a time of their own, by the sites they have. */
  times: () => Promise<SiteTimes>;
  /** True while the disk is short of room: then the oldest goes before its time. */
  isShort: () => boolean;
  /** Told when something went before its time. */
  onShortened: (text: string) => Promise<void>;
}

const dayText = (day: Day): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
const countText = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
const ok = (detail: string): JobResult => ({ state: 'ok', detail });

export const rollUpJob =
  ({ keeping, clock }: DayJobDeps) =>
  async (signal: AbortSignal): Promise<JobResult> => {
    const days = dueForRollUp(await keeping.states(signal), clock.now());
    for (const day of days) await keeping.rollUp(day, signal);
    return ok(days.length === 0 ? 'no day was open' : `${countText(days.length, 'day')} closed`);
  };

export const archiveJob =
  ({ keeping, clock, retention }: DayJobDeps) =>
  async (signal: AbortSignal): Promise<JobResult> => {
    const days = dueForArchive(await keeping.states(signal), retention, clock.now());
    for (const day of days) await keeping.archive(day, signal);
    return ok(days.length === 0 ? 'nothing was due' : `${countText(days.length, 'day')} archived`);
  };

export const retentionJob =
  (deps: DayJobDeps) =>
  async (signal: AbortSignal): Promise<JobResult> => {
    const { keeping, clock } = deps;
    const done = { kept: 0, dropped: 0, rewritten: 0 };
    const [states, times] = [await keeping.states(signal), await deps.times()];
    const [now, believed] = [clock.now(), believedNow(states, clock.now())];
    const due = dueForRetention(states, times, believed);
    for (const one of due) done[await keeping.retain(one, signal)] += 1;
    const doubted = believed < now ? dueForRetention(states, times, now).length - due.length : 0;
    const early = await makeRoom(deps, signal);
    const said = [
      ...(done.dropped === 0 ? [] : [`${countText(done.dropped, 'day')} forgotten`]),
      ...(done.rewritten === 0 ? [] : [`${countText(done.rewritten, 'day')} freed of what customers keep no longer`]),
      ...(early.length === 0 ? [] : [`before their time, for room: ${early.join(', ')}`]),
    ];
    if (doubted > 0) throw new AppError('unavailable', [...said, doubtText(states, now, doubted)].join('; '));
    return ok(said.length === 0 ? 'nothing was due' : said.join('; '));
  };

/** The run is told as failed: either the clock is wrong, or no site has sent anything for long. */
function doubtText(states: readonly DayState[], now: number, doubted: number): string {
  const newest = newestOf(states);
  const days = today(now) - newest;
  return `${countText(doubted, 'day')} not forgotten: the newest metrics are of ${dayText(newest)}, ${days} days before this machine's clock; set the clock right, or wait for newer ones`;
}

/** Oldest first, until the disk has room again or only the last days are left. */
async function makeRoom({ keeping, clock, isShort, onShortened }: DayJobDeps, signal: AbortSignal): Promise<string[]> {
  const gone: string[] = [];
  while (isShort()) {
    const next = nextToGo(await keeping.states(signal), clock.now());
    if (next === undefined) break;
    await keeping.drop(next.day, next.tier, signal);
    gone.push(`${dayText(next.day)} (${next.tier})`);
  }
  if (gone.length > 0) await onShortened(gone.join(', '));
  return gone;
}

export interface CheckedDays {
  checked: number;
  damaged: Array<{ tier: StorageTier; day: Day }>;
}

/** What is damaged never reads as a value; the rest of its file stays readable. */
export async function checkDays(keeping: DayKeeping, signal: AbortSignal): Promise<CheckedDays> {
  const states = await keeping.states(signal);
  const damaged = new Map<string, { tier: StorageTier; day: Day }>();
  for (const day of new Set(states.map((state) => state.day))) {
    const faults = await keeping.check(day, signal);
    for (const { tier } of faults) damaged.set(`${tier} ${day}`, { tier, day });
  }
  return { checked: states.length, damaged: [...damaged.values()] };
}
