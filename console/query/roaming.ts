// Whether a relay lives on a machine that people carry away or switch off.

import type { RelayId } from '#shared/base/id.ts';
import { shippedPresence } from '#shared/judge/layers/presence.ts';
import type { DeviceType } from '#shared/model/device.ts';
import type { FleetRows } from './fleet-rows.ts';

/** By the kind of the one machine that a leaf watches: itself. */
export function mayRoam(rows: FleetRows, relay: RelayId): boolean {
  for (const row of rows.all()) {
    if (rows.relayOf(row)?.id !== relay) continue;
    // The index holds types as words, written by us alone.
    if (shippedPresence(rows.textOf('type', row) as DeviceType) === 'when-used') return true;
  }
  return false;
}
