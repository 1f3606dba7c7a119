// What one metric was last, of many devices: read from the newest polls in memory.
import type { DeviceId, RelayId } from '#shared/base/id.ts';
import { DERIVED, deriving } from '#shared/model/derive.ts';
import { fromStored, metricByName, SCRIPT_VALUE } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { readScriptColumn } from '#shared/model/script-series.ts';
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
  const isScripted = metricByName(name) === undefined && !DERIVED_NAMES.has(name);
  const found: LastReading[] = [];
  for (const { id, relayId } of devices) {
    const polls = relayId === null ? [] : last.recent(relayId, id);
    // What a script said stands in one poll; the newest that has any of it counts.
    for (let at = polls.length - 1; at >= (isScripted ? 0 : polls.length - 1); at -= 1) {
      const poll = polls[at];
      const told = poll === undefined ? [] : [...read(polls[at - 1], poll)];
      for (const { instance, value } of told) found.push({ device: id, instance, value, at: poll?.at ?? 0 });
      if (told.length > 0) break;
    }
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
  if (metric === undefined) return scripted(name);
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

/** A script says a number now and then, not at every poll: none is no news of it. */
const scripted =
  (name: string): Reader =>
  (_former, { series, values }) =>
    series.flatMap((one, column) => {
      const said = readScriptColumn(one);
      const stored = values[column];
      if (said?.name !== name || stored === undefined) return [];
      return [{ instance: said.instance, value: fromStored(SCRIPT_VALUE, stored) }];
    });
