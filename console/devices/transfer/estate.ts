// What an import is compared with and an export is made of: customers, sites, relays, groups and devices as they stand.
import type { CustomerId, DeviceId, GroupId, RelayId, SiteId } from '#shared/base/id.ts';
import type { DeviceLink, DeviceType, TransportKind } from '#shared/model/device.ts';
import type { SiteContact, SiteDefaults } from '#shared/model/site.ts';

export interface EstateSite {
  id: SiteId;
  name: string;
  customerId: CustomerId;
  customer: string;
  address: string;
  timeZone: string;
  contact: SiteContact;
  notes: string;
  defaults: SiteDefaults;
  isSimulated: boolean;
}

export interface EstateRelay {
  id: RelayId;
  siteId: SiteId;
  name: string;
  kind: 'site' | 'leaf';
  isRevoked: boolean;
  devices: number;
}

export interface EstateGroup {
  id: GroupId;
  name: string;
  kind: 'hand' | 'rule';
}

export interface EstateDevice {
  id: DeviceId;
  siteId: SiteId;
  relayId: RelayId | null;
  name: string;
  transport: TransportKind;
  address: string;
  port: number | null;
  credential: string | null;
  intervalMs: number;
  spn: string | null;
  realm: string | null;
  share: string | null;
  /** Set by a person. */
  type: DeviceType | null;
  tags: string[];
  /** Those by hand. */
  groups: GroupId[];
  notes: string;
  links: DeviceLink[];
}

export interface Estate {
  customers: Map<string, CustomerId>;
  sites: EstateSite[];
  relays: EstateRelay[];
  groups: EstateGroup[];
  devices: EstateDevice[];
}

/** Finds what a row names. */
export class EstateNames {
  readonly site: ReadonlyMap<string, EstateSite>;
  readonly relay: ReadonlyMap<string, EstateRelay>;
  readonly group: ReadonlyMap<string, EstateGroup>;
  readonly device: ReadonlyMap<string, EstateDevice>;
  readonly groupByName: ReadonlyMap<string, EstateGroup>;
  readonly sitesByName: ReadonlyMap<string, readonly EstateSite[]>;
  readonly relaysOfSite: ReadonlyMap<string, readonly EstateRelay[]>;
  readonly devicesByName: ReadonlyMap<string, readonly EstateDevice[]>;

  constructor({ sites, relays, groups, devices }: Estate) {
    this.site = new Map(sites.map((site) => [site.id, site]));
    this.relay = new Map(relays.map((relay) => [relay.id, relay]));
    this.group = new Map(groups.map((group) => [group.id, group]));
    this.device = new Map(devices.map((device) => [device.id, device]));
    this.groupByName = new Map(groups.map((group) => [group.name, group]));
    this.sitesByName = gathered(sites, (site) => site.name);
    this.relaysOfSite = gathered(relays, (relay) => relay.siteId);
    this.devicesByName = gathered(devices, (device) => deviceKey(device.siteId, device.name));
  }
}

/** No name holds a NUL. */
export const deviceKey = (site: string, name: string): string => `${site}\0${name}`;

function gathered<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const list = found.get(key);
    if (list === undefined) found.set(key, [one]);
    else list.push(one);
  }
  return found;
}
