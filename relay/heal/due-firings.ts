// Which standing orders are due: pure, from the signed text, what the relay saw of its devices, and the time.
import type { EpochMs } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { StandingOrder } from '#shared/model/standing-order.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** After its minute a daily order is still that day's, and a device that came back still news. */
const LATE_MS = 3_600_000;

/** What this process saw of devices since it began: nothing is made up for the time before. */
export interface Seen {
  /** Since when a device is down. */
  down: ReadonlyMap<DeviceId, EpochMs>;
  /** Devices that were down and are up, and since when. */
  returned: ReadonlyMap<DeviceId, EpochMs>;
}

export interface DueFiring {
  /** The same for the same cause: see `firingManifest`. */
  key: string;
  /** `all`: whatever the order reaches. Of a rule, those that it has still to be asked about. */
  devices: 'all' | readonly DeviceId[];
  /** The cause passes: what could not be done for it now is not done for it later. */
  isMoment: boolean;
}

/** `floor`: causes before it count as done, because nobody can know. */
export function dueFirings(
  order: StandingOrder,
  seen: Seen,
  { now, floor }: { now: EpochMs; floor: EpochMs },
): DueFiring[] {
  const { trigger } = order;
  if (now >= order.exp) return [];
  const since = Math.max(order.nbf, floor);
  switch (trigger.type) {
    case 'interval':
      return slot('interval', now - (now % trigger.everyMs), since);
    case 'daily': {
      const minute = trigger.minuteUtc * MINUTE_MS;
      const start = now - ((now - minute) % DAY_MS);
      return now - start < LATE_MS ? slot('daily', start, since) : [];
    }
    case 'device-unreachable': {
      const at = seen.down.get(trigger.device);
      if (at === undefined || now - at < trigger.forMs) return [];
      return [{ key: `down ${trigger.device} ${at}`, devices: 'all', isMoment: true }];
    }
    case 'device-returned':
      return returnedOf(order, seen).flatMap(([device, at]): DueFiring[] => {
        const isDue = now - at >= trigger.afterMs && now - at < trigger.afterMs + LATE_MS;
        return isDue ? [{ key: `returned ${device} ${at}`, devices: [device], isMoment: true }] : [];
      });
  }
}

/** In the order of the targets; with a rule all that came back, because what it reaches is not known here. */
function returnedOf({ targets, rule }: StandingOrder, { returned }: Seen): Array<[DeviceId, EpochMs]> {
  if (rule !== undefined) return [...returned];
  return targets.flatMap(({ device }): Array<[DeviceId, EpochMs]> => {
    const at = returned.get(device);
    return at === undefined ? [] : [[device, at]];
  });
}

const slot = (name: string, start: EpochMs, since: EpochMs): DueFiring[] =>
  start < since ? [] : [{ key: `${name} ${start}`, devices: 'all', isMoment: false }];
