// The estate as rights ask of it, from the fleet in memory.
import type { EstatePlaces } from '#console/access/estate-places.ts';
import type { FleetRows } from './fleet-rows.ts';
import type { GroupState } from './group-members.ts';
import { deviceResource } from './scope-reader.ts';

/** Good for one question. A customer without a site is not known here: it has nothing that a right could reach. */
export function fleetPlaces(rows: FleetRows, groups: readonly GroupState[]): EstatePlaces {
  const sites = () => [...rows.sites.all()].map(([, site]) => site);
  const nameOf = (row: number): string => rows.texts.name.text[row] ?? '';
  return {
    customer: (id) => {
      const site = sites().find(({ customerId }) => customerId === id);
      return site === undefined ? undefined : { name: site.customerName };
    },
    site: (id) => {
      const site = sites().find((one) => one.id === id);
      return site === undefined ? undefined : { name: site.name, customer: site.customerId };
    },
    device: (id) => {
      const row = rows.rowOf(id);
      return row === undefined ? undefined : { name: nameOf(row), resource: deviceResource({ rows, groups }, row) };
    },
    group: (id) => groups.find((group) => group.id === id),
    named: (kind, name) => {
      if (kind === 'device') return rowsNamed(rows, name);
      const some = sites().filter((site) => (kind === 'site' ? site.name : site.customerName) === name);
      return [...new Set(some.map((site) => (kind === 'site' ? site.id : site.customerId)))];
    },
  };
}

function rowsNamed(rows: FleetRows, name: string): string[] {
  const found: string[] = [];
  for (const row of rows.all()) if (rows.texts.name.text[row] === name) found.push(rows.texts.id.text[row] ?? '');
  return found;
}
