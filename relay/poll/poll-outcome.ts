// What the rooms to the right learn of each attempt on a device, besides its record.
import type { EpochMs } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { FailureReason } from '#shared/base/outcome.ts';

interface Attempted {
  device: DeviceId;
  at: EpochMs;
  durationMs: number;
  /** How late the attempt began. */
  lagMs: number;
}

/** `clockSkewMs`: the device's clock less the relay's, within a second or two; undefined when it does not tell. */
export type PollOutcome =
  | (Attempted & { ok: true; clockSkewMs: number | undefined })
  | (Attempted & { ok: false; reason: FailureReason; detail: string });
