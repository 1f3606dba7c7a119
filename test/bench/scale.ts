// `bench scale`: an hour of 200 sites with 500 devices of 40 series each, received and sealed by one console while people look at it.
import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Api, apiClient } from '#console/cli/client.ts';
import { loadProfile } from '#console/cli/profile.ts';
import { HOUR_MS, systemClock } from '#shared/base/clock.ts';
import { DeviceId } from '#shared/base/id.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { Bench } from './bench.ts';
import { makeSite } from './bench-relay.ts';
import { bundleConsole } from './console-bundle.ts';
import { ask, startChild, startProgram, stopChild } from './console-child.ts';
import type { Loop, MetricConsoleRequest } from './metric-console-message.ts';
import { mixData } from './mix-data.ts';
import { bytesBelow } from './peers/metric-peers.ts';
import { processUse } from './process-meter.ts';
import { turned } from './scale-frames.ts';
import type { ScaleRequest, ScaleSite } from './scale-message.ts';
import { type ReadTimes, startReads } from './scale-reads.ts';
import { rounded } from './statistics.ts';
import { auditStored } from './stored-samples.ts';

interface Size {
  sites: number;
  devices: number;
  /** Of the console's clock: its minute of quiet is a minute, or three seconds. */
  speed: number;
  /** An hour's sixty sweeps come in sixty of these. */
  sweepMs: number;
  /** One device of so many is compared value by value. */
  compareEvery: number;
}

/** 4 million series; a minute of them in three seconds is twenty times what they say in earnest. */
const FULL: Size = { sites: 200, devices: 500, speed: 1, sweepMs: 3_000, compareEvery: 20 };
const QUICK: Size = { sites: 6, devices: 50, speed: 20, sweepMs: 50, compareEvery: 1 };

const MINUTE_MS = 60_000;
/** After the end of an hour all sites' moments have come: its sealing waits for nothing but quiet. */
const DUE_MS = 660_000;

interface Estate extends Size {
  folder: string;
  console: ChildProcess;
  api: Api;
  hour: number;
  say: (line: string) => void;
}

interface Phase extends ReadTimes {
  loop: Loop;
  cpuS: number;
  seconds: number;
}

/** What a phase cost the console, and what people who looked meanwhile saw of it. */
async function phase(estate: Estate, sites: readonly ScaleSite[], work: () => Promise<unknown>): Promise<Phase> {
  const { console, api, hour } = estate;
  const loop = async () => (await ask(console, { op: 'loop' } satisfies MetricConsoleRequest)) as object as Loop; // our own child's form
  const use = () => processUse(console.pid ?? 0).cpuS;
  await loop();
  const [began, before] = [systemClock.monotonic(), use()];
  const stopReads = startReads({ api, hour, devices: sites.flatMap(({ devices }) => devices) });
  await work();
  const seconds = rounded((systemClock.monotonic() - began) / 1_000);
  const cpuS = rounded(use() - before);
  return { ...(await stopReads()), loop: await loop(), cpuS, seconds };
}

async function makeEstate({ api, folder, sites: count, devices, say }: Estate): Promise<ScaleSite[]> {
  const began = systemClock.monotonic();
  const sites: ScaleSite[] = [];
  for (let index = 0; index < count; index += 1) {
    const made = await makeSite({ api, folder, index, devices });
    sites.push({ folder: path.join(folder, `relay-${index}`), devices: made.devices });
  }
  const seconds = Math.round((systemClock.monotonic() - began) / 1_000);
  say(`${count} relays are enrolled and ${count * devices} devices made by the API in ${seconds} s`);
  return sites;
}

async function run(estate: Estate) {
  const { say, hour, sweepMs, speed, console } = estate;
  const sites = await makeEstate(estate);
  const connect: ScaleRequest = { op: 'connect', sites, hour, sweepMs, liveMs: MINUTE_MS / speed };
  const { child: relays } = await startChild('scale-relays.ts', connect);
  const order = (op: 'send' | 'sealed') => ask(relays, { op } satisfies ScaleRequest);
  const told = (name: string, { seconds, cpuS, loop, ...reads }: Phase) =>
    say(`${name} ${JSON.stringify({ seconds, cpuS, ...loop, ...reads, rssMb: processUse(console.pid ?? 0).rssMb })}`);
  try {
    const received = await phase(estate, sites, () => order('send'));
    told('received', received);
    const sealed = await phase(estate, sites, () => order('sealed'));
    told('sealed', sealed);
    return { sites, received, sealed, rssMb: processUse(console.pid ?? 0).peakRssMb };
  } finally {
    await stopChild(relays);
  }
}

/** Everything by what each relay's sealed hour says of itself, and some devices of every site value by value. */
function verify(folder: string, sites: readonly ScaleSite[], { devices, hour, compareEvery }: Estate) {
  const store = new FileDayStore({ folder, onDamage: () => undefined });
  try {
    const data = mixData({ devices, hours: 1, hour });
    const told = store.read(Math.floor(hour / 24))?.coverage() ?? [];
    const counted = told.filter((one) => one.hour === hour).reduce((sum, { samples }) => sum + samples, 0);
    const of = sites.map((site, n) => data.of(turned(site.devices, n).map((id) => DeviceId.parse(id))));
    const { right, wrong, missing, foreign } = auditStored(store, of, 1, compareEvery);
    return { counted, uncounted: sites.length * data.samples - counted, right, wrong, missing, foreign };
  } finally {
    store.stop();
  }
}

export const benchScale: Bench = async ({ isQuick, say }) => {
  const began = systemClock.monotonic();
  const size = isQuick ? QUICK : FULL;
  await using temp = makeTempFolder('rmm-bench-scale');
  const folder = temp.path;
  const data = path.join(folder, 'console');
  const bundle = await bundleConsole();
  const request: MetricConsoleRequest = { op: 'start', data, speed: size.speed };
  const { child: console } = await startProgram(path.join(bundle, 'metric-console.cjs'), request);
  try {
    const api = apiClient(await loadProfile({ data }, {}));
    const hour = Math.floor((systemClock.now() - DUE_MS) / HOUR_MS) - 1;
    const estate: Estate = { ...size, folder, console, api, hour, say };
    const { sites, received, sealed, rssMb } = await run(estate);
    await stopChild(console);
    const audit = verify(path.join(data, 'metrics'), sites, estate);
    const worst = (of: (one: Phase) => number) => rounded(Math.max(of(received), of(sealed)));
    return {
      name: 'bench scale',
      durationMs: systemClock.monotonic() - began,
      figures: {
        ...audit,
        rssMb,
        loopP99Ms: worst(({ loop }) => loop.p99Ms),
        loopCpuP99Ms: worst(({ loop }) => loop.cpuP99Ms),
        loopCpuMaxMs: worst(({ loop }) => loop.cpuMaxMs),
        listP95Ms: worst(({ listP95Ms }) => listP95Ms),
        chartP95Ms: worst(({ chartP95Ms }) => chartP95Ms),
        overviewP95Ms: worst(({ overviewP95Ms }) => overviewP95Ms),
        reads: received.reads + sealed.reads,
      },
      details: {
        ...size,
        load: rounded(os.loadavg()[0] ?? 0),
        ...{ receivedS: received.seconds, receivedCpuS: received.cpuS },
        ...{ sealedS: sealed.seconds, sealedCpuS: sealed.cpuS },
        ...{
          controlMb: Math.round(bytesBelow(data) / 1e6),
          metricsMb: Math.round(bytesBelow(path.join(data, 'metrics')) / 1e6),
        },
      },
    };
  } finally {
    if (console.connected) await stopChild(console);
    rmSync(bundle, { recursive: true, force: true });
  }
};
