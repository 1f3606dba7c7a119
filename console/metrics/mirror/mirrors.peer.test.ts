// From frames to a real Prometheus: the worker's own thread seals them and reads them back, the mirrors tell them under a token from a file.

import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MetricsWorker } from '#console/metrics/metrics-worker.ts';
import { packPart } from '#console/metrics/seal-part.ts';
import { HOUR_MS, hourOf, systemClock } from '#shared/base/clock.ts';
import { DeltaEncoder } from '#shared/codec/delta-encoder.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { deviceNo, epochNo, relayNo } from '#test/fixtures/stream-kit.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { startPrometheus } from '#test/peers/prometheus.ts';
import { makeEstate } from '#test/repository/estate.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';
import { Mirrors } from './mirrors.ts';

const hour = hourOf(systemClock.now()) - 2;
const series = [
  { metric: 8, instance: '' },
  { metric: 50, instance: 'eth0' },
];
const pollNo = (device: number, n: number): PollRecord => ({
  ...{ device: deviceNo(device), at: hour * HOUR_MS + n * 60_000 + device, series },
  values: [n * 10 + device, n === 7 ? undefined : 1_000 * n],
});

/** Passes on to Prometheus who brings the token, as a proxy before it does. */
async function guarded(url: string, token: string): Promise<{ url: string; refused: () => number }> {
  let refused = 0;
  const proxy = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer); // no encoding is set
    if (request.headers.authorization !== `Bearer ${token}`) {
      refused += 1;
      return void response.writeHead(401).end();
    }
    const { host: _host, connection: _own, 'content-length': _length, ...headers } = request.headers;
    const passed = { method: 'POST', headers: headers as Record<string, string>, body: Buffer.concat(parts) }; // each is said once
    response.writeHead((await fetch(`${url}/api/v1/write`, passed)).status).end();
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.close());
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, refused: () => refused }; // it listens
}

test('an hour that the worker sealed is in Prometheus, once the token in its file is the right one', async () => {
  const prometheus = await startPrometheus();
  onTestFinished(() => prometheus.stop());
  const proxy = await guarded(prometheus.url, 'right');
  const { store, siteId } = await makeEstate(sqliteEngine);
  const folder = tempFolder(onTestFinished);
  const worker = new MetricsWorker({ folder, clock: systemClock, random: Math.random, log: silentLogger });
  onTestFinished(() => worker.stop());

  const encoder = new DeltaEncoder(hour);
  for (let n = 0; n < 60; n += 1) for (const device of [1, 2, 3]) encoder.add(pollNo(device, n));
  const chain = { relay: relayNo(1), epoch: epochNo(1), lane: 2 as const, frames: [encoder.take().data] };
  const { part, moves } = packPart({ site: siteId, hour, isFirst: true, isLast: true }, [chain]);
  await worker.call('seal', part, { moves });

  const token = path.join(tempFolder(onTestFinished), 'token');
  writeFileSync(token, 'wrong\n');
  chmodSync(token, 0o600);
  const lines: string[] = [];
  const warn = (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const target = { name: 'one', url: `${proxy.url}/`, bearer: token, basic: undefined, ca: undefined };
  const mirrors = new Mirrors({
    targets: [{ ...target, labels: { console: 'hq' }, maxLagHours: 24, maxSeries: 1_000 }],
    rules: { allow: new Set([proxy.url]) },
    readFile: (file) => readFileSync(file, 'utf8'),
    sealed: (ask, signal) => worker.call('sealedHour', ask, { signal }),
    describe: (device) => ({ device: `srv-${device.slice(-1)}`, site: 'Main', customer: 'Ada' }),
    ...{ store, clock: systemClock, random: () => 0.1, log: { ...silentLogger, warn } },
  });
  const stopping = new AbortController();
  const running = mirrors.run(stopping.signal);
  await mirrors.sealed({ site: siteId, hour });
  await expect.poll(proxy.refused, { timeout: 20_000 }).toBeGreaterThan(0);
  writeFileSync(token, 'right\n');
  await expect.poll(() => mirrors.stats()[0]?.sentSamples, { timeout: 20_000 }).toBe(3 * (60 + 59));
  stopping.abort();
  await running;
  expect(lines.join('\n')).toContain('401');
  expect(lines.join('\n')).not.toMatch(/right|wrong/);

  const asked = new URLSearchParams({
    query: 'rmm_load_1{console="hq"}[1h]',
    time: String(((hour + 1) * HOUR_MS - 1) / 1_000),
  });
  const answer = await fetch(`${prometheus.url}/api/v1/query?${asked}`);
  const told = (await answer.json()) as {
    data: { result: Array<{ metric: { device: string }; values: Array<[number, string]> }> };
  }; // its own form
  const found = new Map(told.data.result.map(({ metric, values }) => [metric.device, values]));
  for (const device of [1, 2, 3])
    expect(found.get(`srv-${device}`)).toEqual(
      Array.from({ length: 60 }, (_, n) => [pollNo(device, n).at / 1_000, String((n * 10 + device) / 100)]),
    );
});
