// The metrics worker's calls that keep house: closing, archiving, forgetting and checking days, in slices between which others are served.

import { AppError } from '#shared/base/errors.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import type { Day, DayFault, DayReader, DayState, Forgotten, Tier } from '#shared/day-files/day-store.ts';
import { type CallContext, query, work } from './worker-call.ts';

export interface DayStates {
  days: DayState[];
  /** Samples and bytes of the newest closed raw day, by which a sample's bytes are told. */
  raw: { samples: number; bytes: number };
}

/** Which sites' data is over its time: everybody's, but for those that are named. */
export interface Over {
  everybody: boolean;
  but: readonly SiteId[];
}

export interface RetainAsk {
  day: Day;
  /** Raw values, and all there is. */
  raw: Over;
  all: Over;
}

/** What became of a day: nothing, whole files unlinked, or written anew without what went. */
export type Retained = 'kept' | 'dropped' | 'rewritten';

/** A day that is written to all the while is left to the next run. */
const MOST_ATTEMPTS = 5;
/** Devices between two looks at the time. */
const PIECE = 500;

async function inSlices<T>(steps: Generator<unknown, T>, { giveWay }: CallContext): Promise<T> {
  try {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      await giveWay();
    }
  } finally {
    // Nobody waits any more, or it failed: what it has open is closed.
    steps.return(undefined as T); // its value is read by nobody
  }
}

/** Throws `unavailable` when the day does not come to rest. */
async function untilDone(day: Day, begin: () => Generator<unknown, boolean>, context: CallContext): Promise<void> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) if (await inSlices(begin(), context)) return;
  throw new AppError('unavailable', `day ${day}: is written to again and again; the next run tries once more`);
}

function readStates(_ask: Record<string, never>, { store }: CallContext): DayStates {
  const days = store.states();
  const raw = days.filter(({ tier }) => tier === 'raw').sort((a, b) => b.day - a.day)[0];
  const covered = raw === undefined ? undefined : store.read(raw.day)?.coverage();
  const samples = covered?.reduce((sum, one) => sum + one.samples, 0) ?? 0;
  return { days, raw: { samples, bytes: raw?.bytes ?? 0 } };
}

const isOver = (over: Over, site: SiteId): boolean => over.everybody !== over.but.includes(site);

async function retain(ask: RetainAsk, context: CallContext): Promise<Retained> {
  const { store } = context;
  const { day } = ask;
  const reader = store.read(day);
  const tiers = store.states().filter((state) => state.day === day);
  if (reader === undefined || tiers.length === 0) return 'kept';
  const sites = new Set(reader.devices().map(({ site }) => site));
  const gone = [...sites].filter((site) => isOver(ask.all, site));
  if (gone.length === sites.size && (sites.size > 0 || ask.all.everybody)) {
    for (const { tier } of tiers) store.drop(day, tier);
    return 'dropped';
  }
  if (gone.length > 0) await forget(day, { sites: new Set(gone), what: 'all' }, context);
  const rest = [...sites].filter((site) => !gone.includes(site));
  const rawGone = rest.filter((site) => isOver(ask.raw, site));
  if (rawGone.length === 0) return gone.length > 0 ? 'rewritten' : 'kept';
  const isAlone = tiers.every(({ tier }) => tier === 'raw' || tier === 'days');
  if (rawGone.length === rest.length && isAlone) {
    if (!tiers.some(({ tier }) => tier === 'raw')) return gone.length > 0 ? 'rewritten' : 'kept';
    store.drop(day, 'raw');
    return 'dropped';
  }
  if (!(await hasRawOf(day, new Set(rawGone), context))) return gone.length > 0 ? 'rewritten' : 'kept';
  await forget(day, { sites: new Set(rawGone), what: 'raw' }, context);
  return 'rewritten';
}

const forget = (day: Day, { sites, what }: Pick<Forgotten, 'sites' | 'what'>, context: CallContext): Promise<void> =>
  untilDone(day, () => context.store.forget(day, { devices: new Set<DeviceId>(), sites, what }), context);

async function hasRawOf(day: Day, sites: ReadonlySet<SiteId>, { store, giveWay }: CallContext): Promise<boolean> {
  const reader: DayReader | undefined = store.read(day);
  if (reader === undefined || !reader.hasRaw()) return false;
  for (const [i, { device, site }] of reader.devices().entries()) {
    if (sites.has(site) && reader.rawHours(device).length > 0) return true;
    if (i % PIECE === PIECE - 1) await giveWay();
  }
  return false;
}

export const HOUSEKEEPING = {
  states: query(readStates),
  rollUp: work(({ day }: { day: Day }, context) => untilDone(day, () => context.store.rollUp(day), context)),
  archive: work(({ day }: { day: Day }, context) => untilDone(day, () => context.store.archive(day), context)),
  retain: work(retain),
  drop: work(({ day, tier }: { day: Day; tier: Tier }, { store }): void => store.drop(day, tier)),
  check: work(({ day }: { day: Day }, context): Promise<DayFault[]> => inSlices(context.store.check(day), context)),
};
