// Joins what people manage: customers, sites and devices, and who is told when they change.
import type { Scope } from '#console/access/scope.ts';
import type { Actions } from '#console/actions/actions.ts';
import type { Audit } from '#console/audit/audit.ts';
import { Devices } from '#console/devices/devices.ts';
import { Groups } from '#console/devices/groups.ts';
import { Tags } from '#console/devices/tags.ts';
import { Imports } from '#console/devices/transfer/imports.ts';
import { Views } from '#console/devices/views.ts';
import type { ChangeFeed } from '#console/live/change-feed.ts';
import type { LastValues } from '#console/metrics/last-values.ts';
import type { FleetIndex } from '#console/query/fleet-index.ts';
import { faultOf } from '#console/query/group-plan.ts';
import { Customers } from '#console/sites/customers.ts';
import { Removals } from '#console/sites/removals.ts';
import { Sites } from '#console/sites/sites.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { DeviceId, RandomBytes, RelayId, SiteId } from '#shared/base/id.ts';
import { type EstateChange, MAX_ESTATE_DEVICES } from '#shared/model/change.ts';

export interface EstateParts {
  store: Store;
  audit: Audit;
  clock: Clock;
  random: RandomBytes;
  actions: Actions;
  feed: Pick<ChangeFeed, 'publish'>;
  fleet: FleetIndex;
  /** What stands later than the rooms; each is told after the commit. */
  outlets: {
    onRosterChanged: (relay: RelayId) => void;
    /** The relay is not enrolled any more: its link is cut. */
    onRelayGone: (relay: RelayId) => void;
    lastValues: () => LastValues | undefined;
    /** A site was made: it wants its first charter. */
    charterFirst: (site: SiteId) => Promise<void>;
  };
}

export function composeEstate({ outlets, actions, feed, fleet, ...deps }: EstateParts) {
  const news = estateNews({ feed, fleet, lastValues: outlets.lastValues });
  const places = composePlaces(deps, news, { actions, onRelayGone: outlets.onRelayGone });
  return {
    ...places,
    devices: new Devices({
      ...deps,
      onRosterChanged: outlets.onRosterChanged,
      outlets: { onDevicesChanged: (ids) => news.devices('devices', ids), onDevicesRemoved: news.removed },
    }),
    imports: new Imports({
      ...deps,
      sites: places.sites,
      outlets: {
        onDevicesChanged: (ids) => news.devices('devices', ids),
        onRosterChanged: outlets.onRosterChanged,
        onSitesMade: async (made) => {
          for (const site of made) await outlets.charterFirst(site);
          news.places('customers');
        },
      },
    }),
    groups: new Groups({
      ...deps,
      rules: { faultOf, sizes: (scope) => sizesOf(fleet, scope) },
      outlets: { onGroupsChanged: news.groups, onMembersChanged: (ids) => news.devices('groups', ids) },
    }),
    tags: new Tags({
      ...deps,
      outlets: { onTagsChanged: (ids) => news.devices('tags', ids), onGroupsChanged: news.groups },
    }),
    views: new Views({ ...deps, onViewsChanged: () => news.tell('views') }),
  };
}

type News = ReturnType<typeof estateNews>;

/** Customers and sites, and how they go. */
function composePlaces(
  deps: Pick<EstateParts, 'store' | 'audit' | 'clock' | 'random'>,
  news: News,
  { actions, onRelayGone }: { actions: Actions; onRelayGone: (relay: RelayId) => void },
) {
  return {
    customers: new Customers({ ...deps, onCustomersChanged: () => news.places('customers') }),
    sites: new Sites({
      ...deps,
      // A site may bring its customer along, and is counted there.
      onSitesChanged: () => {
        news.places('sites');
        news.tell('customers');
      },
    }),
    removals: new Removals({
      ...deps,
      outlets: {
        abandon: (tx, relays) => actions.abandonIn(tx, relays, 'the relay was removed with its site'),
        onRemoved: ({ relays, devices }) => {
          for (const relay of relays) onRelayGone(relay);
          news.removed(devices);
          news.places('customers');
          news.places('sites');
          news.relays();
        },
      },
    }),
  };
}

/** Who hears of a change: the fleet index, so that the next answer knows it, and browsers, so that they ask again. */
function estateNews({
  feed,
  fleet,
  lastValues,
}: Pick<EstateParts, 'feed' | 'fleet'> & Pick<EstateParts['outlets'], 'lastValues'>) {
  const tell = (what: EstateChange['what'], devices?: readonly DeviceId[]) => feed.publish(estateChange(what, devices));
  return {
    tell,
    devices: (what: 'devices' | 'groups' | 'tags', ids: readonly DeviceId[]) => {
      fleet.onDevicesChanged(ids);
      tell(what, ids);
    },
    removed: (gone: ReadonlyArray<{ id: DeviceId; siteId: SiteId }>) => {
      for (const { id } of gone) lastValues()?.forget(id);
      fleet.onDevicesChanged(gone.map(({ id }) => id));
      tell('devices');
    },
    places: (what: 'customers' | 'sites') => {
      fleet.onSitesChanged();
      tell(what);
    },
    relays: () => {
      fleet.onRelaysChanged();
      tell('relays');
    },
    groups: () => {
      fleet.onGroupsChanged();
      tell('groups');
    },
  };
}

async function sizesOf(fleet: FleetIndex, scope: Scope) {
  await fleet.settled();
  return new Map(fleet.groups(scope).map(({ id, devices, fault }) => [id, { devices, fault }]));
}

/** More devices than one change names are "any". */
function estateChange(what: EstateChange['what'], devices?: readonly DeviceId[]): EstateChange {
  const isFew = devices !== undefined && devices.length <= MAX_ESTATE_DEVICES;
  return { kind: 'estate', what, ...(isFew ? { devices: [...devices] } : {}) };
}
