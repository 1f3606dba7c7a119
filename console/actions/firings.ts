// Orders that relays gave themselves, told before their outcomes: kept as actions of that relay, with its own devices alone.
import { ownDevices } from '#console/devices/own-devices.ts';
import type { Link } from '#console/sites/relays.ts';
import type { Tx } from '#console/store/engine.ts';
import type { FiringRecord } from '#shared/model/record.ts';
import { insertFiring } from './action-repository.ts';
import { insertTargets } from './outcome-repository.ts';

/** Passes over ids that are known, and devices that are not the relay's: it speaks only of its own. */
export async function applyFirings(tx: Tx, link: Link, records: readonly FiringRecord[]): Promise<void> {
  for (const record of records) {
    const own = await ownDevices(tx, link.relay, record.devices);
    const devices = [...new Set(record.devices)].filter((device) => own.has(device));
    if (devices.length === 0) continue;
    if (await insertFiring(tx, link, record, devices.length))
      await insertTargets(tx, record.manifest, devices, record.at, 'accepted');
  }
}
