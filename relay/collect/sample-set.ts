// Gathers the samples of one reading: each series once, names of the device bounded and made harmless, numbers checked by the catalogue.
import { MAX_INSTANCE_BYTES, METRICS, metricByName, toStored } from '#shared/model/metric-catalogue.ts';
import type { Sample } from './collector.ts';
import { CONTROL_CHARACTERS } from './control-characters.ts';

/** Instances kept of one kind: 64 filesystems (3 metrics), disks (6) and interfaces (6) with the device's own stay under the 1,024 series of a device. */
export const MAX_INSTANCES = 64;

const DEVICE_METRICS = METRICS.filter((metric) => metric.scope === 'device');

export class SampleSet {
  #values = new Map<string, Sample>();

  constructor() {
    // Every metric of the device has its column from the first poll on, so that a source that fails once changes no columns.
    for (const metric of DEVICE_METRICS)
      this.#values.set(metric.name, { metric: metric.id, instance: '', value: undefined });
  }

  /** Keeps the value of a metric of the device; a second one for the same metric is passed over. */
  set(name: string, value: number | undefined): void {
    const metric = metricByName(name);
    const sample = this.#values.get(name);
    if (metric === undefined || sample === undefined || value === undefined) return;
    if (sample.value === undefined) sample.value = toStored(metric, value);
  }

  /** Keeps the metrics of one instance; the first of two with the same name wins. */
  setInstance(rawName: string, values: Readonly<Record<string, number | undefined>>): void {
    const instance = instanceText(rawName);
    if (instance === '') return;
    for (const [name, value] of Object.entries(values)) {
      const metric = metricByName(name);
      const key = `${name} ${instance}`;
      if (metric === undefined || this.#values.has(key)) continue;
      this.#values.set(key, {
        metric: metric.id,
        instance,
        value: value === undefined ? undefined : toStored(metric, value),
      });
    }
  }

  samples(): Sample[] {
    return [...this.#values.values()];
  }
}

const encoder = new TextEncoder();

/** The device's name of a thing without control characters, and at most 255 bytes of UTF-8. */
export function instanceText(raw: string): string {
  const clean = raw.replaceAll(CONTROL_CHARACTERS, '\ufffd');
  const bytes = new Uint8Array(MAX_INSTANCE_BYTES);
  const { read } = encoder.encodeInto(clean, bytes);
  return clean.slice(0, read);
}

/** A whole number of at most 16 digits as the kernel prints it; anything else is unknown. */
export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}

/** A number with an optional fraction ("12345.67"); anything else is unknown. */
export function decimalNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
}

/** The first instances up to the bound, and a sentence when there were more. */
export function boundInstances<T>(what: string, all: readonly T[], notices: string[]): readonly T[] {
  if (all.length > MAX_INSTANCES) notices.push(`${all.length} ${what}: the first ${MAX_INSTANCES} are kept`);
  return all.slice(0, MAX_INSTANCES);
}
