// One device's poll: one timestamp, its series and a stored integer for each.
import type { EpochMs } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { Series } from './metric-catalogue.ts';

export interface PollRecord {
  device: DeviceId;
  /** The relay's wall time of the poll; counters are divided by the device's own `system.uptime`, never by this. */
  at: EpochMs;
  /** The same array object from poll to poll as long as the columns do not change: encoders compare by reference first. */
  series: readonly Series[];
  /** Stored integers (see toStored), parallel to `series`; undefined is unknown, never zero. */
  values: readonly (number | undefined)[];
}
