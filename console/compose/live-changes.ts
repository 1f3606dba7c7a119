// Turns what the way up has stored into changes for browsers.
import type { Arrived } from '#console/ingest/commit-group.ts';
import type { ChangeFeed } from '#console/live/change-feed.ts';
import type { LastValues } from '#console/metrics/last-values.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import type { OutcomeRecord, StateRecord } from '#shared/model/record.ts';
import type { RelayHealth } from '#shared/model/relay-health.ts';

interface Parts {
  feed: ChangeFeed;
  lastValues: LastValues;
}

/** Told after each commit, in order. */
export function publishArrived({ feed, lastValues }: Parts, { link, polls }: Arrived): void {
  const { relay, site } = link;
  feed.publishMoved(site, lastValues.take({ relay, site, polls }));
}

/** What the rooms took: a relay may name any device and any action, and only of its own is it believed. */
export function publishStates(feed: ChangeFeed, site: SiteId, states: readonly StateRecord[]): void {
  for (const { device, at, status, reason } of states)
    feed.publish({ kind: 'device', site, device, at, status, ...(reason === undefined ? {} : { reason }) });
}

export function publishMoves(feed: ChangeFeed, site: SiteId, moved: readonly OutcomeRecord[]): void {
  for (const { manifest, device, at, state } of moved)
    feed.publish({ kind: 'action', site, action: manifest, device, at, state });
}

/** A relay that tells how it is, is connected; what it keeps for us is its backlog. */
export function publishHealth(
  feed: ChangeFeed,
  clock: Pick<Clock, 'now'>,
  { relay, site }: { relay: RelayId; site: SiteId },
  health: RelayHealth,
): void {
  const backlog = health.lanes.reduce((sum, { kept }) => sum + kept, 0);
  feed.publish({ kind: 'relay', site, relay, at: clock.now(), isConnected: true, backlog, health });
}
