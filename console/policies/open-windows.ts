// Which devices are in a maintenance window at a moment, by what their site has signed: what a person who orders something wants to know.
import type { EpochMs } from '#shared/base/clock.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import { WindowCalendar } from '#shared/judge/time/window.ts';
import { readWatch } from '#shared/seal/watch-seal.ts';
import type { RelayWatches } from './relay-watch.ts';

export interface WindowAsk {
  id: DeviceId;
  siteId: SiteId;
  relayId: RelayId;
}

/** No check is called so: a window that names checks speaks of them alone, and not of the device. */
const NO_CHECK = '';

/** Those that an open window covers as a whole; each relay's word is read once. */
export async function devicesInWindow(
  watches: Pick<RelayWatches, 'of'>,
  devices: readonly WindowAsk[],
  at: EpochMs,
): Promise<DeviceId[]> {
  const found: DeviceId[] = [];
  for (const own of byRelay(devices).values()) {
    const [first] = own;
    if (first === undefined) continue;
    const { signed, members } = await watches.of({ relay: first.relayId, site: first.siteId });
    if (signed === undefined) continue;
    const calendar = new WindowCalendar(readWatch(signed).windows);
    const layers = new Map(members.map((member) => [member.device, member.layers]));
    for (const { id, siteId } of own) {
      const about = { site: siteId, device: id, layers: layers.get(id) ?? [], check: NO_CHECK };
      if (calendar.muting(about, at) !== undefined) found.push(id);
    }
  }
  return found;
}

function byRelay(devices: readonly WindowAsk[]): Map<string, WindowAsk[]> {
  const groups = new Map<string, WindowAsk[]>();
  for (const device of devices) {
    const key = `${device.siteId} ${device.relayId}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [device]);
    else group.push(device);
  }
  return groups;
}
