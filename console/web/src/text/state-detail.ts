// What a relay says of a device's state, taken apart: the state itself and why.
import type { DeviceStatus } from '#shared/model/device.ts';
import { DEVICE_STATUSES } from '#shared/model/device-words.ts';

/** "down (timed-out: no answer)" is the state and "timed-out: no answer"; undefined for any other text. */
export function stateDetail(detail: string): { status: DeviceStatus; why: string } | undefined {
  const [first = '', ...rest] = detail.split(' ');
  const status = DEVICE_STATUSES.find((one) => one === first);
  return status === undefined ? undefined : { status, why: rest.join(' ').replace(/^\((.*)\)$/s, '$1') };
}
