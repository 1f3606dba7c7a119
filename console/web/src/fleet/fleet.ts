// The one fleet of this tab, how it is read, and what is selected of it.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { largeAnswer } from '#console/web/src/api/large-answer.ts';
import { isUnchanged, takeWhole } from '#console/web/src/api/unchanged.ts';
import { useFleetFeed } from '#console/web/src/live/feed.ts';
import { consoleNow, learnConsoleTime } from '#console/web/src/live/now.ts';
import { hasReadings } from './fleet-rows.ts';
import { FleetStore } from './fleet-store.ts';
import { SelectionStore } from './selection-store.ts';

export const fleet = new FleetStore({
  frame: (callback) => requestAnimationFrame(callback),
  now: () => performance.now(),
  consoleNow,
});

export const selection = new SelectionStore();

type Answer = Awaited<ReturnType<typeof api.devices.columns>>;
const PATH = '/devices/columns';
let ahead: Promise<Answer> | undefined;
let isReading = false;

/** Asks before the page stands, beside its code and the question who one is: the first read then takes that answer. */
export function readAhead(): void {
  if (fleet.loads() > 0 || ahead !== undefined || isReading) return;
  ahead = askPart('later');
  // Whoever takes it hears of the fault; a door that is closed is met there too.
  ahead.catch(() => {
    ahead = undefined;
  });
}

/** The feed begins a moment after the first answer was made, and asks for another; readings this old are soon overtaken. */
const YOUNG_MS = 15_000;
let readAt = Number.NEGATIVE_INFINITY;

async function readFleet(signal: AbortSignal): Promise<number> {
  const isYoung = performance.now() - readAt < YOUNG_MS;
  if (ahead === undefined && isYoung && (await isUnchanged(PATH, signal))) return fleet.rows.size;
  isReading = true;
  try {
    const answer = await takeWhole(PATH, signal, () => askColumns(signal), take);
    return answer.id.length;
  } finally {
    isReading = false;
  }
}

/** The numbers of the rows that stand; where those are others by now, everything. */
async function readReadings(signal: AbortSignal): Promise<number> {
  const readings = await askPart('alone', signal);
  signal.throwIfAborted();
  learnConsoleTime(readings.now);
  if (!fleet.hasReadings() && !fleet.loadReadings(readings))
    await takeWhole(PATH, signal, () => askPart(undefined, signal), take);
  return fleet.rows.size;
}

/** The answer that was asked for ahead, else a new one. */
function askColumns(signal: AbortSignal): Promise<Answer> {
  const asked = ahead ?? askPart(fleet.loads() === 0 ? 'later' : undefined, signal);
  ahead = undefined;
  return asked;
}

/** What one finds a device by comes first, `later`, as early.js asks too; numbers follow `alone` when the rows stand. */
function askPart(readings?: 'later' | 'alone', signal?: AbortSignal): Promise<Answer> {
  const asked = readings === undefined ? {} : { readings };
  const path = readings === undefined ? PATH : `${PATH}?readings=${readings}`;
  return largeAnswer(path, signal, () => api.devices.columns(asked, signal && { signal }));
}

function take(answer: Answer): void {
  // One without readings may be older: it is kept until something else than readings changes.
  if (hasReadings(answer)) learnConsoleTime(answer.now);
  readAt = performance.now();
  fleet.load(answer);
  selection.keepOnly((id) => fleet.rowOf(id) !== undefined);
}

/** The number of devices, once they are read. */
export const fleetQuery = queryOptions({ queryKey: ['fleet'], queryFn: ({ signal }) => readFleet(signal) });

export function useFleet() {
  useFleetFeed();
  const loads = useLoads();
  const hasReadings = useHasReadings();
  const isWanted = loads > 0 && !hasReadings;
  useQuery({ queryKey: ['fleet-readings'], queryFn: ({ signal }) => readReadings(signal), enabled: isWanted });
  return useQuery(fleetQuery);
}

const useHasReadings = (): boolean => useSyncExternalStore(fleet.subscribe, fleet.hasReadings);

/** Renders again when the fleet was loaded anew. */
export const useLoads = (): number => useSyncExternalStore(fleet.subscribe, fleet.loads);
/** Renders again when a status changed. */
export const useStatusChanges = (): number => useSyncExternalStore(fleet.subscribe, fleet.statusChanges);

/** Renders again when something of this device is new. */
export const useRow = (id: string): number => {
  useSyncExternalStore(fleet.subscribe, () => fleet.rows.stamp[fleet.rowOf(id) ?? -1] ?? 0);
  return fleet.rowOf(id) ?? -1;
};

const selected = () => selection.current;
export const useSelection = () => useSyncExternalStore(selection.subscribe, selected);
export const useIsSelected = (id: string): boolean =>
  useSyncExternalStore(selection.subscribe, () => selection.current.ids.has(id));
