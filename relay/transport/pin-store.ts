// The port to what is pinned per device; the store of relay/pin stands behind it.
import type { DeviceId } from '#shared/base/id.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';

export interface DevicePins {
  get(device: DeviceId): DeviceIdentity | undefined;
  /** Durable before it returns. */
  set(device: DeviceId, identity: DeviceIdentity): void;
  delete(device: DeviceId): void;
}
