// Turns what the way up has stored into changes for browsers.
import type { IncidentRow } from '#console/alerts/alerts.ts';
import type { Arrived } from '#console/ingest/commit-group.ts';
import type { ChangeFeed } from '#console/live/change-feed.ts';
import type { LatestSource } from '#console/live/told-values.ts';
import type { LastValues } from '#console/metrics/last-values.ts';
import type { FleetIndex, MembershipChange } from '#console/query/fleet-index.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import { MAX_ESTATE_DEVICES, type ToldChange } from '#shared/model/change.ts';
import { glanceOfPolls } from '#shared/model/poll-glance.ts';
import type { OutcomeRecord, StateRecord } from '#shared/model/record.ts';
import type { RelayHealth } from '#shared/model/relay-health.ts';

interface Parts {
  feed: ChangeFeed;
  fleet: FleetIndex;
  lastValues: LastValues;
}

/** Told after each commit, in order. */
export function publishArrived({ feed, fleet, lastValues }: Parts, { link, polls }: Arrived): void {
  const { relay, site } = link;
  // A relay may name any device: only of its own it is believed.
  const moved = lastValues.take({ relay, polls }).filter((device) => isOwn(fleet, relay, device));
  for (const device of moved) tellGlance(fleet, lastValues, relay, device);
  feed.publishMoved(site, moved);
}

/** As the console's records have it. */
function isOwn({ rows }: FleetIndex, relay: RelayId, device: DeviceId): boolean {
  const row = rows.rowOf(device);
  return row !== undefined && rows.relay[row] === rows.relays.placeOf(relay);
}

/** Where the feed reads what it tells: lists from the fleet in memory, all values of one device from its last polls. */
export function latestOf(fleet: FleetIndex, lastValues: () => LastValues | undefined): LatestSource {
  /** The row of a device of this site. */
  const rowAt = (site: SiteId, device: DeviceId) => {
    const row = fleet.rows.rowOf(device);
    return row !== undefined && fleet.rows.siteOf(row)?.id === site ? row : undefined;
  };
  return {
    glance: (site, device) => {
      const row = rowAt(site, device);
      const latest = row === undefined ? undefined : fleet.rows.readGlance(row);
      return latest === undefined || Number.isNaN(latest.at) ? undefined : latest;
    },
    readings: (site, device) => {
      const row = rowAt(site, device);
      const relay = row === undefined ? undefined : fleet.rows.relayOf(row)?.id;
      // The index holds ids of relays as texts.
      return relay === undefined ? undefined : lastValues()?.latest(relay as RelayId, device);
    },
  };
}

/** The device's newest poll, as lists show it. */
function tellGlance(fleet: FleetIndex, lastValues: LastValues, relay: RelayId, device: DeviceId): void {
  const polls = lastValues.recent(relay, device);
  const last = polls.at(-1);
  if (last !== undefined) fleet.onGlance(device, last.at, glanceOfPolls(polls.at(-2), last));
}

/** After a restart, once the newest polls of a relay are read back. */
export function tellGlances(fleet: FleetIndex, lastValues: LastValues, relay: RelayId): void {
  for (const device of lastValues.devicesOf(relay))
    if (isOwn(fleet, relay, device)) tellGlance(fleet, lastValues, relay, device);
}

/** Whoever shows groups reads them again; of many devices at once none is named. */
export function publishMembership(feed: ChangeFeed, changes: readonly MembershipChange[]): void {
  const devices = changes.map(({ device }) => device);
  feed.publish({ kind: 'estate', what: 'groups', ...(devices.length > MAX_ESTATE_DEVICES ? {} : { devices }) });
}

/** What the rooms took: a relay may name any device and any action, and only of its own is it believed. */
export function publishStates(feed: ChangeFeed, site: SiteId, states: readonly StateRecord[]): void {
  for (const { device, at, status, reason } of states)
    feed.publish({ kind: 'device', site, device, at, status, ...(reason === undefined ? {} : { reason }) });
}

/** Entries of event logs, or ways: whoever watches one of these devices reads them again. */
export function publishTold(
  feed: ChangeFeed,
  what: ToldChange['what'],
  { site, devices }: { site: SiteId; devices: readonly DeviceId[] },
): void {
  for (const device of devices) feed.publishTold({ kind: 'told', site, device, what });
}

/** Incidents that began, were changed or are over. */
export function publishIncidents(feed: ChangeFeed, clock: Pick<Clock, 'now'>, incidents: readonly IncidentRow[]): void {
  for (const { id, site, device, state, severity, isMuted } of incidents) {
    const place = { ...(site === null ? {} : { site }), ...(device === null ? {} : { device }) };
    feed.publish({ kind: 'incident', incident: id, ...place, at: clock.now(), state, severity, isMuted });
  }
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
