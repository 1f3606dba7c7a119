// The newest values of a site's devices as Prometheus' text: the mirror's names and labels, a metric after the other, in pieces.
import { setImmediate as pause } from 'node:timers/promises';
import type { Scope } from '#console/access/scope.ts';
import type { LastValues } from '#console/metrics/last-values.ts';
import { headText, labelText, lineText } from '#console/metrics/mirror/exposition-text.ts';
import { type PrometheusName, prometheusName } from '#console/metrics/mirror/prometheus-name.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import { inert } from '#shared/base/inert-text.ts';
import { storedSeries } from '#shared/day-files/stored-series.ts';
import { metricById } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { FleetIndex } from './fleet-index.ts';

/** 10,000 devices of 40, about 70 MB of text; what is beyond is counted in the answer itself. */
const MAX_SERIES = 400_000;
/** An older poll tells nothing of now: Prometheus' own patience. */
const FRESH_MS = 300_000;
/** Or three polls, where a device is polled seldom. */
const FRESH_POLLS = 3;
/** About 5 ms of work, then others have their turn. */
const DEVICES_AT_ONCE = 200;
/** What is handed on at a time. */
const PIECE_CHARACTERS = 64 * 1024;
/** As in the mirror. */
const MAX_NAME = 1_024;

interface Deps {
  fleet: Pick<FleetIndex, 'select' | 'device'>;
  lastValues: Pick<LastValues, 'recent'>;
  clock: Pick<Clock, 'now'>;
}

interface Told {
  labels: string;
  poll: PollRecord;
  column: number;
}

interface Metric {
  called: PrometheusName;
  told: Told[];
}

interface Gathered {
  metrics: Map<string, Metric>;
  devices: Array<{ labels: string; isUp: boolean; polledAt: number | undefined }>;
  series: number;
  leftOut: number;
}

/** Undefined where the site is not, or not seen. */
export async function siteExposition(
  deps: Deps,
  scope: Scope,
  site: SiteId,
): Promise<Generator<string, void> | undefined> {
  const selection = deps.fleet.select(scope, `site:${site}`);
  if (selection === undefined) return undefined;
  const gathered: Gathered = { metrics: new Map(), devices: [], series: 0, leftOut: 0 };
  for (const [i, { id }] of selection.devices.entries()) {
    if (i % DEVICES_AT_ONCE === DEVICES_AT_ONCE - 1) await pause();
    gather(deps, scope, id, gathered);
  }
  return inPieces(linesOf(gathered));
}

function gather({ fleet, lastValues, clock }: Deps, scope: Scope, id: DeviceId, into: Gathered): void {
  const device = fleet.device(scope, id);
  if (device === undefined) return;
  const { name, siteName, customerName, relayId, status, intervalMs } = device;
  const said = { device: name, device_id: id, site: siteName, customer: customerName };
  const labels = labelText(Object.entries(said).map(([key, text]) => [key, inert(text.slice(0, MAX_NAME))]));
  const last = relayId === null ? undefined : lastValues.recent(relayId, id).at(-1);
  // A copy: newer polls are written into what is kept, and this is read for as long as the answer takes.
  const poll = last && { ...last, values: [...last.values] };
  into.devices.push({ labels, isUp: status === 'up', polledAt: poll?.at });
  const isFresh = poll !== undefined && clock.now() - poll.at <= Math.max(FRESH_MS, FRESH_POLLS * intervalMs);
  if (isFresh) gatherPoll(poll, labels, into);
}

function gatherPoll(poll: PollRecord, labels: string, into: Gathered): void {
  if (into.series + poll.series.length > MAX_SERIES) {
    into.leftOut += poll.series.length;
    return;
  }
  into.series += poll.series.length;
  for (const [column, { metric: number, instance }] of poll.series.entries()) {
    if (metricById(number) === undefined || poll.values[column] === undefined) continue;
    const stored = storedSeries({ metric: number, instance });
    const called = prometheusName(stored);
    const known = into.metrics.get(called.name) ?? { called, told: [] };
    into.metrics.set(called.name, known);
    const own = labelText([[called.instanceLabel, inert(stored.instance)]]);
    // Two scripts may name what becomes the same here: the first of a device is told.
    const former = known.told.at(-1);
    if (former?.poll === poll && former.labels === (own === '' ? labels : `${labels},${own}`)) continue;
    known.told.push({ labels: own === '' ? labels : `${labels},${own}`, poll, column });
  }
}

function* linesOf({ metrics, devices, leftOut }: Gathered): Generator<string, void> {
  yield headText({ name: 'rmm_device_up', type: 'gauge', help: 'Whether the relay reaches the device.' });
  for (const { labels, isUp } of devices) yield lineText('rmm_device_up', labels, isUp ? 1 : 0);
  const polled = 'rmm_device_last_poll_timestamp_seconds';
  yield headText({ name: polled, type: 'gauge', help: 'When the newest poll of the device was made.' });
  for (const { labels, polledAt } of devices)
    if (polledAt !== undefined) yield lineText(polled, labels, polledAt / 1_000);
  const beyond = 'rmm_exposition_left_out_series';
  yield headText({ name: beyond, type: 'gauge', help: 'Series of the site that this answer has no room for.' });
  yield lineText(beyond, '', leftOut);
  for (const { called, told } of metrics.values()) {
    yield headText(called);
    for (const { labels, poll, column } of told)
      yield lineText(called.name, labels, called.inBaseUnits(poll.values[column] ?? Number.NaN), poll.at);
  }
}

function* inPieces(lines: Iterable<string>): Generator<string, void> {
  let piece = '';
  for (const line of lines) {
    piece += line;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
