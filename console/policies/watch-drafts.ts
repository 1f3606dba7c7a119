// From drafted parts to documents that can be signed: one for each customer, holding what its sites need and nothing of others.
import type { EpochMs } from '#shared/base/clock.ts';
import type { CustomerId, DeviceId, SiteId } from '#shared/base/id.ts';
import type { WatchPart } from '#shared/model/watch-part.ts';
import type { LocalRoute, MaintenanceWindow, WatchDocument, WatchLayer } from '#shared/model/watch-policy.ts';
import { canonicalJson } from '#shared/seal/canonical.ts';

/** What a document says, without when and for which version. */
export type WatchContent = Pick<WatchDocument, 'layers' | 'windows' | 'routes'>;

export interface DraftPlace {
  customer: CustomerId;
  sites: readonly SiteId[];
  /** Of devices that parts name. */
  siteOf: ReadonlyMap<string, SiteId>;
}

/** What the parts say to these sites of a customer, in the order of ids: the same parts are the same text. */
export function contentFor(parts: readonly WatchPart[], place: DraftPlace): WatchContent {
  const own = parts
    .filter(({ customerId, isRemoved }) => !isRemoved && (customerId === null || customerId === place.customer))
    .toSorted((a, b) => (a.body.id < b.body.id ? -1 : 1));
  const layers = own.flatMap((part) => (part.kind === 'layer' ? layerFor(part, place) : []));
  const known = new Set(layers.map(({ id }) => id));
  return {
    layers,
    windows: own.flatMap((part) => (part.kind === 'window' ? windowFor(part.body, place, known) : [])),
    routes: own.flatMap((part) => (part.kind === 'route' ? routeFor(part.body, place) : [])),
  };
}

const isHere = (device: string, { sites, siteOf }: DraftPlace): boolean => {
  const site = siteOf.get(device);
  return site !== undefined && sites.includes(site);
};

type LayerPart = Extract<WatchPart, { kind: 'layer' }>;

/** A layer of a group goes along wherever the group may have members: they come and go without a signature. */
function layerFor({ body, places }: LayerPart, place: DraftPlace): WatchLayer[] {
  const stands = {
    customer: () => true,
    site: () => places.some((site) => place.sites.some((here) => here === site)),
    group: () => places.length > 0,
    device: () => places.some((device) => isHere(device, place)),
  }[body.level]();
  if (!stands) return [];
  const { except, ...layer } = body;
  const here = except?.filter((device) => isHere(device, place)) ?? [];
  return [here.length === 0 ? layer : { ...layer, except: here }];
}

/** A window that names things of other sites alone is none here; one that names nothing is for all. */
function windowFor(window: MaintenanceWindow, place: DraftPlace, known: ReadonlySet<string>): MaintenanceWindow[] {
  const { sites, layers, devices, ...rest } = window;
  if (sites === undefined && layers === undefined && devices === undefined) return [window];
  const here = {
    sites: sites?.filter((site) => place.sites.includes(site)) ?? [],
    layers: layers?.filter((layer) => known.has(layer)) ?? [],
    devices: devices?.filter((device) => isHere(device, place)) ?? [],
  };
  const named = Object.fromEntries(Object.entries(here).filter(([, ids]) => ids.length > 0));
  return Object.keys(named).length === 0 ? [] : [{ ...rest, ...named }];
}

function routeFor(route: LocalRoute, place: DraftPlace): LocalRoute[] {
  if (route.sites === undefined) return [route];
  const sites = route.sites.filter((site) => place.sites.includes(site));
  return sites.length === 0 ? [] : [{ ...route, sites }];
}

/** Two documents with the same are the same to a relay. */
export const contentKey = ({ layers, windows, routes }: WatchContent): string =>
  canonicalJson({ layers, windows, routes }, 'finite');

export const documentOf = (
  content: WatchContent,
  about: { sites: readonly SiteId[]; version: number; at: EpochMs },
): WatchDocument => ({
  ...{ v: 1, kind: 'watch', sites: [...about.sites], version: about.version, at: about.at },
  ...content,
});

/** Devices that parts name: whoever drafts must know their sites. */
export function devicesNamed(parts: readonly WatchPart[]): DeviceId[] {
  const named = parts.flatMap((part): string[] => {
    if (part.kind === 'route') return [];
    if (part.kind === 'window') return part.body.devices ?? [];
    return [...(part.body.except ?? []), ...(part.body.level === 'device' ? part.places : [])];
  });
  return [...new Set(named)] as DeviceId[]; // the schema took them as ids
}
