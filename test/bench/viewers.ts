// `bench -- viewers`: what a hundred browsers that follow ten thousand live devices cost the console, and how late they hear.
import http from 'node:http';
import { systemClock } from '#shared/base/clock.ts';
import type { Bench } from './bench.ts';
import { startChild, stopChild } from './console-child.ts';
import { processUse } from './process-meter.ts';
import { percentile, rounded } from './statistics.ts';
import type { ViewersRequest } from './viewers-message.ts';

const DEVICES = 10_000;
/** Each device every 10 s. */
const CHANGES_PER_SECOND = 1_000;
const VIEWERS = 100;
/** Reading all of them would cost more than the console does: these stand for the others. */
const READERS = 4;

interface Heard {
  bytes: number;
  glances: number;
  /** From the arrival at the console to the browser, for each device of an event. */
  delaysMs: number[];
}

/** One browser: its bytes are counted, and read where it is one of the readers. */
function follow(url: string, token: string, heard: Heard, isReader: boolean): http.ClientRequest {
  const headers = { authorization: `Bearer ${token}` };
  const request = http.get(`${url}/api/changes?fleet=true`, { headers, agent: false }, (answer) => {
    let rest = '';
    answer.on('data', (bytes: Buffer) => {
      heard.bytes += bytes.length;
      if (!isReader) return;
      const blocks = (rest + bytes.toString()).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) read(block, heard);
    });
    answer.on('error', () => undefined); // cut at the end of the bench
  });
  request.on('error', () => undefined);
  return request;
}

function read(block: string, heard: Heard): void {
  const data = /^data: (.*)$/m.exec(block)?.[1];
  if (data === undefined) return;
  const told = JSON.parse(data) as { kind: string; at?: number[] }; // the console's own words
  if (told.kind !== 'glances' || told.at === undefined) return;
  const now = systemClock.now();
  heard.glances += told.at.length;
  for (const at of told.at) heard.delaysMs.push(now - at);
}

/** Cores that a process uses over a while. */
async function coresOf(pid: number, ms: number): Promise<number> {
  const [began, before] = [systemClock.monotonic(), processUse(pid).cpuS];
  await systemClock.sleep(ms);
  return ((processUse(pid).cpuS - before) * 1_000) / (systemClock.monotonic() - began);
}

export const benchViewers: Bench = async ({ isQuick, say }) => {
  const begin = systemClock.monotonic();
  const measureMs = isQuick ? 3_000 : 20_000;
  const asked: ViewersRequest = { op: 'start', devices: DEVICES, changesPerSecond: CHANGES_PER_SECOND };
  const { child, reply } = await startChild('viewers-console.ts', asked);
  const { url, token } = reply as { url: string; token: string }; // our own child speaks our own form
  const heard: Heard = { bytes: 0, glances: 0, delaysMs: [] };
  const requests: http.ClientRequest[] = [];
  try {
    // 2 s: compiled and calm.
    await systemClock.sleep(2_000);
    const idleCores = await coresOf(child.pid ?? 0, isQuick ? 2_000 : 10_000);
    say(`${rounded(idleCores)} cores without viewers`);
    for (let n = 0; n < VIEWERS; n += 1) requests.push(follow(url, token, heard, n < READERS));
    await systemClock.sleep(2_000);
    Object.assign(heard, { bytes: 0, glances: 0, delaysMs: [] });
    const began = systemClock.monotonic();
    const consoleCores = await coresOf(child.pid ?? 0, measureMs);
    const seconds = (systemClock.monotonic() - began) / 1_000;
    return {
      name: 'bench viewers',
      durationMs: systemClock.monotonic() - begin,
      figures: {
        consoleCores: rounded(consoleCores),
        viewersCores: rounded(consoleCores - idleCores),
        glancesPerViewerPerSecond: Math.round(heard.glances / READERS / seconds),
        bytesPerViewerPerSecond: Math.round(heard.bytes / VIEWERS / seconds),
        delayP99Ms: percentile(heard.delaysMs, 0.99),
      },
      details: { devices: DEVICES, viewers: VIEWERS, consoleRssMb: processUse(child.pid ?? 0).rssMb },
    };
  } finally {
    for (const request of requests) request.destroy();
    await stopChild(child);
  }
};
