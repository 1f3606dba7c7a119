// A signed script says numbers on a device behind a real sshd: they are series of that device at once, by their own names and units, everywhere.
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadProfile } from '#console/cli/profile.ts';
import { CredentialStore } from '#relay/transport/credentials.ts';
import { systemClock } from '#shared/base/clock.ts';
import { promtoolCheck } from '#test/peers/prometheus.ts';
import { startSshd } from '#test/peers/sshd.ts';
import { makeSite, run, runOrder, startEstate, startRelay, untilKnown } from './composed-site.ts';

const SCRIPT = [
  'echo looking at the queue',
  `echo '{"name":"queue.depth","v":1.5,"unit":"ms"}'`,
  `echo '{"name":"queue.depth","v":2.5,"unit":"ms","instance":"in \\"a\\""}'`,
  `echo '{"v":7}'`,
  `echo '{"name":"cpu.used_ratio","v":1}'`,
].join('\n');

test('numbers of a script are drawn, listed, told last and scraped; a name of the product is refused and said', async () => {
  const sshd = await startSshd();
  onTestFinished(() => sshd.stop());
  const estate = await startEstate();
  const site = await makeSite(estate, 'Lab');
  const relay = await startRelay(estate, site);
  const { user, clientKeyPem } = sshd;
  new CredentialStore(path.join(relay.data, 'credentials')).add('main', {
    ...{ user, privateKey: clientKeyPem },
    binding: { purpose: 'both', ranges: ['127.0.0.0/8'], weakest: 'password' },
  });
  const at = { address: '127.0.0.1', port: sshd.port, transport: 'ssh' as const };
  const made = { relayId: relay.id, name: 'srv-1', credential: 'main', intervalMs: 5_000, ...at };
  const { ids } = await estate.api.devices.createMany({ devices: [made] });
  const [device = ''] = ids;
  const targets = await untilKnown(estate, ids);
  const begun = systemClock.now();
  const [outcome] = await run(estate, runOrder(targets, SCRIPT, { reason: 'Nightly check' }));
  expect(outcome).toMatchObject({
    state: 'succeeded',
    detail: expect.stringContaining('"cpu.used_ratio" is a metric of the product'),
  });
  expect(outcome?.detail).toContain('series of "Nightly check" on srv-1');

  const { metrics } = estate.api;
  const patience = { timeout: 30_000, interval: 200 };
  const listed = async () => (await metrics.catalogue({})).items.filter(({ kind }) => kind === 'script');
  await expect
    .poll(listed, patience)
    .toEqual([
      expect.objectContaining({ name: 'nightly_check', unit: '', kind: 'script' }),
      expect.objectContaining({ name: 'queue.depth', unit: 'ms', kind: 'script' }),
    ]);
  const span = { from: begun - 60_000, to: systemClock.now() + 60_000, maxPoints: 500 };
  const { lines } = await metrics.range({ devices: device, name: 'queue.depth', ...span });
  const drawn = lines.map(({ instance, unit, avg }) => ({ instance, unit, avg: avg.filter((v) => v !== null) }));
  expect(drawn.sort((a, b) => a.instance.length - b.instance.length)).toEqual([
    { instance: '', unit: 'ms', avg: [1.5] },
    { instance: 'in "a"', unit: 'ms', avg: [2.5] },
  ]);
  const last = await metrics.last({ name: 'nightly_check', over: 'fleet' });
  expect(last).toMatchObject({ unit: '', items: [{ device, instance: '', value: 7 }] });

  // A run, a poll and a scrape meet: the newest poll is the one that carries the values.
  const { token } = await loadProfile({ data: estate.data }, {});
  const headers = { authorization: `Bearer ${token}` };
  const where = `${estate.url}/api/exposition/sites/${site}`;
  await run(estate, runOrder(targets, SCRIPT, { reason: 'Nightly check' }));
  const scraped = async () => (await fetch(where, { headers })).text();
  await expect
    .poll(scraped, { timeout: 30_000, interval: 100 })
    .toMatch(/rmm_queue_depth_seconds\{[^}]*item="in \\"a\\""\} 0\.0025 \d+/);
  expect(promtoolCheck(await scraped())).toBe('');
}, 120_000);
