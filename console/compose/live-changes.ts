// Turns what the way up has stored into changes for browsers.
import type { Arrived } from '#console/ingest/commit-group.ts';
import type { ChangeFeed } from '#console/live/change-feed.ts';
import type { LastValues } from '#console/metrics/last-values.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { Change } from '#shared/model/change.ts';
import type { SpoolRecord } from '#shared/model/record.ts';
import { seriesKey } from '#shared/model/series-key.ts';

interface Parts {
  feed: ChangeFeed;
  lastValues: LastValues;
}

/** Told after each commit, in order. */
export function publishArrived({ feed, lastValues }: Parts, { link, polls, records }: Arrived): void {
  const { relay, site } = link;
  for (const device of lastValues.take({ relay, site, polls }))
    feed.publishMetrics(site, device, () => metricsChange(lastValues, site, device));
  for (const record of records) publishRecord(feed, site, record);
}

function metricsChange(lastValues: LastValues, site: Arrived['link']['site'], device: DeviceId): Change | undefined {
  const latest = lastValues.latest(site, device);
  if (latest === undefined) return undefined;
  const known = latest.values.flatMap(
    ({ name, instance, value }): Array<[string, number]> =>
      value === undefined ? [] : [[seriesKey(name, instance), value]],
  );
  return { kind: 'metrics', site, device, at: latest.at, values: Object.fromEntries(known) };
}

function publishRecord(feed: ChangeFeed, site: Arrived['link']['site'], record: SpoolRecord): void {
  if (record.type === 'state') {
    const { device, at, status, reason } = record;
    feed.publish({ kind: 'device', site, device, at, status, ...(reason === undefined ? {} : { reason }) });
  } else if (record.type === 'outcome') {
    feed.publish({
      kind: 'action',
      site,
      action: record.manifest,
      device: record.device,
      at: record.at,
      state: record.state,
    });
  }
}
