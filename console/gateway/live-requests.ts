// Somebody looks at a device: its relay is asked to poll it faster for a while.
import type { Clock } from '#shared/base/clock.ts';
import type { DeviceId, RelayId } from '#shared/base/id.ts';
import type { LinkRegistry } from './link-registry.ts';

/** The fastest a relay polls for people who look. */
const INTERVAL_MS = 2_000;
/** A page renews its wish before this ends; a closed one stops costing polls soon. */
const FOR_MS = 30_000;
/** As many as LIVE holds; the device looked at longest ago gives way. */
const MAX_DEVICES = 20;

export class LiveRequests {
  readonly #clock: Clock;
  readonly #registry: LinkRegistry;
  /** Per relay: until when each device is watched, in order of the wishes. */
  readonly #watched = new Map<RelayId, Map<DeviceId, number>>();

  constructor(deps: { clock: Clock; registry: LinkRegistry }) {
    this.#clock = deps.clock;
    this.#registry = deps.registry;
  }

  /** Asks again on every call; `isAsked` is false when the relay is not connected. */
  watch(relay: RelayId, device: DeviceId): { intervalMs: number; forMs: number; isAsked: boolean } {
    const now = this.#clock.monotonic();
    const wished = this.#watched.get(relay) ?? new Map<DeviceId, number>();
    for (const [other, until] of wished) if (until <= now) wished.delete(other);
    wished.delete(device);
    wished.set(device, now + FOR_MS);
    const devices = [...wished.keys()].slice(-MAX_DEVICES);
    this.#watched.set(relay, new Map([...wished].slice(-MAX_DEVICES)));
    const isAsked = this.#registry.send(relay, 'LIVE', { devices, intervalMs: INTERVAL_MS, forMs: FOR_MS });
    return { intervalMs: INTERVAL_MS, forMs: FOR_MS, isAsked };
  }
}
