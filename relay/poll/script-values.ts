// Numbers that scripts said of a device since its last poll: they go with its next one, so that a poll stays the one record of a device.
import type { Sample } from '#relay/collect/collector.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { MAX_SERIES_PER_DEVICE, SCRIPT_VALUE } from '#shared/model/metric-catalogue.ts';
import { type ScriptSeries, scriptColumn } from '#shared/model/script-series.ts';

/** Series that scripts may name of one device, all runs of an hour together; the collectors' own come to some hundreds. */
export const MAX_SCRIPT_SERIES = 256;
/** Devices with values that wait: a roster has half as many. */
const MAX_DEVICES = 10_000;
/** A name that no run has said for so long gives its place to another one: as columns do. */
const HOUR_MS = 3_600_000;

interface Known {
  /** By the monotonic clock. */
  saidAt: number;
  waiting: number | undefined;
}

export class ScriptValues {
  readonly #now: () => number;
  readonly #devices = new Map<DeviceId, Map<string, Known>>();

  constructor(deps: { now: () => number }) {
    this.#now = deps.now;
  }

  /** Names of what has no room; the newest value of a series counts. */
  put(device: DeviceId, samples: ReadonlyArray<ScriptSeries & { stored: number }>): string[] {
    const now = this.#now();
    const known = this.#devices.get(device) ?? new Map<string, Known>();
    if (this.#devices.size >= MAX_DEVICES && !this.#devices.has(device)) return samples.map(({ name }) => name);
    this.#devices.set(device, known);
    for (const [key, { saidAt, waiting }] of known)
      if (waiting === undefined && now - saidAt > HOUR_MS) known.delete(key);
    const refused: string[] = [];
    for (const { stored, ...series } of samples) {
      const key = scriptColumn(series).instance;
      if (known.size >= MAX_SCRIPT_SERIES && !known.has(key)) refused.push(series.name);
      else known.set(key, { saidAt: now, waiting: stored });
    }
    return refused;
  }

  /** What waits, as columns beside `others` of them; names of what no poll has room for. */
  take(device: DeviceId, others: number): { samples: Sample[]; refused: string[] } {
    const known = this.#devices.get(device);
    const [samples, refused]: [Sample[], string[]] = [[], []];
    for (const [instance, one] of known ?? []) {
      if (one.waiting === undefined) continue;
      if (others + samples.length >= MAX_SERIES_PER_DEVICE) refused.push(instance.split(' ', 1)[0] ?? '');
      else samples.push({ metric: SCRIPT_VALUE.id, instance, value: one.waiting });
      one.waiting = undefined;
    }
    return { samples, refused };
  }

  forget(device: DeviceId): void {
    this.#devices.delete(device);
  }
}
