// What the fleet knows of chosen devices: which values all, some or none of them have.
import { fleet } from '#console/web/src/fleet/fleet.ts';
import type { FleetRows } from '#console/web/src/fleet/fleet-rows.ts';
import { type Had, hadOf } from './bulk-choice.ts';

/** Where the fleet was not read, as on the page of one device, nobody knows: every value may be of some. */
export function knownOf(
  ids: readonly string[],
  valuesOf: (rows: FleetRows, row: number) => readonly string[],
): (value: string) => Had {
  const rows = ids.map((id) => fleet.rowOf(id));
  if (rows.includes(undefined)) return () => 'some';
  return hadOf(rows.map((row) => valuesOf(fleet.rows, row ?? -1)));
}
