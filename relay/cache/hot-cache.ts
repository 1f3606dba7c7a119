// The last values and the raw polls of the last 24 hours of every device of the site, compact in memory and within a quota.
import { type Clock, type EpochMs, HOUR_MS, hourOf } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { DeviceHistory } from './device-history.ts';

export const HOT_HOURS = 24;

/** A record this far ahead of the clock is no history; a clock that was set back by less keeps what it has. */
const MAX_AHEAD_MS = HOUR_MS;

export interface HotCacheDeps {
  clock: Clock;
  /** Over it, whole hours of all devices go, the oldest first; last values stay. */
  quotaBytes: number;
}

interface HourTotal {
  bytes: number;
  samples: number;
}

export class HotCache {
  readonly #clock: Clock;
  readonly #quotaBytes: number;
  readonly #devices = new Map<DeviceId, DeviceHistory>();
  readonly #hours = new Map<number, HourTotal>();
  #bytes = 0;
  #sweptHour = 0;
  readonly #counts = { added: 0, refused: 0, evictedHours: 0 };

  constructor({ clock, quotaBytes }: HotCacheDeps) {
    this.#clock = clock;
    this.#quotaBytes = quotaBytes;
  }

  /** Takes a poll; one older than the last 24 hours, or from the future, is passed over. */
  add(record: PollRecord): void {
    const now = this.#clock.now();
    this.#sweep(hourOf(now));
    if (hourOf(record.at) <= hourOf(now) - HOT_HOURS || record.at > now + MAX_AHEAD_MS) {
      this.#counts.refused += 1;
      return;
    }
    this.#history(record.device).add(record);
    this.#counts.added += 1;
    while (this.#bytes > this.#quotaBytes && this.#hours.size > 0) this.#evictOldest();
  }

  /** After a restart, from the spool: in any order, though in order of time is cheapest. Returns how many were taken. */
  refill(records: Iterable<PollRecord>): number {
    const before = this.#counts.added;
    for (const record of records) this.add(record);
    return this.#counts.added - before;
  }

  last(device: DeviceId): PollRecord | undefined {
    return this.#devices.get(device)?.last;
  }

  /** Raw polls with `from` <= at < `to`, in the order of their times. */
  range(device: DeviceId, from: EpochMs, to: EpochMs): PollRecord[] {
    return this.#devices.get(device)?.range(from, to) ?? [];
  }

  /** Hours of which something is here, oldest first. */
  hours(): number[] {
    return [...this.#hours.keys()].sort((a, b) => a - b);
  }

  /** Devices that said something in that hour. */
  devicesIn(hour: number): DeviceId[] {
    return [...this.#devices].filter(([, history]) => history.hasHour(hour)).map(([device]) => device);
  }

  /** The device left the roster. */
  forget(device: DeviceId): void {
    this.#devices.get(device)?.drop(() => true);
    this.#devices.delete(device);
  }

  stats() {
    const hours = [...this.#hours.keys()];
    return {
      ...this.#counts,
      devices: this.#devices.size,
      samples: [...this.#hours.values()].reduce((sum, { samples }) => sum + samples, 0),
      bytes: this.#bytes,
      quotaBytes: this.#quotaBytes,
      oldestHour: hours.length === 0 ? undefined : Math.min(...hours),
    };
  }

  #history(device: DeviceId): DeviceHistory {
    const known = this.#devices.get(device);
    if (known !== undefined) return known;
    const history = new DeviceHistory((hour, bytes, samples) => this.#account(hour, bytes, samples));
    this.#devices.set(device, history);
    return history;
  }

  #account(hour: number, bytes: number, samples: number): void {
    this.#bytes += bytes;
    const total = this.#hours.get(hour) ?? { bytes: 0, samples: 0 };
    total.bytes += bytes;
    total.samples += samples;
    if (total.bytes === 0) this.#hours.delete(hour);
    else this.#hours.set(hour, total);
  }

  /** Once an hour: what is too old goes, and chains that devices left open are sealed. */
  #sweep(hour: number): void {
    if (hour === this.#sweptHour) return;
    this.#sweptHour = hour;
    for (const history of this.#devices.values()) {
      history.drop((other) => other <= hour - HOT_HOURS);
      history.sealBefore(hour);
    }
  }

  #evictOldest(): void {
    const oldest = Math.min(...this.#hours.keys());
    for (const history of this.#devices.values()) history.drop((hour) => hour === oldest);
    this.#hours.delete(oldest);
    this.#counts.evictedHours += 1;
  }
}
