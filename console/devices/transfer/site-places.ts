// Which site a row means: one that stands, by its name and its customer's, or one that the import will make.
import type { SiteId } from '#shared/base/id.ts';
import type { EstateNames, EstateSite } from './estate.ts';

/** A site to be made. */
export interface NewPlace {
  customer: string;
  name: string;
}

export type Place = { site: EstateSite } | { fresh: NewPlace };
export type PlaceFault = { column: 'customer' | 'site'; message: string };

/** As people are told of it. */
export const placeName = ({ customer, name }: NewPlace): string => `${customer} / ${name}`;

/** Where a customer is not named and the site is new. */
export const USUAL_CUSTOMER = 'Default';

interface Asked {
  site: string | undefined;
  customer: string | undefined;
}

export function placeOf(asked: Asked, names: EstateNames, within: SiteId | undefined): Place | PlaceFault {
  const { site: name = '', customer = '' } = asked;
  if (within !== undefined) return placeWithin(name, customer, names, within);
  if (name === '') return { column: 'site', message: 'is missing' };
  const found = (names.sitesByName.get(name) ?? []).filter((site) => customer === '' || site.customer === customer);
  const [site, second] = found;
  if (second !== undefined)
    return { column: 'customer', message: `is missing: several customers have a site "${name}"` };
  if (site !== undefined) return { site };
  return { fresh: { customer: customer === '' ? USUAL_CUSTOMER : customer, name } };
}

function placeWithin(name: string, customer: string, names: EstateNames, within: SiteId): Place | PlaceFault {
  const site = names.site.get(within);
  if (site === undefined) return { column: 'site', message: 'this site does not exist' };
  const other = 'is another one than the site that this import is for';
  if (name !== '' && name !== site.name) return { column: 'site', message: other };
  if (customer !== '' && customer !== site.customer) return { column: 'customer', message: other };
  return { site };
}
