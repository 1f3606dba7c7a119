// Joins the feed with what was read: live values go to their stores at once, lists are read again when they may be stale.
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { fleet } from '#console/web/src/fleet/fleet.ts';
import { takeRelayChange } from '#console/web/src/fleet/relays.ts';
import { feed } from '#console/web/src/live/feed.ts';
import type { Change } from '#shared/model/change.ts';

/** A site that comes back is hundreds of changes: one read a second is enough for lists. */
const REREAD_MS = 1_000;

/** Asks for each key again, once per second at most. */
function rereader(queries: QueryClient) {
  const keys = new Map<string, readonly string[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    for (const key of keys.values()) void queries.invalidateQueries({ queryKey: key });
    keys.clear();
  };
  const ask = (...key: string[]) => {
    keys.set(key.join(' '), key);
    timer ??= setTimeout(flush, REREAD_MS);
  };
  return { ask, stop: () => clearTimeout(timer) };
}

function take(change: Change, queries: QueryClient, reread: (...key: string[]) => void): void {
  switch (change.kind) {
    case 'metrics':
      if (!fleet.take(change)) reread('fleet');
      return;
    case 'device':
      if (!fleet.take(change)) reread('fleet');
      reread('status');
      reread('device', change.device);
      return;
    case 'relay':
      if (!takeRelayChange(queries, change)) reread('relays');
      return;
    case 'action':
    case 'glances':
    case 'estate':
      return;
  }
}

export function useLiveData(isSignedIn: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!isSignedIn) return;
    const reread = rereader(queries);
    const stops = [
      feed.onChange((change) => take(change, queries, reread.ask)),
      feed.onStale(() => void queries.invalidateQueries()),
      reread.stop,
      feed.start(),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [isSignedIn, queries]);
}
