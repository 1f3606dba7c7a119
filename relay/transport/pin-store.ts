// The port to what is pinned per device; the store of relay/pin stands behind it.
import type { DeviceId } from '#shared/base/id.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import type { HostKeyPin } from '#shared/model/may-offer.ts';

export interface DevicePins {
  get(device: DeviceId): DeviceIdentity | undefined;
  /** Durable before it returns. `signer`: a verified order named this identity. */
  set(device: DeviceId, identity: DeviceIdentity, by?: 'signer'): void;
  delete(device: DeviceId): void;
}

/** Whose word the pinned host key of a device is. */
export interface HostKeyPins {
  hostKeyPin(device: DeviceId): HostKeyPin;
}
