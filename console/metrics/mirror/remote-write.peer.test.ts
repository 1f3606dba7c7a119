// A mirror against the real Prometheus and the real VictoriaMetrics: every sample is read back by their own query API and compared.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { guardedFetch } from '#console/outgoing/guarded-fetch.ts';
import { HOUR_MS, hourOf, systemClock } from '#shared/base/clock.ts';
import { METRICS } from '#shared/model/metric-catalogue.ts';
import { madeDevice, madeDeviceHour } from '#test/fixtures/made-sealed.ts';
import type { HttpPeer } from '#test/peers/http-peer.ts';
import { startPrometheus } from '#test/peers/prometheus.ts';
import { flushVictoriaMetrics, startVictoriaMetrics } from '#test/peers/victoria-metrics.ts';
import type { MirrorBatch, SinkAnswer } from './metric-sink.ts';
import { batchesOf } from './mirror-batches.ts';
import { RemoteWrite } from './remote-write.ts';
import type { SealedDevice } from './sealed-hours.ts';

const never = new AbortController().signal;
/** Of base units a stored number, as a person would reckon it; nothing of the code under test. */
const PER: Record<string, number> = { ms: 1_000, us: 1_000_000 };

const sinkTo = (url: string, authorization?: string) =>
  new RemoteWrite({
    name: 'one',
    url,
    fetch: guardedFetch({ rules: { allow: new Set([new URL(url).origin]) } }),
    authorization: () => authorization,
  });

async function sendAll(sink: RemoteWrite, devices: readonly SealedDevice[]): Promise<SinkAnswer[]> {
  const plan = {
    describe: (id: string) => ({ device: `srv "${id.slice(-1)}" \\ ü\n`, site: 'Main', customer: 'Ada & Co' }),
    own: { console: 'hq' },
  };
  const answers: SinkAnswer[] = [];
  for (const batch of batchesOf(devices, plan)) answers.push(await sink.send(batch, never));
  return answers;
}

const INSTANCES = ['mountpoint', 'disk', 'interface', 'sensor', 'item'];

/** Every sample of a device in that hour, as the server gives them back: "name instance" to value by time. */
async function readBack(peer: HttpPeer, device: string, hour: number): Promise<Map<string, Map<number, number>>> {
  const query = `{device_id="${device}"}[1h]`;
  // The range of an instant query reaches back from its time, which belongs to it; the hour's last millisecond.
  const asked = new URLSearchParams({ query, time: String(((hour + 1) * HOUR_MS - 1) / 1_000) });
  const answer = await fetch(`${peer.url}/api/v1/query?${asked}`);
  const told = (await answer.json()) as {
    data: { result: Array<{ metric: Record<string, string>; values: Array<[number, string]> }> };
  }; // the form of their API
  return new Map(
    told.data.result.map(({ metric, values }) => [
      `${metric['__name__']} ${INSTANCES.map((label) => metric[label]).find((text) => text !== undefined) ?? ''}`,
      new Map(values.map(([at, value]) => [Math.round(at * 1_000), Number(value)])),
    ]),
  );
}

function wanted({ series, data }: SealedDevice): number[][] {
  const rows = data.times.length;
  return series.map(({ unit, resolution }, column) =>
    [...data.times].flatMap((at, row) => {
      const stored = data.values[column * rows + row] ?? Number.NaN;
      return Number.isNaN(stored) ? [] : [at, (stored * resolution) / (PER[unit] ?? 1)];
    }),
  );
}

/** Wrong or missing samples, and samples nobody sent. */
async function compare(peer: HttpPeer, one: SealedDevice, hour: number): Promise<{ same: number; wrong: number }> {
  const found = await readBack(peer, one.device, hour);
  expect(found.size).toBe(one.series.length);
  const instances = (instance: string) => instance.replaceAll('\n', '\\u000a');
  let [same, wrong] = [0, 0];
  for (const [column, pairs] of wanted(one).entries()) {
    const { name, instance } = one.series[column] ?? { name: '', instance: '' };
    const words = name.replaceAll('.', '_').replace('process_total', 'processes');
    const key = [...found.keys()].find(
      (k) =>
        k.endsWith(` ${instances(instance)}`) &&
        new RegExp(`^rmm_${words}(_(bytes|seconds|ticks|celsius|bytes_per_second))?(_total)? `).test(k),
    );
    const samples = found.get(key ?? '') ?? new Map<number, number>();
    if (samples.size * 2 !== pairs.length) wrong += Math.abs(samples.size - pairs.length / 2);
    for (let i = 0; i < pairs.length; i += 2) {
      const [at = 0, value = 0] = pairs.slice(i, i + 2);
      const got = samples.get(at);
      // One rounding of a double more or less, as the expectation is reckoned in another order.
      if (got !== undefined && Math.abs(got - value) <= Math.abs(value) * 2 ** -51) same += 1;
      else wrong += 1;
    }
  }
  return { same, wrong };
}

describe.each([
  ['Prometheus', () => startPrometheus(), async () => undefined, '/api/v1/write'],
  ['VictoriaMetrics', () => startVictoriaMetrics(), flushVictoriaMetrics, '/api/v1/write'],
] as const)('%s', (_name, start, flush, path) => {
  let peer: HttpPeer;
  // Past hours, as sealed ones are.
  const hour = hourOf(systemClock.now()) - 3;
  beforeAll(async () => {
    peer = await start();
  }, 60_000);
  afterAll(() => peer.stop());

  test('takes sealed hours and gives back every sample as it was', async () => {
    const devices = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => madeDeviceHour(madeDevice(n), hour, n));
    const answers = await sendAll(sinkTo(`${peer.url}${path}`), devices);
    expect(answers.length).toBeGreaterThan(1);
    expect(answers.every(({ type }) => type === 'taken')).toBe(true);
    await flush(peer);
    let compared = 0;
    for (const one of devices) {
      const { same, wrong } = await compare(peer, one, hour);
      expect(wrong).toBe(0);
      compared += same;
    }
    expect(compared).toBeGreaterThan(8 * METRICS.length * 50);
  });

  test('takes the same hour again, and an hour before it, and has nothing twice', async () => {
    const one = madeDeviceHour(madeDevice(20), hour, 20);
    const before = madeDeviceHour(madeDevice(20), hour - 1, 21);
    for (const some of [one, one, before]) {
      const answers = await sendAll(sinkTo(`${peer.url}${path}`), [some]);
      expect(answers.map(({ type }) => type)).toEqual(answers.map(() => 'taken'));
    }
    await flush(peer);
    expect((await compare(peer, one, hour)).wrong).toBe(0);
    expect((await compare(peer, before, hour - 1)).wrong).toBe(0);
  });
});

test('Prometheus without a window for old samples refuses them once, with its reason', async () => {
  const peer = await startPrometheus({ outOfOrder: '0s' });
  onTestFinished(() => peer.stop());
  const hour = hourOf(systemClock.now());
  const sink = sinkTo(`${peer.url}/api/v1/write`);
  expect((await sendAll(sink, [madeDeviceHour(madeDevice(1), hour, 1)])).map(({ type }) => type)).toEqual(['taken']);
  const [late] = await sendAll(sink, [madeDeviceHour(madeDevice(1), hour - 3, 2)]);
  expect(late).toMatchObject({ type: 'refused', detail: expect.stringMatching(/^400: out of (bounds|order)/) });
});

/** Answers each request with the next status, and keeps what it was asked. */
async function answering(...statuses: Array<[number, Record<string, string>?]>) {
  const asked: Array<Record<string, string | string[] | undefined>> = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.headers);
    request.resume();
    const [status, headers] = statuses.shift() ?? [204];
    response.writeHead(status, headers).end(status === 204 ? undefined : 'why \u001b[31mnot');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo; // it listens
  return { url: `http://127.0.0.1:${port}/write`, asked };
}

test('answers are told apart: of the samples, of us, of the moment; a redirect leads nowhere', async () => {
  const elsewhere = { location: 'http://127.0.0.1:1/' };
  const peer = await answering([429, { 'retry-after': '7' }], [503], [400], [401], [302, elsewhere], [204]);
  const sink = sinkTo(peer.url, 'Bearer t0ken');
  const batch: MirrorBatch = { series: [{ labels: [['__name__', 'a']], times: [1], values: [1] }], samples: 1 };
  const told: SinkAnswer[] = [];
  for (let i = 0; i < 6; i += 1) told.push(await sink.send(batch, never));
  expect(told.map(({ type }) => type)).toEqual(['later', 'later', 'refused', 'later', 'later', 'taken']);
  expect(told[0]).toMatchObject({ waitMs: 7_000 });
  expect(told[2]).toMatchObject({ detail: '400: why \\u001b[31mnot' });
  expect(JSON.stringify(told)).not.toContain('t0ken');
  expect(peer.asked[0]).toMatchObject({
    authorization: 'Bearer t0ken',
    'content-encoding': 'snappy',
    'content-type': 'application/x-protobuf',
    'x-prometheus-remote-write-version': '0.1.0',
  });
});

test('a place inside that the configuration does not name is never asked', async () => {
  const peer = await answering([204]);
  const sink = new RemoteWrite({
    ...{ name: 'one', url: peer.url, authorization: () => 'Bearer t0ken' },
    fetch: guardedFetch({ rules: { allow: new Set() } }),
  });
  const batch: MirrorBatch = { series: [{ labels: [['__name__', 'a']], times: [1], values: [1] }], samples: 1 };
  expect(await sink.send(batch, never)).toMatchObject({ type: 'later', detail: expect.stringContaining('only https') });
  expect(peer.asked).toEqual([]);
});
