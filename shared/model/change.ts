// One live change as browsers get it: small, typed, and safe to miss because a list can always be read again.
import { z } from 'zod';
import { DeviceId, ManifestId, RelayId } from '#shared/base/id.ts';
import { DeviceStatus } from './device.ts';
import { CommandState } from './record.ts';

/** A derived reading, keyed "name" or "name|instance" to keep deltas short. */
const Readings = z.record(z.string(), z.number().nullable());

export const Change = z.discriminatedUnion('kind', [
  /** A poll arrived: the device's readings that belong on a list or a live chart. */
  z.strictObject({ kind: z.literal('metrics'), device: DeviceId, at: z.int(), readings: Readings }),
  z.strictObject({ kind: z.literal('device'), device: DeviceId, status: DeviceStatus, at: z.int() }),
  /** Devices were added, renamed or removed: read the list again. */
  z.strictObject({ kind: z.literal('fleet') }),
  z.strictObject({ kind: z.literal('relay'), relay: RelayId, isConnected: z.boolean(), at: z.int() }),
  z.strictObject({ kind: z.literal('action'), action: ManifestId, device: DeviceId, state: CommandState, at: z.int() }),
  /** The feed could not keep up or began anew: read everything again. */
  z.strictObject({ kind: z.literal('reset') }),
]);
export type Change = z.infer<typeof Change>;
