// What one metric was last, of many devices: read from the newest polls in memory.
import type { DeviceId, RelayId } from '#shared/base/id.ts';
import { DERIVED, deriving } from '#shared/model/derive.ts';
import { fromStored, metricByName } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { LastValues } from './last-values.ts';

export interface LastReading {
  device: DeviceId;
  instance: string;
  value: number | undefined;
  at: number;
}

const DERIVED_NAMES = new Set(DERIVED.map(({ name }) => name));

/** Devices that nobody polls, or that were silent since the start, have no reading. */
export function lastReadings(
  last: Pick<LastValues, 'recent'>,
  devices: Iterable<{ id: DeviceId; relayId: RelayId | null }>,
  name: string,
): LastReading[] {
  const read = readerOf(name);
  const found: LastReading[] = [];
  for (const { id, relayId } of devices) {
    const polls = relayId === null ? [] : last.recent(relayId, id);
    const poll = polls.at(-1);
    if (poll === undefined) continue;
    for (const { instance, value } of read(polls.at(-2), poll))
      found.push({ device: id, instance, value, at: poll.at });
  }
  return found;
}

type Reader = (
  former: PollRecord | undefined,
  poll: PollRecord,
) => Iterable<{ instance: string; value: number | undefined }>;

function readerOf(name: string): Reader {
  if (DERIVED_NAMES.has(name)) return deriving([name]);
  const metric = metricByName(name);
  if (metric === undefined) return () => [];
  return (_former, { series, values }) => {
    const found: Array<{ instance: string; value: number | undefined }> = [];
    for (let column = 0; column < series.length; column += 1) {
      const one = series[column];
      if (one?.metric !== metric.id) continue;
      const stored = values[column];
      found.push({ instance: one.instance, value: stored === undefined ? undefined : fromStored(metric, stored) });
    }
    return found;
  };
}
