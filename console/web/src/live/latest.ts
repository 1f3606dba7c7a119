// The newest readings of one device by series key, from its summary and from the feed alike.
import type { DeviceSummary } from '#shared/contract/device-contract.ts';
import { seriesKey } from '#shared/model/series-key.ts';

/** What the API's answer holds: the branded schema without its brands would be another type. */
export type LatestReadings = DeviceSummary['latest'];

export function valuesOf(latest: LatestReadings): Record<string, number> {
  const values: Record<string, number> = {};
  for (const { name, instance, value } of latest) if (value !== null) values[seriesKey(name, instance)] = value;
  return values;
}
