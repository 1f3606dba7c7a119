// Chunks of devices as batches of labelled samples in base units, none larger than a receiver takes at once.
import { inert } from '#shared/base/inert-text.ts';
import type { StoredSeries } from '#shared/day-files/day-store.ts';
import type { MirrorBatch, MirrorSeries } from './metric-sink.ts';
import { prometheusName } from './prometheus-name.ts';
import type { SealedDevice } from './sealed-hours.ts';

/** Some 160 KB before snappy, a few milliseconds of work; Prometheus and VictoriaMetrics take ten times as much. */
export const MAX_BATCH_SAMPLES = 10_000;
/** Prometheus' own remedy against label values without end. */
const MAX_LABEL_CHARACTERS = 1_024;

/** What people call the place of a device. */
export interface DeviceLabels {
  device: string;
  site: string;
  customer: string;
}

export type Label = readonly [name: string, value: string];

/** Sorted, none empty: a label without a value is no label. `own` stands back where it names the same. */
export function labelsOf(
  { device, labels, own }: { device: string; labels: DeviceLabels; own: Readonly<Record<string, string>> },
  series: Pick<StoredSeries, 'name' | 'instance' | 'unit' | 'kind' | 'resolution'>,
): Label[] {
  const { name, instanceLabel } = prometheusName(series);
  const all: Record<string, string> = {
    ...own,
    __name__: name,
    device: labels.device,
    device_id: device,
    site: labels.site,
    customer: labels.customer,
    [instanceLabel]: series.instance,
  };
  return Object.entries(all)
    .map(([key, value]) => [key, inert(value.slice(0, MAX_LABEL_CHARACTERS))] as const)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

export interface BatchPlan {
  /** Undefined: the device is removed, and so is its mirror. */
  describe: (device: SealedDevice['device']) => DeviceLabels | undefined;
  /** Of the target's configuration. */
  own: Readonly<Record<string, string>>;
  maxSamples?: number;
}

/** Unknown values are left out; two series that are called alike are one, and the first of them is meant. */
export function* batchesOf(devices: readonly SealedDevice[], plan: BatchPlan): Generator<MirrorBatch> {
  const most = plan.maxSamples ?? MAX_BATCH_SAMPLES;
  let series: MirrorSeries[] = [];
  let samples = 0;
  for (const one of devices) {
    for (const column of columnsOf(one, plan)) {
      for (const part of partsOf(column, most)) {
        if (samples + part.times.length > most) {
          yield { series, samples };
          series = [];
          samples = 0;
        }
        series.push(part);
        samples += part.times.length;
      }
    }
  }
  if (samples > 0) yield { series, samples };
}

function* columnsOf({ device, series, data }: SealedDevice, { describe, own }: BatchPlan): Generator<MirrorSeries> {
  const labels = describe(device);
  if (labels === undefined) return;
  const rows = data.times.length;
  const said = new Set<string>();
  for (const [column, stored] of series.entries()) {
    const called = labelsOf({ device, labels, own }, stored);
    const id = JSON.stringify(called);
    if (said.has(id)) continue;
    said.add(id);
    const { inBaseUnits } = prometheusName(stored);
    const [times, values]: [number[], number[]] = [[], []];
    for (let row = 0; row < rows; row += 1) {
      const value = data.values[column * rows + row];
      const at = data.times[row];
      if (value === undefined || at === undefined || Number.isNaN(value)) continue;
      times.push(at);
      values.push(inBaseUnits(value));
    }
    if (times.length > 0) yield { labels: called, times, values };
  }
}

/** A poll a second makes 3,600 samples an hour: a series may lie in two batches. */
function* partsOf(series: MirrorSeries, most: number): Generator<MirrorSeries> {
  for (let from = 0; from < series.times.length; from += most)
    yield from === 0 && series.times.length <= most
      ? series
      : { ...series, times: series.times.slice(from, from + most), values: series.values.slice(from, from + most) };
}
