// Our side of `bench ingest`: a real console as a child, fed by relays over TLS, until every hour is sealed and its frames are gone.
import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { apiClient } from '#console/cli/client.ts';
import { loadProfile } from '#console/cli/profile.ts';
import { HOUR_MS, systemClock } from '#shared/base/clock.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { BenchHistory } from './bench-history.ts';
import { BenchRelay, type BenchSite, makeSite } from './bench-relay.ts';
import { bundleConsole } from './console-bundle.ts';
import { startProgram, stopChild } from './console-child.ts';
import { liveFrames } from './live-frames.ts';
import type { MetricConsoleRequest } from './metric-console-message.ts';
import { type MixData, ROWS } from './mix-data.ts';
import { bytesBelow } from './peers/metric-peers.ts';
import { processUse } from './process-meter.ts';
import { type Audit, auditStored } from './stored-samples.ts';

/** The console's minute of quiet before it seals passes in eight seconds, and a relay that starves for three has not been silent for long. */
const SPEED = 8;
/** Of the data, sent before anything is counted: two hours, of which the first is sealed then. */
const WARM_SWEEPS = 2 * ROWS;
/** Everything is sealed long before. */
const SEAL_MS = 120_000;

export interface OursOptions {
  /** One hour more than is sealed: the open hour. */
  data: MixData;
  sites: number;
  say: (line: string) => void;
  /** The relays keep no history: every hour is sealed by the console. */
  isOwnSealing?: boolean;
  /** Looks at the day files before they go. */
  onStored?: (store: FileDayStore, sites: readonly MixData[]) => void;
}

export interface OursRound extends Audit {
  perCpuS: number;
  rssMb: number;
  samples: number;
  /** Bytes a sample that relays sent: as frames, and as sealed hours. */
  frameBytes: number;
  sealedBytes: number;
  /** Bytes a sample of all day files: chunks, totals, dictionaries, pages. */
  bytesPerSample: number;
}

interface Fed {
  of: MixData;
  relay: BenchRelay;
  history: BenchHistory | undefined;
}

export async function oursLive({ data, sites, say, isOwnSealing, onStored }: OursOptions): Promise<OursRound> {
  await using folder = makeTempFolder('rmm-bench-ingest');
  const consoleData = path.join(folder.path, 'console');
  // In the middle of the data's last hour, which stays open: sealed or not by the minute of the day, it would cost a sixth more or less.
  const startsAt = (data.hour + data.sweeps / ROWS - 0.5) * HOUR_MS;
  const request = { op: 'start', data: consoleData, speed: SPEED, startsAt } satisfies MetricConsoleRequest;
  const bundle = await bundleConsole();
  const { child } = await startProgram(path.join(bundle, 'metric-console.cjs'), request);
  try {
    const api = apiClient(await loadProfile({ data: consoleData }, {}));
    const made: BenchSite[] = [];
    for (let index = 0; index < sites; index += 1)
      made.push(await makeSite({ api, folder: folder.path, index, devices: data.devices.length }));
    say(`${sites} sites of ${data.devices.length} devices are enrolled`);
    const fed: Fed[] = [];
    for (const [i, { site, relay, identity, devices }] of made.entries()) {
      const of = data.of(devices);
      const kept = path.join(folder.path, `relay-${i}`, 'history');
      const history = isOwnSealing === true ? undefined : await BenchHistory.seal(kept, of, { site, relay });
      fed.push({ of, history, relay: new BenchRelay(identity, history?.answer) });
    }
    const fedRound = await feed(child, fed, say);
    await stopChild(child);
    for (const { history } of fed) await history?.stop();
    return { ...fedRound, ...verify(path.join(consoleData, 'metrics'), fed, onStored) };
  } finally {
    if (child.connected) await stopChild(child);
    rmSync(bundle, { recursive: true, force: true });
  }
}

/** What comes first is not counted: code is compiled and series are registered then. */
async function feed(child: ChildProcess, fed: readonly Fed[], say: (line: string) => void) {
  const use = () => processUse(child.pid ?? 0);
  // Before the links stand: on a fast clock a relay that computes for a second has been silent for twenty.
  const warm = fed.map(({ of }) => liveFrames(of, { fromSweep: 0, toSweep: WARM_SWEEPS, firstSeq: 1 }));
  const rest = fed.map(({ of }, i) =>
    liveFrames(of, { fromSweep: WARM_SWEEPS, toSweep: of.sweeps, firstSeq: (warm[i]?.length ?? 0) + 1 }),
  );
  const batches = (i: number) => (warm[i]?.length ?? 0) + (rest[i]?.length ?? 0);
  await Promise.all(fed.map(({ relay }, i) => relay.connect(batches(i))));
  const send = (batches: typeof warm) => Promise.all(fed.map(({ relay }, i) => relay.deliver(batches[i] ?? [])));
  await send(warm);
  await untilSealed(fed, warm, 1);
  say('warm: what comes now is counted');
  const before = use();
  const began = systemClock.monotonic();
  const passed = () => ((systemClock.monotonic() - began) / 1_000).toFixed(1);
  await send(rest);
  say(`received after ${passed()} s, ${(use().cpuS - before.cpuS).toFixed(1)} CPU-s`);
  await untilSealed(fed, rest, (fed[0]?.of.sweeps ?? 0) / ROWS - 1);
  const after = use();
  const samples = fed.reduce((sum, { of }) => sum + (of.sweeps - WARM_SWEEPS) * of.devices.length * of.width, 0);
  say(`sealed after ${passed()} s, ${(after.cpuS - before.cpuS).toFixed(1)} CPU-s`);
  for (const { relay } of fed) relay.stop();
  const all = fed.reduce((sum, { of }) => sum + of.samples, 0);
  const bytesOf = (kind: keyof BenchRelay['sent']) => fed.reduce((sum, { relay }) => sum + relay.sent[kind], 0) / all;
  const sent = { frameBytes: bytesOf('batchBytes'), sealedBytes: bytesOf('chunkBytes') };
  say(`sent: frames ${sent.frameBytes.toFixed(2)}, sealed hours ${sent.sealedBytes.toFixed(2)} bytes a sample`);
  return { perCpuS: samples / (after.cpuS - before.cpuS), rssMb: after.peakRssMb, samples, ...sent };
}

/** All before the `open`th hour: its first batch is the first that is not durable. */
async function untilSealed(
  fed: readonly Fed[],
  batches: ReadonlyArray<ReturnType<typeof liveFrames>>,
  open: number,
): Promise<void> {
  const all = Promise.all(
    fed.map(({ of, relay }, i) => {
      const first = batches[i]?.find((batch) => batch.hour === of.hour + open);
      return relay.sealed((first?.seq ?? 1) - 1);
    }),
  );
  const ended = new AbortController();
  const late = systemClock.sleep(SEAL_MS, ended.signal).then(() => {
    throw new Error('hours were not sealed in time');
  });
  try {
    await Promise.race([all, late]);
  } finally {
    // A wait that is left alone keeps the bench alive for the rest of it.
    ended.abort();
    await late.catch(() => undefined);
  }
}

function verify(
  folder: string,
  fed: readonly Fed[],
  onStored: OursOptions['onStored'],
): Audit & { bytesPerSample: number } {
  const store = new FileDayStore({ folder, onDamage: () => undefined });
  const sites = fed.map(({ of }) => of);
  try {
    const audit = auditStored(store, sites, (sites[0]?.sweeps ?? 0) / ROWS - 1);
    onStored?.(store, sites);
    return { ...audit, bytesPerSample: bytesBelow(folder) / (audit.right + audit.wrong) };
  } finally {
    store.stop();
  }
}
