// Joins what people say of watching with the fleet that it is about and the relays that are told.
import { can } from '#console/access/can.ts';
import { EVERYTHING_SCOPE } from '#console/access/scope.ts';
import type { Audit } from '#console/audit/audit.ts';
import type { WatchOffers } from '#console/gateway/watch-offers.ts';
import type { ChangeFeed } from '#console/live/change-feed.ts';
import { activeVersions } from '#console/policies/document-repository.ts';
import type { DeviceWords } from '#console/policies/membership.ts';
import { devicesInWindow, type WindowAsk } from '#console/policies/open-windows.ts';
import { Parents } from '#console/policies/parents.ts';
import { placedOfSites } from '#console/policies/place-repository.ts';
import { Policies } from '#console/policies/policies.ts';
import { RelayWatches } from '#console/policies/relay-watch.ts';
import { SiteWords } from '#console/policies/site-words.ts';
import { WatchDocuments } from '#console/policies/watch-documents.ts';
import { WatchViews } from '#console/policies/watch-views.ts';
import type { FleetIndex, MembershipChange } from '#console/query/fleet-index.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { type DeviceId, type RandomBytes, RelayId } from '#shared/base/id.ts';
import { shippedPresence } from '#shared/judge/layers/presence.ts';
import { SHIPPED_CHECKS } from '#shared/judge/shipped-checks.ts';
import type { Logger } from '#shared/runtime/logger.ts';

export interface PolicyParts {
  store: Store;
  audit: Audit;
  clock: Clock;
  random: RandomBytes;
  log: Logger;
  feed: Pick<ChangeFeed, 'publish'>;
  fleet: FleetIndex;
  /** The links stand later than the rooms. */
  offers: () => WatchOffers | undefined;
}

export function composePolicies({ feed, fleet, offers, log, ...deps }: PolicyParts) {
  const describe = (devices: readonly DeviceId[]) => describeFleet(fleet, devices);
  const onDraftsChanged = () => feed.publish({ kind: 'estate', what: 'policies' });
  const watches = new RelayWatches({ store: deps.store, describe });
  const documents = new WatchDocuments({
    ...deps,
    onSigned: (sites) => {
      offers()?.signed(sites);
      onDraftsChanged();
    },
  });
  const siteWords = new SiteWords({
    ...{ clock: deps.clock, describe },
    sites: async () => (await activeVersions(deps.store.db, EVERYTHING_SCOPE)).keys(),
    active: (site) => watches.active(site),
    placed: (layers) => watches.placed(layers),
    devices: (sites) => placedOfSites(deps.store.db, sites),
  });
  return {
    watches,
    siteWords,
    policies: {
      parts: new Policies({ ...deps, onDraftsChanged, onPlacesChanged: () => offers()?.movedEverywhere() }),
      documents,
      views: new WatchViews({ store: deps.store, shipped: SHIPPED_CHECKS, describe, documents, watches }),
      inWindow: (devices: readonly WindowAsk[]) => devicesInWindow(watches, devices, deps.clock.now()),
      parents: new Parents({ ...deps, log: log.room('policies'), onParents: (relays) => offers()?.moved(relays) }),
    },
  };
}

export type PolicyRooms = ReturnType<typeof composePolicies>['policies'];

async function describeFleet(fleet: FleetIndex, devices: readonly DeviceId[]): Promise<DeviceWords> {
  const permission = can({ kind: 'system', part: 'policies' }, 'device.read');
  if (!permission.allowed) throw new AppError('internal', 'policies may not read devices');
  await fleet.settled();
  const { scope } = permission;
  return new Map(
    devices.flatMap((id) => {
      const device = fleet.device(scope, id);
      return device === undefined ? [] : [[id, { groups: device.groups, presence: shippedPresence(device.type) }]];
    }),
  );
}

/** Devices that came into groups or left them: their relays hear of it. */
export function tellMoved(fleet: FleetIndex, offers: WatchOffers | undefined, changes: readonly MembershipChange[]) {
  if (offers === undefined) return;
  const relays = new Set<RelayId>();
  for (const { device } of changes) {
    const row = fleet.rows.rowOf(device);
    const relay = row === undefined ? undefined : fleet.rows.relayOf(row);
    if (relay !== undefined) relays.add(RelayId.parse(relay.id));
  }
  offers.moved(relays);
}
