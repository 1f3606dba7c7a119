// The peers that keep metrics, each fed in a shape of its own with the data that our console gets.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import postgres from 'postgres';
import { systemClock } from '#shared/base/clock.ts';
import { type MixData, ROWS } from '#test/bench/mix-data.ts';
import { processUse } from '#test/bench/process-meter.ts';
import type { HttpPeer } from '#test/peers/http-peer.ts';
import { startInfluxdb } from '#test/peers/influxdb.ts';
import { startPostgres } from '#test/peers/postgres.ts';
import { descendantsOf } from '#test/peers/process-tree.ts';
import { startPrometheus } from '#test/peers/prometheus.ts';
import { flushVictoriaMetrics, startVictoriaMetrics } from '#test/peers/victoria-metrics.ts';
import { Feed } from './feed.ts';
import { ofProcess, type PeerRound, runRound } from './peer-round.ts';
import { copyRows, importLines, influxLines, remoteWrite, type Slice } from './shapes.ts';

export type Shape = (data: MixData, slice: Slice) => string | Uint8Array;
type Send = (feed: Feed, body: string | Uint8Array) => Promise<string>;

const REMOTE_WRITE = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
};

export const byInfluxLines: Send = (feed, body) => feed.post('/write?db=bench', body);
export const byRemoteWrite: Send = (feed, body) => feed.post('/api/v1/write', body, REMOTE_WRITE);

/** A sweep of all devices in a body: large bodies are the peers' better case. */
function* slices(data: MixData): Generator<Slice> {
  for (let sweep = 0; sweep < data.sweeps; sweep += 1) yield { sweep, from: 0, to: data.devices.length };
}

interface LiveOptions {
  peer: HttpPeer;
  data: MixData;
  shape: Shape;
  send: Send;
  settle?: () => Promise<unknown>;
}

async function feedLive({ peer, data, shape, send, settle }: LiveOptions): Promise<PeerRound> {
  const feed = new Feed({ url: peer.url });
  const pieces = slices(data);
  const next = async () => {
    const { value } = pieces.next();
    if (value === undefined) return 0;
    await send(feed, shape(data, value));
    return (value.to - value.from) * data.width;
  };
  try {
    const sent = () => feed.bytes;
    return await runRound({ ...ofProcess(peer), sent, next, settle: settle ?? (() => Promise.resolve()) });
  } finally {
    feed.stop();
  }
}

export interface VictoriaOptions {
  form: 'influx' | 'remote-write';
  /** Looks at it before it goes. */
  onFed?: (peer: HttpPeer) => Promise<void>;
}

export async function victoriaLive(data: MixData, { form, onFed }: VictoriaOptions): Promise<PeerRound> {
  const peer = await startVictoriaMetrics();
  const [shape, send] = form === 'influx' ? [influxLines, byInfluxLines] : [remoteWrite, byRemoteWrite];
  try {
    const settle = () => flushVictoriaMetrics(peer);
    const round = await feedLive({ peer, data, shape, send, settle });
    await onFed?.(peer);
    return round;
  } finally {
    await peer.stop();
  }
}

/** Batches of 60 samples, a device's hour in a body. */
export async function victoriaBatches(data: MixData): Promise<PeerRound> {
  const peer = await startVictoriaMetrics();
  const feed = new Feed({ url: peer.url });
  const pieces = deviceHours(data);
  const next = async () => {
    const { value } = pieces.next();
    if (value === undefined) return 0;
    await feed.post('/api/v1/import', importLines(data, value.hour, value.device));
    return ROWS * data.width;
  };
  try {
    const sent = () => feed.bytes;
    return await runRound({ ...ofProcess(peer), sent, next, settle: () => flushVictoriaMetrics(peer) });
  } finally {
    feed.stop();
    await peer.stop();
  }
}

function* deviceHours(data: MixData): Generator<{ hour: number; device: number }> {
  for (let hour = 0; hour < data.sweeps / ROWS; hour += 1)
    for (let device = 0; device < data.devices.length; device += 1) yield { hour, device };
}

export interface VictoriaBytes {
  /** Bytes a sample: its samples alone, merged. */
  data: number;
  /** With the index of names. */
  all: number;
}

/** What VictoriaMetrics makes of the same data on disk. */
export async function victoriaBytes(data: MixData): Promise<VictoriaBytes> {
  const peer = await startVictoriaMetrics();
  const feed = new Feed({ url: peer.url });
  try {
    for (const { hour, device } of deviceHours(data))
      await feed.post('/api/v1/import', importLines(data, hour, device));
    await flushVictoriaMetrics(peer);
    return await mergedBytes(peer, data.samples);
  } finally {
    feed.stop();
    await peer.stop();
  }
}

/** Half seconds without a change after which merging is over. */
const QUIET_LOOKS = 5;

async function mergedBytes(peer: HttpPeer, samples: number): Promise<VictoriaBytes> {
  await fetch(`${peer.url}/internal/force_merge`);
  const folder = (name: string) => bytesBelow(path.join(peer.folder, 'data', name));
  let [bytes, quiet] = [folder('data'), 0];
  while (quiet < QUIET_LOOKS) {
    await systemClock.sleep(500);
    const now = folder('data');
    quiet = now === bytes ? quiet + 1 : 0;
    bytes = now;
  }
  return { data: bytes / samples, all: (bytes + folder('indexdb')) / samples };
}

export async function prometheusLive(data: MixData): Promise<PeerRound> {
  const peer = await startPrometheus({ outOfOrder: '0s' });
  try {
    return await feedLive({ peer, data, shape: remoteWrite, send: byRemoteWrite });
  } finally {
    await peer.stop();
  }
}

export async function influxdbLive(data: MixData): Promise<PeerRound> {
  const peer = await startInfluxdb();
  try {
    const feed = new Feed({ url: peer.url });
    await feed.post('/query?q=CREATE%20DATABASE%20bench', '');
    feed.stop();
    return await feedLive({ peer, data, shape: influxLines, send: byInfluxLines });
  } finally {
    await peer.stop();
  }
}

/** A row a sample by COPY, a sweep in a statement; its fsync is off, which our own store's is not. */
export async function postgresRows(data: MixData): Promise<PeerRound & { bytesPerSample: number }> {
  const peer = await startPostgres();
  const host = new URLSearchParams(peer.connectionString.split('?')[1]).get('host') ?? '';
  const sql = postgres({ host, username: 'rmm', database: 'postgres', max: 1, onnotice: () => undefined });
  let bytes = 0;
  try {
    await sql`create table sample (series int not null, at int not null, value float8 not null, primary key (series, at))`;
    const pieces = slices(data);
    let copied = 0;
    const next = async () => {
      const { value } = pieces.next();
      if (value === undefined) return 0;
      const rows = copyRows(data, value);
      bytes += rows.length;
      await pipeline([rows], await sql`copy sample from stdin`.writable());
      copied += data.devices.length * data.width;
      return data.devices.length * data.width;
    };
    const own = () => descendantsOf(process.pid).filter(isPostgres).map(processUse);
    const round = await runRound({
      cpuS: () => own().reduce((sum, use) => sum + use.cpuS, 0),
      rssMb: () => Math.max(...own().map((use) => use.peakRssMb)),
      sent: () => bytes,
      next,
      settle: async () => sql`checkpoint`,
    });
    const [size] = await sql<Array<{ size: string }>>`select pg_total_relation_size('sample') as size`;
    return { ...round, bytesPerSample: Number(size?.size ?? Number.NaN) / copied };
  } finally {
    await sql.end();
    await peer.stop();
  }
}

function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres';
  } catch {
    return false; // it has ended meanwhile
  }
}

/** Of all files below; a folder that grows meanwhile is read as it is. */
export const bytesBelow = (folder: string): number =>
  Number(execFileSync('du', ['-sb', folder], { encoding: 'utf8' }).split('\t')[0]);
