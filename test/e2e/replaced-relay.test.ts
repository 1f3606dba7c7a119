// A site whose relay breaks: another machine takes its place, devices go on being polled, and the old one is shut out. Probe and health on the way.
import { expect, onTestFinished, test } from 'vitest';
import { enrolThisMachine } from '#relay/commands/enrol-this-machine.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { startLabProcess } from '#test/lab/lab-process.ts';
import {
  addLab,
  auditRows,
  type EnrolledRelay,
  type Estate,
  giveLogin,
  makeSite,
  runRelay,
  startEstate,
  startRelay,
  untilKnown,
} from './composed-site.ts';

const relayOf = async ({ api }: Estate, { id }: EnrolledRelay) =>
  (await api.relays.list()).items.find((relay) => relay.id === id);

async function house(devices: number, base: string, allowLoopback = true) {
  const [estate, lab] = await Promise.all([startEstate(), startLabProcess({ devices, base })]);
  onTestFinished(() => lab.stop());
  const relay = await startRelay(estate, await makeSite(estate, 'Lab'), { config: { probe: { allowLoopback } } });
  const ids = await addLab(estate, relay, lab);
  await untilKnown(estate, ids);
  return { estate, relay, lab, ids };
}

test('after a replacement the devices are polled through the new relay, and the old one is refused', async () => {
  const { estate, relay: old, lab, ids } = await house(4, '127.92.0.1');
  const { api } = estate;
  expect(await api.relays.rename({ id: old.id, name: 'Basement' })).toMatchObject({ id: old.id, name: 'Basement' });

  const made = await api.relays.replace({ id: old.id });
  expect(await relayOf(estate, old)).toMatchObject({ isConnected: true, isRevoked: false });
  const data = tempFolder(onTestFinished, 'rmm-relay');
  const { relay: id } = await enrolThisMachine({ data, token: made.token, owner: made.owner, kind: 'site' });
  const next: EnrolledRelay = { id, site: old.site, data };

  await expect.poll(() => old.log.join('\n')).toMatch(/certificate-revoked|goaway: revoked/);
  expect(await relayOf(estate, old)).toMatchObject({ isConnected: false, isRevoked: true, devices: 0 });
  expect(await relayOf(estate, next)).toMatchObject({ name: 'Basement', devices: 4, isConnected: false });
  await old.stop();

  // Logins never leave a relay: whoever replaces one gives them again.
  giveLogin(next, lab);
  const takenAt = systemClock.now();
  await runRelay(next);
  const polledSince = async (device: DeviceId) => {
    const { relayId, status, polledAt } = await api.devices.show({ id: device });
    return relayId === id && status === 'up' && (polledAt ?? 0) > takenAt;
  };
  await expect.poll(async () => (await Promise.all(ids.map(polledSince))).every(Boolean)).toBe(true);

  const back = await runRelay(old);
  await expect.poll(() => back.log.join('\n')).toMatch(/certificate-revoked/);
  expect(await relayOf(estate, old)).toMatchObject({ isConnected: false });
  await expect(api.relays.replace({ id: old.id })).rejects.toMatchObject({
    message: expect.stringContaining('replaced'),
  });
  expect((await auditRows(estate)).map(({ verb }) => verb)).toEqual(
    expect.arrayContaining(['relay.rename', 'relay.create-token', 'relay.enrol', 'relay.replace']),
  );
  expect(await api.audit.verify({})).toMatchObject({ ok: true });
});

test('a relay looks at an address for whoever asks, writes it down, and tells how it is', async () => {
  const { estate, relay, lab } = await house(2, '127.93.0.1');
  const { api } = estate;
  const [device] = lab.devices;
  if (device === undefined) throw new Error('two devices');
  const seen = await api.relays.probe({ id: relay.id, address: device.address, port: device.port });
  expect(seen).toMatchObject({ lookup: 'literal', addresses: [device.address], suggestedTransport: 'ssh' });
  expect(seen.suggestedPort).toBe(device.port);
  expect(seen.ping).toMatchObject({ answered: true, method: 'icmp' });

  await expect(api.relays.probe({ id: relay.id, address: '169.254.169.254' })).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining('link-local'),
  });
  await expect(api.relays.probe({ id: relay.id, address: '-oops' })).rejects.toMatchObject({ status: 400 });

  const told = async () => (await auditRows(estate)).filter(({ verb }) => verb === 'relay.probe');
  const own = async () => (await told()).filter(({ actor }) => actor === `relay:${relay.id}`);
  await expect.poll(async () => (await own()).map(({ outcome }) => outcome).sort()).toEqual(['ok', 'ok', 'refused']);

  const health = async () => (await relayOf(estate, relay))?.health;
  await expect.poll(async () => (await health())?.devices, { timeout: 25_000 }).toBe(2);
  expect(await health()).toMatchObject({ failing: 0, nodeVersion: process.version, lanes: expect.any(Array) });
  expect((await health())?.pollsPerMinute).toBeGreaterThan(0);
  expect((await health())?.certificateExpiresAt).toBeGreaterThan(systemClock.now());
});

test('a relay of a real site looks at nothing of its own machine', async () => {
  const { estate, relay, lab } = await house(1, '127.94.0.1', false);
  for (const address of [lab.devices[0]?.address ?? '', 'localhost'])
    await expect(estate.api.relays.probe({ id: relay.id, address })).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('loopback'),
    });
});
