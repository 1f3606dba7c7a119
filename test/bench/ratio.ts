// `bench ratio`: our console and every peer in turn, three times over: one table of what we win and what we lose.
import os from 'node:os';
import { HOUR_MS, systemClock } from '#shared/base/clock.ts';
import { ChunkEncoder } from '#shared/codec/chunk-encoder.ts';
import type { FileDayStore } from '#shared/day-files/file-day-store.ts';
import type { HttpPeer } from '#test/peers/http-peer.ts';
import type { Bench, BenchOptions } from './bench.ts';
import { oursLive } from './ingest-ours.ts';
import { liveFrames } from './live-frames.ts';
import { type MixData, mixData, ROWS } from './mix-data.ts';
import {
  influxdbLive,
  postgresRows,
  prometheusLive,
  victoriaBatches,
  victoriaBytes,
  victoriaLive,
} from './peers/metric-peers.ts';
import { remoteWrite } from './peers/shapes.ts';
import { processUse } from './process-meter.ts';
import { type RatioRow, ratioTable } from './ratio-table.ts';
import { cpuSeconds, median, rounded } from './statistics.ts';

const ROUNDS = 3;
const DEVICES = 500;
/** Of data in a round; the last hour stays open in our console. */
const HOURS = 4;
/** Of data of a round for those that take a second for 300,000 samples. */
const SLOW_HOURS = 2;
const SITES = 4;

interface Round {
  ours: number;
  victoriaLive: number;
  victoriaBatch: number;
  prometheus: number;
  influxdb: number;
  postgres: number;
  wrong: number;
  allBytes: number;
  ourScanMs: number;
  victoriaScanMs: number;
}

/** One metric of every device over all hours: what has to be opened for it is everything. */
function scanOurs(store: FileDayStore, of: MixData): number {
  let sum = 0;
  const seconds = cpuSeconds(() => {
    for (let hour = 0; hour < of.sweeps / ROWS - 1; hour += 1) {
      const reader = store.read(Math.floor((of.hour + hour) / 24));
      const number = reader?.numberOf('cpu.user', '') ?? -1;
      for (const device of of.devices) {
        const data = reader?.raw(device, of.hour + hour);
        const column = data?.series.indexOf(number) ?? -1;
        const rows = data?.times.length ?? 0;
        for (let row = 0; row < rows; row += 1) sum += data?.values[column * rows + row] ?? 0;
      }
    }
  });
  if (sum === 0) throw new Error('nothing was scanned');
  return seconds * 1_000;
}

async function scanVictoria(peer: HttpPeer, of: MixData): Promise<number> {
  const hours = of.sweeps / ROWS - 1;
  const at = of.hour * 3_600 + hours * 3_600;
  const query = encodeURIComponent(`sum(sum_over_time(m_cpu_user[${hours}h]))`);
  const before = processUse(peer.pid).cpuS;
  // Ten at different moments, so that none is answered from a cache: a clock of hundredths of a second needs as many.
  for (let n = 0; n < 10; n += 1) await (await fetch(`${peer.url}/api/v1/query?query=${query}&time=${at - n}`)).text();
  return ((processUse(peer.pid).cpuS - before) / 10) * 1_000;
}

async function oneRound(hour: number, say: BenchOptions['say']): Promise<Round> {
  const data = mixData({ devices: DEVICES, hours: HOURS, hour });
  const slow = mixData({ devices: DEVICES, hours: SLOW_HOURS, hour });
  const scans = { ours: 0, victoria: 0 };
  const ours = await oursLive({
    ...{ data, sites: SITES, say },
    onStored: (store, [first]) => {
      if (first !== undefined) scans.ours = scanOurs(store, first);
    },
  });
  const lines = await victoriaLive(data, {
    form: 'influx',
    onFed: async (peer) => {
      scans.victoria = await scanVictoria(peer, data);
    },
  });
  const round = {
    ours: ours.perCpuS,
    victoriaLive: lines.perCpuS,
    victoriaBatch: (await victoriaBatches(data)).perCpuS,
    prometheus: (await prometheusLive(slow)).perCpuS,
    influxdb: (await influxdbLive(slow)).perCpuS,
    postgres: (await postgresRows(slow)).perCpuS,
    wrong: ours.wrong + ours.missing + ours.foreign,
    allBytes: ours.bytesPerSample,
    ourScanMs: scans.ours,
    victoriaScanMs: scans.victoria,
  };
  say(JSON.stringify(round, (_key, value) => (typeof value === 'number' ? rounded(value) : value)));
  return round;
}

/** Bytes a sample of a day, ours and VictoriaMetrics', and on the wire of a sweep. */
async function bytesOf(hour: number) {
  const data = mixData({ devices: DEVICES, hours: 24, hour });
  const encoder = new ChunkEncoder();
  let chunks = 0;
  for (let n = 0; n < 24; n += 1)
    for (const [place, device] of data.devices.entries())
      chunks += encoder.encode(device, data.deviceHour(n, place)).length;
  const frames = liveFrames(data, { fromSweep: 0, toSweep: ROWS, firstSeq: 1 });
  // Around a batch: its head and CRC, WebSocket, TLS, and its part of an ACK.
  const framed = frames.reduce((sum, { data: bytes }) => sum + bytes.length + 150, 0);
  const written = remoteWrite(data, { sweep: ROWS / 2, from: 0, to: DEVICES }).length / (DEVICES * data.width);
  return {
    checksum: data.checksum,
    chunks: chunks / data.samples,
    victoria: (await victoriaBytes(data)).data,
    wire: framed / (ROWS * DEVICES * data.width),
    written,
  };
}

export const benchRatio: Bench = async ({ isQuick, say }) => {
  const began = systemClock.monotonic();
  const hour = Math.floor(systemClock.now() / HOUR_MS) - HOURS;
  const bytes = await bytesOf(hour - 24);
  const rounds: Round[] = [];
  for (let n = 0; n < (isQuick ? 1 : ROUNDS); n += 1) rounds.push(await oneRound(hour, say));
  const of = (name: keyof Round) => median(rounds.map((round) => round[name]));
  const kps = (name: keyof Round) => of(name) / 1_000;
  const more = (metric: string, peer: keyof Round, floor: number, goal: number): RatioRow => ({
    ...{ metric, ours: kps('ours'), peer: kps(peer), floor, goal, isMoreBetter: true },
  });
  const less = (metric: string, [ours, peer]: [number, number], floor: number, goal: number): RatioRow => ({
    ...{ metric, ours, peer, floor, goal, isMoreBetter: false },
  });
  const rows = [
    more('live, k samples/CPU-s, VictoriaMetrics lines', 'victoriaLive', 4, 8),
    more('live beside VictoriaMetrics batches of 60', 'victoriaBatch', 1, 4),
    more('live beside Prometheus remote write', 'prometheus', 15, 30),
    more('live beside InfluxDB lines', 'influxdb', 8, 20),
    more('live beside rows of PostgreSQL (COPY)', 'postgres', 10, 30),
    less('raw, B/sample, VictoriaMetrics', [bytes.chunks, bytes.victoria], 0.95, 0.87),
    less('all in, B/sample, beside 1 B', [of('allBytes'), 1], 1, 0.95),
    less('wire, B/sample, remote write', [bytes.wire, bytes.written], 0.2, 0.12),
    less('raw scan of one metric, CPU ms, VictoriaMetrics', [of('ourScanMs'), of('victoriaScanMs')], 8, 4),
  ];
  const { text, figures, lost } = ratioTable(rows);
  process.stderr.write(`${text}\n`);
  return {
    name: 'bench ratio',
    durationMs: systemClock.monotonic() - began,
    figures: { lost, wrong: rounds.reduce((sum, round) => sum + round.wrong, 0), ...figures },
    details: { data: bytes.checksum, load: rounded(os.loadavg()[0] ?? 0) },
  };
};
