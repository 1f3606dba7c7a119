// What a viewer is told of the news: as much as their scope lets through.
import { type Scope, seesAllOf, seesDevice, seesEverything, seesSite } from '#console/access/scope.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import type { NewsChange } from './waiting-changes.ts';

/** Most see everything or whole sites: only the others are asked device by device. */
export const seenOf = (scope: Scope, site: SiteId, devices: Iterable<DeviceId>): Iterable<DeviceId> =>
  seesAllOf(scope, site) ? devices : [...devices].filter((device) => seesDevice(scope, site, device));

/** The change as it may be told; undefined where it is not seen. */
export function seenChange(scope: Scope, change: NewsChange): NewsChange | undefined {
  switch (change.kind) {
    case 'device':
      return seesDevice(scope, change.site, change.device) ? change : undefined;
    case 'action':
      // Of one device it is told to who sees that; of the whole order to who sees its site.
      return (
        change.device === undefined
          ? seesSite(scope, change.site)
          : seesDevice(scope, change.site, change.device)
      )
        ? change
        : undefined;
    case 'relay':
      return seesSite(scope, change.site) ? change : undefined;
    case 'estate':
      return seenEstate(scope, change);
    case 'incident':
      return seesIncident(scope, change) ? change : undefined;
  }
}

/** What is of the console itself is for who sees everything. */
function seesIncident(scope: Scope, { site, device }: Extract<NewsChange, { kind: 'incident' }>): boolean {
  if (site === undefined) return seesEverything(scope);
  return device === undefined ? seesSite(scope, site) : seesDevice(scope, site, device);
}

/** Who sees a part is told that something changed, and reads again what they may see; whose devices they were is not said. */
function seenEstate(scope: Scope, change: Extract<NewsChange, { kind: 'estate' }>): NewsChange | undefined {
  if (seesEverything(scope)) return change;
  if (change.site !== undefined) return seesAllOf(scope, change.site) ? change : undefined;
  if (scope.kind === 'nothing') return undefined;
  const { devices: _devices, ...any } = change;
  return any;
}
