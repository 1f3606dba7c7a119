// What one draft of a check would have found on one device: its rows of the last days, the open hours among them, judged anew.
import type { NamedHour } from '#console/metrics/metric-engine.ts';
import { type MetricQuery, spansOf } from '#console/metrics/metric-query.ts';
import { lastNamed, lookupIn } from '#console/metrics/named-hours.ts';
import { ReplayDevice, replaySet } from '#console/metrics/replay/replay-device.ts';
import type { Db } from '#console/store/engine.ts';
import { hourOf } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId, RelayId } from '#shared/base/id.ts';
import type { CheckPreview } from '#shared/contract/check-contract.ts';
import type { Episode } from '#shared/judge/checks/episodes.ts';
import type { Check } from '#shared/model/check.ts';
import { conditionsOf, factKinds } from './changed-checks.ts';
import { countTold } from './count-told.ts';
import * as past from './past-repository.ts';

/** A page of a chart; more is a back-test. */
export const MAX_PREVIEW_MS = 7 * 86_400_000;

export interface PreviewAsk {
  device: DeviceId;
  relays: readonly RelayId[];
  intervalMs: number;
  /** When the console first knew the device. */
  since: number;
  check: Check;
  from: number;
  to: number;
}

export interface PreviewDeps {
  db: Db;
  metrics: Pick<MetricQuery, 'rows'>;
}

/** Throws `bad-request` beyond a week. */
export async function previewCheck(deps: PreviewDeps, ask: PreviewAsk, signal?: AbortSignal): Promise<CheckPreview> {
  const { check, device, relays, from, to, intervalMs } = ask;
  if (to <= from || to - from > MAX_PREVIEW_MS)
    throw new AppError('bad-request', 'a preview is of seven days at most, and does not run backwards');
  const set = replaySet([{ ...check, isOn: true }]);
  const [first, last] = [hourOf(from), hourOf(to - 1)];
  const isRead = set.names.length > 0;
  const rows = isRead
    ? await deps.metrics.rows({ device, relays, from: first, to: last }, signal)
    : { hours: [], leads: [] };
  const news = await newsOf(deps.db, ask);
  const replaying = new ReplayDevice([set], intervalMs, { span: { from, to }, news });
  const before = new Map([...rows.leads, ...rows.hours].map((hour) => [hour.hour, hour]));
  for (const hour of rows.hours) {
    const former = before.get(hour.hour - 1);
    replaying.hour(hour.data, lookupIn(hour), former && lastNamed(former), set.names);
  }
  const [run] = replaying.result(device).runs;
  const episodes = run?.episodes ?? [];
  return {
    episodes: episodes.map(shown),
    more: run?.more ?? 0,
    notifications: countTold(episodes, () => check.type).notifications,
    series: [...set.names],
    source: { resolution: 'raw', missing: isRead ? missing(ask, rows.hours) : [], away: false },
  };
}

async function newsOf(db: Db, { device, check, from, to }: PreviewAsk) {
  const news: past.DeviceNews = new Map();
  const span = { devices: [device], from, to };
  const conditions = conditionsOf([check]);
  if (conditions.some((when) => when.kind === 'state' && when.of === 'device')) await past.readStates(db, span, news);
  if (conditions.some(({ kind }) => kind === 'events')) await past.readLogs(db, span, news);
  await past.readFacts(db, { ...span, kinds: factKinds(conditions) }, news);
  return (news.get(device) ?? []).sort((a, b) => a.at - b.at);
}

/** Hours since the device is known of which no rows are here. */
function missing({ from, to, since }: PreviewAsk, hours: readonly NamedHour[]): CheckPreview['source']['missing'] {
  const known = new Set(hours.map(({ hour }) => hour));
  const unknown: number[] = [];
  for (let hour = hourOf(Math.max(from, since)); hour <= hourOf(to - 1); hour += 1)
    if (!known.has(hour)) unknown.push(hour);
  return spansOf(unknown);
}

const shown = ({ clearedAt, value, limit, unit, ...rest }: Episode): CheckPreview['episodes'][number] => ({
  ...rest,
  clearedAt: clearedAt ?? null,
  value: value ?? null,
  limit: limit ?? null,
  unit: unit ?? null,
});
