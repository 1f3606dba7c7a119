// What the feed told of one device since its page was opened: the newest values, and the polls after what history holds.
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { TailPoint } from '#console/web/src/chart/line.ts';
import { feed, useDeviceFeed } from '#console/web/src/live/feed.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { Change } from '#shared/model/change.ts';

/** Two hours of a device that is polled every 5 s; history is read again long before. */
const MAX_POINTS = 1_440;

export class DeviceTail {
  readonly #id: string;
  readonly #listeners = new Set<() => void>();
  #points: readonly TailPoint[] = [];

  constructor(id: string) {
    this.#id = id;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Oldest first; a new array whenever one came. */
  readonly points = (): readonly TailPoint[] => this.#points;

  readonly take = (change: Change): void => {
    if (change.kind === 'metrics' && change.device === this.#id)
      this.add({ at: change.at, values: inertKeys(change.values) });
  };

  /** A poll that is not newer than the newest is known already. */
  add(point: TailPoint): void {
    if (point.at <= (this.#points.at(-1)?.at ?? 0)) return;
    this.#points = [...this.#points.slice(1 - MAX_POINTS), point];
    for (const listener of this.#listeners) listener();
  }
}

/** The API's answers come with inert text; the feed's keys are made so here, so that both name an instance alike. */
function inertKeys(values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [inert(key), value]));
}

/** The live polls of a device while its page is open, beginning with the one its summary told. */
export function useDeviceTail(id: string, first: TailPoint | undefined): readonly TailPoint[] {
  const tail = useMemo(() => new DeviceTail(id), [id]);
  useDeviceFeed(id);
  useEffect(() => feed.onChange(tail.take), [tail]);
  useEffect(() => {
    if (first !== undefined) tail.add(first);
  }, [tail, first]);
  return useSyncExternalStore(tail.subscribe, tail.points);
}
