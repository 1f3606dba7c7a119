// The console about itself, as families of Prometheus: process, way up, relays, mirrors, requests.
import { performance } from 'node:perf_hooks';
import { type Family, familyText, type Sample } from '#console/metrics/mirror/exposition-text.ts';
import type { MirrorStats } from '#console/metrics/mirror/mirror.ts';
import type { FleetIndex } from '#console/query/fleet-index.ts';
import type { RelayId } from '#shared/base/id.ts';
import { inert } from '#shared/base/inert-text.ts';
import { DEVICE_STATUSES } from '#shared/model/device-words.ts';
import { VERSION } from '#shared/runtime/version.ts';
import type { HttpCounts } from './http-meter.ts';
import type { ApiServices } from './services.ts';

export type ExpositionServices = Pick<
  ApiServices,
  'store' | 'counters' | 'ingestPulse' | 'fleet' | 'links' | 'mirrors' | 'http' | 'startedAt'
>;

const one = (name: string, type: Family['type'], help: string, value: number): Family => ({
  ...{ name, type, help },
  samples: [{ value }],
});

/** Counters of the rooms by the words they have there; what is not here is told on the status page alone. */
const COUNTERS: ReadonlyArray<readonly [key: string, name: string, type: Family['type'], help: string]> = [
  ['batches', 'rmm_ingest_batches_total', 'counter', 'Batches of relays that were stored.'],
  ['samples', 'rmm_ingest_samples_total', 'counter', 'Values that were stored.'],
  ['commits', 'rmm_ingest_commits_total', 'counter', 'Transactions by which batches were stored.'],
  ['repeated', 'rmm_ingest_repeated_total', 'counter', 'Batches that came again and changed nothing.'],
  ['quarantined', 'rmm_ingest_quarantined_total', 'counter', 'Batches that could not be read and are kept aside.'],
  ['gaps', 'rmm_ingest_gaps_total', 'counter', 'Gaps that relays told of.'],
  ['lost', 'rmm_ingest_lost_batches_total', 'counter', 'Batches that will not come.'],
  [
    'refused',
    'rmm_ingest_refused_total',
    'counter',
    'Batches refused for their sequence, their checksum or too much at a time.',
  ],
  ['sealedHours', 'rmm_seals_total', 'counter', 'Hours of sites that the metrics worker has sealed.'],
  ['sealedSamples', 'rmm_sealed_samples_total', 'counter', 'Values that sealed hours gained.'],
  ['undecodable', 'rmm_seal_undecodable_frames_total', 'counter', 'Stored frames that could not be read.'],
  ['sealFailures', 'rmm_seal_failures_total', 'counter', 'Hours that could not be sealed and are tried again.'],
  ['workerDeaths', 'rmm_metrics_worker_deaths', 'gauge', 'Times in a row that the metrics worker died.'],
  ['waiting', 'rmm_ingest_waiting_batches', 'gauge', 'Batches that wait for their transaction.'],
  ['waitingBytes', 'rmm_ingest_waiting_bytes', 'gauge', 'Bytes of the batches that wait.'],
  ['historyHoursLeft', 'rmm_history_missing', 'gauge', 'Hours that are being fetched from relays.'],
  ['historyHours', 'rmm_history_refills_total', 'counter', 'Hours that were fetched from relays.'],
  ['historySamples', 'rmm_history_samples_total', 'counter', 'Samples that came with these hours and were missing.'],
  ['links', 'rmm_relays_connected', 'gauge', 'Relays that are linked.'],
  ['passwordHashes', 'rmm_password_hashes_total', 'counter', 'Passwords that were hashed.'],
];

export function consoleExposition(services: ExpositionServices): string {
  const { counters, ingestPulse, fleet, links, mirrors, http } = services;
  const known = new Map(Object.entries(counters()));
  const counted = COUNTERS.flatMap(([key, name, type, help]) => {
    const value = known.get(key);
    return value === undefined ? [] : [one(name, type, help, value)];
  });
  const { lagMs } = ingestPulse();
  return [
    ...processFamilies(services),
    ...counted,
    ...(lagMs === null
      ? []
      : [
          one(
            'rmm_ingest_lag_seconds',
            'gauge',
            'Age of live values when stored, 95th percentile of a minute.',
            lagMs / 1_000,
          ),
        ]),
    ...fleetFamilies(fleet, links),
    ...mirrorFamilies(mirrors()),
    ...httpFamilies(http.read()),
  ]
    .map(familyText)
    .join('');
}

function processFamilies({ store, startedAt }: ExpositionServices): Family[] {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, heapTotal } = process.memoryUsage();
  const { active } = performance.eventLoopUtilization();
  const about = { version: VERSION, engine: store.engine, node: process.version };
  return [
    { name: 'rmm_console_info', type: 'gauge', help: 'What runs.', samples: [{ labels: about, value: 1 }] },
    one('process_cpu_seconds_total', 'counter', 'Processor time of the process.', (user + system) / 1e6),
    one('process_resident_memory_bytes', 'gauge', 'Memory that the process holds.', rss),
    one('process_start_time_seconds', 'gauge', 'When the console began to serve.', startedAt / 1_000),
    one('rmm_console_heap_used_bytes', 'gauge', 'Objects of the main thread.', heapUsed),
    one('rmm_console_heap_size_bytes', 'gauge', 'Heap that the main thread has taken.', heapTotal),
    one('rmm_console_loop_busy_seconds_total', 'counter', 'Time in which the event loop was at work.', active / 1_000),
  ];
}

function fleetFamilies({ rows }: FleetIndex, links: ApiServices['links']): Family[] {
  const byStatus = new Map<string, number>(DEVICE_STATUSES.map((status) => [status, 0]));
  for (const row of rows.all()) {
    const status = rows.textOf('status', row);
    byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
  }
  const statuses = [...byStatus].map(([status, value]) => ({ labels: { status }, value }));
  const [kept, spool]: [Sample[], Sample[]] = [[], []];
  for (const [, { id, name }] of rows.relays.all()) {
    // As the database has it.
    const health = links.health(id as RelayId)?.health;
    if (health === undefined) continue;
    const labels = { relay: inert(name), relay_id: id };
    kept.push({ labels, value: health.lanes.reduce((sum, lane) => sum + lane.kept, 0) });
    spool.push({ labels, value: health.spoolBytes });
  }
  return [
    { name: 'rmm_devices', type: 'gauge', help: 'Devices by how they are.', samples: statuses },
    {
      ...{ name: 'rmm_relay_kept_batches', type: 'gauge' },
      help: 'Batches a relay keeps until the console has them for good.',
      samples: kept,
    },
    { name: 'rmm_relay_spool_bytes', type: 'gauge', help: 'Bytes of the spool of a relay.', samples: spool },
  ];
}

function mirrorFamilies(mirrors: readonly MirrorStats[]): Family[] {
  const family = (name: string, type: Family['type'], help: string, of: (mirror: MirrorStats) => number): Family => ({
    ...{ name: `rmm_mirror_${name}`, type, help },
    samples: mirrors.map((mirror) => ({ labels: { target: mirror.target }, value: of(mirror) })),
  });
  if (mirrors.length === 0) return [];
  return [
    family('samples_total', 'counter', 'Values that a mirror has taken.', (m) => m.sentSamples),
    family('refused_samples_total', 'counter', 'Values that a mirror will not take.', (m) => m.refusedSamples),
    family('retries_total', 'counter', 'Attempts that had to be made again.', (m) => m.retries),
    family('given_up_total', 'counter', 'Hours of sites that grew too old to be told.', (m) => m.givenUpHours),
    family('left_out_series_total', 'counter', 'Series beyond the bound of the mirror.', (m) => m.leftOutSeries),
    family('damaged_devices_total', 'counter', 'Hours of devices that the disk had changed.', (m) => m.damagedDevices),
    family('waiting', 'gauge', 'Sealed hours of sites that have still to be told.', (m) => m.waitingHours),
    family('lag_seconds', 'gauge', 'Age of the oldest hour that waits.', (m) => m.lagMs / 1_000),
  ];
}

function httpFamilies({ answers, atMost, seconds }: HttpCounts): Family[] {
  const counted = [...answers].map(([key, value]) => {
    const [method = '', status = ''] = key.split(' ');
    return { labels: { method, status }, value };
  });
  const buckets = atMost.map(({ bound, count }): Sample => {
    const le = bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound);
    return { suffix: '_bucket', labels: { le }, value: count };
  });
  const samples: Sample[] = [
    ...buckets,
    { suffix: '_sum', value: seconds },
    { suffix: '_count', value: atMost.at(-1)?.count ?? 0 },
  ];
  const help = 'Time from a request of a browser or a program to the head of its answer.';
  return [
    { name: 'rmm_http_requests_total', type: 'counter', help: 'Requests by their answers.', samples: counted },
    { name: 'rmm_http_request_duration_seconds', type: 'histogram', help, samples },
  ];
}
