// Joins the feed with what was read: live values go to their stores at once, lists are read again when they may be stale.
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { fleet } from '#console/web/src/fleet/fleet.ts';
import { takeRelayChange } from '#console/web/src/fleet/relays.ts';
import { feed, type Stale } from '#console/web/src/live/feed.ts';
import type { Change, EstateChange } from '#shared/model/change.ts';

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
      // What the tail of that device's page takes.
      return;
    case 'told':
      if (change.what === 'log') reread('device', change.device, 'log');
      else reread('device', change.device);
      return;
    case 'glances':
      if (!fleet.take(change)) reread('fleet');
      return;
    case 'device':
      if (!fleet.take(change)) reread('fleet');
      reread('status');
      reread('overview');
      reread('device', change.device);
      return;
    case 'relay':
      reread('overview');
      if (!takeRelayChange(queries, change)) reread('relays');
      return;
    case 'action':
      reread('action', change.action);
      reread('orders', 'show', change.action);
      // Of one device only the order itself moved; as a whole it may have begun to wait, or ceased to.
      if (change.device === undefined) reread('orders', 'list-waiting');
      // What waits no more is not asked for again: its page learns that from the order.
      if (change.state === 'waiting-for-signature') reread('orders', 'waiting');
      return;
    case 'estate':
      takeEstate(change, reread);
      return;
    case 'incident':
      reread('incidents');
      return;
  }
}

/** What is shown with names, tags or places of something else is read again with it. */
function takeEstate({ what, devices }: EstateChange, reread: (...key: string[]) => void): void {
  reread(what);
  reread('overview');
  if (what === 'views' || what === 'imports' || what === 'policies') return;
  reread('fleet');
  reread('status');
  if (devices === undefined) reread('device');
  else for (const device of devices) reread('device', device);
}

/** A feed also ends when one's rights change: what one may ask for is known before it is asked for. */
async function rereadAll(queries: QueryClient): Promise<void> {
  await queries.refetchQueries({ queryKey: ['me'] });
  await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' });
}

function takeStale(stale: Stale, queries: QueryClient): void {
  if (stale.kind === 'all') {
    void rereadAll(queries);
    return;
  }
  if (stale.wish.fleet) void queries.invalidateQueries({ queryKey: ['fleet'] });
  for (const id of stale.wish.watch) void queries.invalidateQueries({ queryKey: ['device', id] });
}

export function useLiveData(isSignedIn: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!isSignedIn) return;
    const reread = rereader(queries);
    const stops = [
      feed.onChange((change) => take(change, queries, reread.ask)),
      feed.onStale((stale) => takeStale(stale, queries)),
      reread.stop,
      feed.start(),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [isSignedIn, queries]);
}
