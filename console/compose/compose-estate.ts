// Joins what people manage: customers, sites and devices, and who is told when they change.
import type { Actions } from '#console/actions/actions.ts';
import type { Audit } from '#console/audit/audit.ts';
import { Devices } from '#console/devices/devices.ts';
import type { ChangeFeed } from '#console/live/change-feed.ts';
import type { LastValues } from '#console/metrics/last-values.ts';
import type { FleetIndex } from '#console/query/fleet-index.ts';
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
  fleet: Pick<FleetIndex, 'onDevicesChanged' | 'onSitesChanged' | 'onRelaysChanged'>;
  /** What stands later than the rooms; each is told after the commit. */
  outlets: {
    onRosterChanged: (relay: RelayId) => void;
    /** The relay is not enrolled any more: its link is cut. */
    onRelayGone: (relay: RelayId) => void;
    lastValues: () => LastValues | undefined;
  };
}

export function composeEstate({ outlets, actions, feed, fleet, ...deps }: EstateParts) {
  const tell = (what: EstateChange['what'], devices?: readonly DeviceId[]) => feed.publish(estateChange(what, devices));
  const forget = (devices: ReadonlyArray<{ id: DeviceId; siteId: SiteId }>) => {
    for (const { id, siteId } of devices) outlets.lastValues()?.forget(siteId, id);
  };
  const { onRosterChanged } = outlets;
  return {
    customers: new Customers({
      ...deps,
      onCustomersChanged: () => {
        fleet.onSitesChanged();
        tell('customers');
      },
    }),
    sites: new Sites({
      ...deps,
      onSitesChanged: () => {
        fleet.onSitesChanged();
        tell('sites');
      },
    }),
    devices: new Devices({
      ...deps,
      onRosterChanged,
      outlets: {
        onDevicesChanged: (ids) => {
          fleet.onDevicesChanged(ids);
          tell('devices', ids);
        },
        onDevicesRemoved: (gone) => {
          forget(gone);
          fleet.onDevicesChanged(gone.map(({ id }) => id));
          tell('devices');
        },
      },
    }),
    removals: new Removals({
      ...deps,
      outlets: {
        abandon: (tx, relays) => actions.abandonIn(tx, relays, 'the relay was removed with its site'),
        onRemoved: ({ relays, devices }) => {
          for (const relay of relays) outlets.onRelayGone(relay);
          forget(devices);
          fleet.onDevicesChanged(devices.map(({ id }) => id));
          fleet.onSitesChanged();
          fleet.onRelaysChanged();
          for (const what of ['customers', 'sites', 'relays', 'devices'] as const) tell(what);
        },
      },
    }),
  };
}

/** More devices than one change names are "any". */
function estateChange(what: EstateChange['what'], devices?: readonly DeviceId[]): EstateChange {
  const isFew = devices !== undefined && devices.length <= MAX_ESTATE_DEVICES;
  return { kind: 'estate', what, ...(isFew ? { devices: [...devices] } : {}) };
}
