// The dashboards of docs/grafana against a real Prometheus that a mirror has filled: each of their queries finds something there.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { guardedFetch } from '#console/outgoing/guarded-fetch.ts';
import { HOUR_MS, hourOf, systemClock } from '#shared/base/clock.ts';
import { madeDevice, madeDeviceHour } from '#test/fixtures/made-sealed.ts';
import type { HttpPeer } from '#test/peers/http-peer.ts';
import { startPrometheus } from '#test/peers/prometheus.ts';
import { batchesOf } from './mirror-batches.ts';
import { RemoteWrite } from './remote-write.ts';

const FOLDER = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../docs/grafana');
const Source = z.object({ type: z.literal('prometheus'), uid: z.literal(['$', '{datasource}'].join('')) });
/** What Grafana asks of a dashboard that is brought in, as far as ours use it. */
const Dashboard = z.object({
  uid: z.string().regex(/^[a-zA-Z0-9_-]{1,40}$/),
  title: z.string().min(1),
  schemaVersion: z.int().min(30),
  time: z.object({ from: z.string(), to: z.string() }),
  templating: z.object({
    list: z.array(z.object({ name: z.string(), type: z.enum(['datasource', 'query']), query: z.unknown() })),
  }),
  panels: z
    .array(
      z.object({
        id: z.int(),
        type: z.enum(['stat', 'timeseries', 'bargauge']),
        title: z.string().min(1),
        datasource: Source,
        gridPos: z.object({ x: z.int().min(0), y: z.int(), w: z.int().max(24), h: z.int() }),
        fieldConfig: z.object({ defaults: z.object({ unit: z.string() }) }),
        targets: z
          .array(z.object({ refId: z.string().regex(/^[A-Z]$/), datasource: Source, expr: z.string().min(1) }))
          .min(1),
      }),
    )
    .min(8),
});

const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
const read = (file: string) => Dashboard.parse(JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')));

let peer: HttpPeer;
const hour = hourOf(systemClock.now()) - 2;

beforeAll(async () => {
  peer = await startPrometheus();
  const sink = new RemoteWrite({
    name: 'one',
    url: `${peer.url}/api/v1/write`,
    fetch: guardedFetch({ rules: { allow: new Set([peer.url]) } }),
    authorization: () => undefined,
  });
  const devices = [1, 2, 3].map((n) => madeDeviceHour(madeDevice(n), hour, n));
  const describe = (id: string) => ({ device: `srv-${id.slice(-1)}`, site: 'Main', customer: 'Ada' });
  for (const batch of batchesOf(devices, { describe, own: {} }))
    expect(await sink.send(batch, new AbortController().signal)).toEqual({ type: 'taken' });
}, 60_000);
afterAll(() => peer.stop());

async function found(query: string): Promise<number> {
  const time = String((hour * HOUR_MS + HOUR_MS - 120_000) / 1_000);
  const answer = await fetch(`${peer.url}/api/v1/query?${new URLSearchParams({ query, time })}`);
  const told = (await answer.json()) as { error?: string; data?: { result: unknown[] } }; // the form of its API
  if (told.error !== undefined) throw new Error(`${query}: ${told.error}`);
  return told.data?.result.length ?? 0;
}

test('there are two, with ids and panels of their own', () => {
  expect(files.sort((a, b) => (a < b ? -1 : 1))).toEqual(['device.json', 'fleet-overview.json']);
  for (const { panels } of files.map(read)) expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
});

test.each(files)('every query of %s finds something in a Prometheus that a mirror has filled', async (file) => {
  const { panels, templating } = read(file);
  const names = templating.list.map(({ name }) => name);
  const empty: string[] = [];
  for (const { title, targets } of panels)
    for (const { expr } of targets) {
      const asked = names
        .reduce((text, name) => text.replaceAll(`$${name}`, '.*'), expr)
        .replaceAll('$__rate_interval', '5m');
      expect(asked).not.toContain('$');
      if ((await found(asked)) === 0) empty.push(`${title}: ${asked}`);
    }
  expect(empty).toEqual([]);
});

test('a query for what no mirror tells finds nothing: the test can fail', async () => {
  expect(await found('rmm_no_such_metric')).toBe(0);
});
