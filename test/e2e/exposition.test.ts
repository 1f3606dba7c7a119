// What other programs scrape, by those programs: a real Prometheus finds the sites by its HTTP service discovery and scrapes them, promtool has nothing to say.
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadProfile } from '#console/cli/profile.ts';
import { systemClock } from '#shared/base/clock.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { startLab } from '#test/lab/lab.ts';
import type { HttpPeer } from '#test/peers/http-peer.ts';
import { promtoolCheck, startPrometheus } from '#test/peers/prometheus.ts';
import { addLab, type Estate, enrolRelay, makeSite, runRelay, startEstate, untilKnown } from './composed-site.ts';

const HOSTILE = 'srv "1" \\ {x="y"} \u202e';

async function watched() {
  const estate = await startEstate();
  const lab = await startLab({ devices: 3, base: '127.37.0.1' });
  onTestFinished(() => lab.stop());
  const site = await makeSite(estate, 'Lab "A"');
  const relay = await enrolRelay(estate, site);
  const devices = await addLab(estate, relay, lab, (index) => (index === 0 ? HOSTILE : `lab-${index}`));
  await runRelay(relay);
  await untilKnown(estate, devices);
  const { token } = await loadProfile({ data: estate.data }, {});
  return { estate, site, devices, token };
}

const get = (estate: Estate, where: string, token?: string, headers: Record<string, string> = {}) =>
  fetch(`${estate.url}${where}`, { headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) } });

/** A token for nothing but reading metrics. */
async function scrapeToken(estate: Estate, over: Array<{ kind: 'everything' } | { kind: 'site'; id: string }>) {
  const expiresAt = systemClock.now() + 86_400_000;
  const asked = { name: 'prometheus', expiresAt, verbs: ['metric.read', 'system.read'], over };
  return (await estate.api.tokens.create(asked as Parameters<typeof estate.api.tokens.create>[0])).secret; // ids as texts
}

async function query(
  peer: HttpPeer,
  expression: string,
): Promise<Array<{ metric: Record<string, string>; value: [number, string] }>> {
  const answer = await fetch(`${peer.url}/api/v1/query?${new URLSearchParams({ query: expression })}`);
  return (
    (await answer.json()) as { data: { result: Array<{ metric: Record<string, string>; value: [number, string] }> } }
  ).data.result; // its own form
}

test('Prometheus finds console and sites by a token, scrapes them, and promtool finds no fault', async () => {
  const { estate, site, devices } = await watched();
  const secret = await scrapeToken(estate, [{ kind: 'everything' }]);
  const file = path.join(tempFolder(onTestFinished, 'rmm-scrape'), 'token');
  writeFileSync(file, secret);
  chmodSync(file, 0o600);
  const { host } = new URL(estate.url);
  // Without a type, service discovery of Prometheus 2.42 sends the bare token.
  const authorization = `authorization: { type: Bearer, credentials_file: ${file} }`;
  const peer = await startPrometheus({
    scrape: [
      '  - job_name: rmm-console',
      `    ${authorization}`,
      `    static_configs: [{ targets: ["${host}"] }]`,
      '  - job_name: rmm-sites',
      `    ${authorization}`,
      '    relabel_configs: [{ source_labels: [__meta_rmm_site], target_label: found_at }]',
      '    http_sd_configs:',
      `      - { url: "${estate.url}/api/exposition/targets", refresh_interval: 1s, ${authorization} }`,
    ].join('\n'),
  });
  onTestFinished(() => peer.stop());
  const patience = { timeout: 40_000, interval: 300 };
  const known = async () =>
    new Set((await query(peer, 'rmm_system_uptime_seconds')).map((one) => one.metric['device_id']));
  await expect.poll(known, patience).toEqual(new Set(devices));
  await expect.poll(async () => (await query(peer, 'up == 1')).length, patience).toBe(2);
  const [hostile] = await query(peer, `rmm_device_up{device_id="${devices[0]}"}`);
  expect(hostile).toMatchObject({
    metric: { device: HOSTILE.replace('\u202e', '\\u202e'), site: 'Lab "A"', found_at: 'Lab "A"' },
    value: [expect.any(Number), '1'],
  });
  expect((await query(peer, 'rmm_devices{status="up"}'))[0]?.value[1]).toBe('3');
  await expect
    .poll(async () => Number((await query(peer, 'rmm_ingest_samples_total'))[0]?.value[1]), patience)
    .toBeGreaterThan(0);

  const texts = await Promise.all(
    ['/metrics', '/api/exposition/console', `/api/exposition/sites/${site}`].map(async (where) => {
      const answer = await get(estate, where, secret);
      expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
      return answer.text();
    }),
  );
  expect(texts.map(promtoolCheck)).toEqual(['', '', '']);
  expect(texts[2]).toContain('rmm_memory_total_bytes{');
  expect(texts[0]).toContain('\nrmm_seals_total ');
  expect(texts[0]).toContain('\nrmm_metrics_worker_deaths 0\n');
});

test('nobody scrapes without a right, and a token of one site sees that site alone', async () => {
  const { estate, site, token } = await watched();
  const other = await makeSite(estate, 'Other');
  const where = ['/metrics', '/api/exposition/console', `/api/exposition/sites/${site}`, '/api/exposition/targets'];
  for (const one of where) {
    expect([one, (await get(estate, one)).status]).toEqual([one, 401]);
    expect([one, (await get(estate, one, token)).status]).toEqual([one, 200]);
  }
  const narrow = await scrapeToken(estate, [{ kind: 'site', id: other }]);
  const told = await Promise.all(where.map(async (one) => (await get(estate, one, narrow)).status));
  expect(told).toEqual([403, 403, 404, 200]);
  const targets = (await (await get(estate, '/api/exposition/targets', narrow)).json()) as Array<{
    labels: Record<string, string>;
  }>; // the contract's form
  expect(targets.map(({ labels }) => labels['__meta_rmm_site'])).toEqual(['Other']);
  expect((await get(estate, `/api/exposition/sites/${other}`, narrow)).status).toBe(200);
  expect((await get(estate, '/api/exposition/sites/x', token)).status).toBe(400);
  // A browser that opens the address means a page.
  expect((await get(estate, '/metrics', undefined, { accept: 'text/html' })).status).not.toBe(401);
});

test('a site is told in gzip to those who take it', async () => {
  const { estate, site, token } = await watched();
  const answer = await get(estate, `/api/exposition/sites/${site}`, token, { 'accept-encoding': 'gzip' });
  expect(answer.headers.get('content-encoding')).toBe('gzip');
  expect(await answer.text()).toContain('rmm_device_up{');
});
