// `bench ingest`: a real console with TLS, dictionary, acks and sealing beside the peers' best: samples a CPU second of the server.
// The simulated relays answer for the hours that they sealed, as real ones do; like the peers' clients they are not counted.
import os from 'node:os';
import { HOUR_MS, systemClock } from '#shared/base/clock.ts';
import { type Limits, limitsOf } from '#test/limits.ts';
import type { Bench } from './bench.ts';
import { oursLive } from './ingest-ours.ts';
import { mixData } from './mix-data.ts';
import { influxdbLive, prometheusLive, victoriaBatches, victoriaLive } from './peers/metric-peers.ts';
import { rounded } from './statistics.ts';

interface Size {
  devices: number;
  sites: number;
  /** Of data a site; the last hour stays open. */
  hours: number;
  /** Of data for the peers that are slower by far. */
  slowHours: number;
}

const FULL: Size = { devices: 500, sites: 4, hours: 7, slowHours: 3 };
const QUICK: Size = { devices: 100, sites: 2, hours: 3, slowHours: 0 };

/** The last full hours, so that the console finds them past and not too old. */
const firstHour = (hours: number): number => Math.floor(systemClock.now() / HOUR_MS) - hours;

const kilo = (perCpuS: number): number => Math.round(perCpuS / 1_000);

/** VictoriaMetrics' best live shape, its batches, and the others; in thousands of samples a CPU second. */
async function peersOf({ devices, hours, slowHours }: Size, say: (line: string) => void) {
  if (slowHours === 0) return undefined;
  const hour = firstHour(hours);
  const data = mixData({ devices, hours, hour });
  const small = mixData({ devices, hours: slowHours, hour });
  const lines = await victoriaLive(data, { form: 'influx' });
  const written = await victoriaLive(small, { form: 'remote-write' });
  const batches = await victoriaBatches(data);
  say(
    `VictoriaMetrics: lines ${kilo(lines.perCpuS)}, remote write ${kilo(written.perCpuS)}, batches ${kilo(batches.perCpuS)}`,
  );
  const prometheus = await prometheusLive(small);
  const influxdb = await influxdbLive(small);
  say(`Prometheus ${kilo(prometheus.perCpuS)}, InfluxDB ${kilo(influxdb.perCpuS)}`);
  return {
    victoriaLiveKps: kilo(Math.max(lines.perCpuS, written.perCpuS)),
    victoriaBatchKps: kilo(batches.perCpuS),
    prometheusKps: kilo(prometheus.perCpuS),
    influxdbKps: kilo(influxdb.perCpuS),
    victoriaRssMb: lines.rssMb,
  };
}

type Peers = NonNullable<Awaited<ReturnType<typeof peersOf>>>;

const over = (liveKps: number, peers: Peers) => ({
  ...peers,
  overVictoriaLive: rounded(liveKps / peers.victoriaLiveKps),
  overPrometheus: rounded(liveKps / peers.prometheusKps),
  overInfluxdb: rounded(liveKps / peers.influxdbKps),
});

/** Under --quick no peer is asked, and nothing is compared with one. */
const withoutPeers = (): Limits =>
  Object.fromEntries(Object.entries(limitsOf('bench ingest', true)).filter(([name]) => !name.startsWith('over')));

export const benchIngest: Bench = async ({ isQuick, say }) => {
  const began = systemClock.monotonic();
  const size = isQuick ? QUICK : FULL;
  const data = mixData({ ...size, hour: firstHour(size.hours) });
  const ours = await oursLive({ data, sites: size.sites, say });
  // What the console costs whose relays keep no history: it seals every hour from frames itself.
  const own = isQuick ? undefined : await oursLive({ data, sites: size.sites, say, isOwnSealing: true });
  const peers = await peersOf(size, say);
  const liveKps = kilo(ours.perCpuS);
  return {
    name: 'bench ingest',
    durationMs: systemClock.monotonic() - began,
    figures: {
      liveKps,
      ...(own === undefined ? {} : { ownSealingKps: kilo(own.perCpuS) }),
      right: ours.right,
      wrong: ours.wrong + (own?.wrong ?? 0),
      missing: ours.missing + (own?.missing ?? 0),
      foreign: ours.foreign + (own?.foreign ?? 0),
      // Bytes a sample that relays sent: as frames, and again as the hours they sealed.
      frameBytes: rounded(ours.frameBytes),
      sealedBytes: rounded(ours.sealedBytes),
      allBytesPerSample: rounded(ours.bytesPerSample),
      rssMb: ours.rssMb,
      ...(peers === undefined ? {} : over(liveKps, peers)),
    },
    ...(isQuick ? { limits: withoutPeers() } : {}),
    details: { data: data.checksum, load: rounded(os.loadavg()[0] ?? 0), ...size },
  };
};
