// What people manage, through the API of a whole console: what fits is done, what does not is refused by name and never breaks.
import { expect, test } from 'vitest';
import { newId } from '#shared/base/id.ts';
import { auditRows, type Estate, enrolRelay, makeSite, runRelay, startEstate } from './composed-site.ts';

/** What the console answered instead, as "status: message". */
async function refusal(call: Promise<unknown>): Promise<string> {
  const outcome = await call.then(
    () => 'no refusal',
    (error: { status?: number; message: string }) => `${error.status}: ${error.message}`,
  );
  return outcome;
}

const nobody = newId(1);

const verbsOf = async (estate: Estate) => (await auditRows(estate)).map((row) => row.verb);

test('a removed site cuts its relay at once, and its certificate is refused by name afterwards', async () => {
  const estate = await startEstate();
  const site = await makeSite(estate, 'Gone');
  const relay = await enrolRelay(estate, site);
  const running = await runRelay(relay);
  const isConnected = async () =>
    (await estate.api.relays.list()).items.find(({ id }) => id === relay.id)?.isConnected ?? 'gone';
  await expect.poll(isConnected).toBe(true);
  const { ids } = await estate.api.devices.createMany({
    devices: [1, 2].map((n) => ({ relayId: relay.id, name: `d${n}`, address: '127.0.0.1', port: 9 })),
  });
  expect(await refusal(estate.api.sites.remove({ id: site, devices: 1 }))).toBe(
    '409: site Gone has 2 devices now, not 1: nothing was removed',
  );
  expect(await estate.api.sites.removal({ id: site })).toMatchObject({ relays: 1, devices: 2, openActions: 0 });
  const begin = performance.now();
  await estate.api.sites.remove({ id: site, devices: 2 });
  const cut = () => running.log.some((line) => line.includes('certificate-'));
  await expect.poll(cut, { interval: 20 }).toBe(true);
  expect(performance.now() - begin).toBeLessThan(5_000);
  await running.stop();
  expect(await isConnected()).toBe('gone');
  const again = await runRelay(relay);
  const complaint = () => again.log.find((line) => line.includes('the link to the console is down'));
  await expect.poll(complaint).toContain('certificate-unknown');
  expect(await refusal(estate.api.devices.show({ id: ids[0] ?? '' }))).toMatch(/^404/);
  expect((await verbsOf(estate)).slice(0, 2)).toEqual(['site.remove', 'relay.revoke']);
});

test('customers and sites: made, described, moved, counted, removed; what does not fit is refused by name', async () => {
  const estate = await startEstate();
  const { customers, sites } = estate.api;
  const acme = await customers.create({ name: '  Acme ', notes: 'n' });
  expect(acme).toMatchObject({ name: 'Acme', sites: 0, devices: 0 });
  const site = await sites.create({ name: 'Fra', timeZone: 'Europe/Berlin' });
  const moved = await sites.update({
    id: site.id,
    customerId: acme.id,
    contact: { name: 'Ada', email: 'a@b.test', phone: '' },
  });
  expect(moved).toMatchObject({ customerName: 'Acme', contact: { name: 'Ada' } });
  expect(await sites.show({ id: site.id })).toEqual(moved);
  expect(await customers.update({ id: acme.id, name: 'Acme SE' })).toMatchObject({ name: 'Acme SE', sites: 1 });
  const refusals = [
    [() => customers.create({ name: 'Acme SE' }), /^409: a customer "Acme SE" exists already/],
    [() => customers.create({ name: ' ' }), /^400/],
    [() => customers.update({ id: nobody, name: 'x' }), /^404/],
    [() => customers.removal({ id: nobody }), /^404/],
    [() => customers.remove({ id: nobody, devices: 0 }), /^404/],
    [() => customers.remove({ id: acme.id, devices: -1 }), /^400/],
    [() => sites.show({ id: nobody }), /^404/],
    [() => sites.update({ id: site.id, timeZone: 'Mars/Olympus' }), /^400/],
    [() => sites.update({ id: site.id, customerId: nobody }), /^409: there is no customer/],
    [() => sites.update({ id: site.id, defaults: { relayId: nobody } }), /^400: defaults.relayId/],
    [() => sites.update({ id: site.id, defaults: { groupIds: [nobody] } }), /^400: defaults.groupIds/],
    [() => sites.removal({ id: nobody }), /^404/],
    [() => sites.remove({ id: 'no id', devices: 0 }), /^400/],
  ] as const;
  for (const [call, expected] of refusals) expect.soft(await refusal(call())).toMatch(expected);
  expect(await customers.remove({ id: acme.id, devices: 0 })).toMatchObject({ sites: 1, devices: 0 });
  expect((await customers.list()).items.map(({ name }) => name)).toEqual(['Default']);
});

test('devices: begin as their site says, are edited and removed in one step; what does not fit is refused by name', async () => {
  const estate = await startEstate();
  const { devices, sites, audit } = estate.api;
  const site = await makeSite(estate, 'Fra');
  const relay = await enrolRelay(estate, site);
  await sites.update({ id: site, defaults: { relayId: relay.id, port: 2222, intervalMs: 30_000, tags: ['New'] } });
  const made = await devices.create({ relayId: relay.id, name: 'a', address: 'a.test' });
  expect(made).toMatchObject({ port: 2222, intervalMs: 30_000, tags: ['new'], setType: null, type: 'unknown' });
  const change = { port: null, type: 'vm', notes: 'n', links: [{ label: 'card', url: 'https://bmc.test/' }] } as const;
  const changed = await devices.update({ id: made.id, ...change, links: [...change.links] });
  expect(changed).toMatchObject({ port: null, setType: 'vm', type: 'vm', notes: 'n', links: change.links });
  expect((await audit.list({ limit: 1 })).items[0]).toMatchObject({
    verb: 'device.update',
    resource: `device:${made.id}`,
    detail: { 'port.from': 2222, 'port.to': null, notes: 'changed' },
  });
  const elsewhere = await enrolRelay(estate, await makeSite(estate, 'Ber'));
  const refusals = [
    [() => devices.update({ id: nobody, name: 'x' }), /^404/],
    [() => devices.update({ id: made.id, name: '' }), /^400/],
    [() => devices.update({ id: made.id, port: 0 }), /^400/],
    [() => devices.update({ id: made.id, credential: '../key' }), /^400/],
    [() => devices.update({ id: made.id, links: [{ label: 'x', url: 'javascript:alert(1)' }] }), /^400/],
    [() => devices.update({ id: made.id, relayId: nobody }), /^404/],
    [() => devices.update({ id: made.id, relayId: elsewhere.id }), /^409: device a: .* is of another site/],
    [() => devices.create({ relayId: relay.id, name: 'x', address: 'x', tags: ['a b'] }), /^400/],
    [() => devices.removeMany({ devices: [made.id, nobody] }), /^404: .* does not exist/],
    [() => devices.removeMany({ devices: [] }), /^400/],
    [() => devices.remove({ id: nobody }), /^404/],
  ] as const;
  for (const [call, expected] of refusals) expect.soft(await refusal(call())).toMatch(expected);
  expect(await devices.removeMany({ devices: [made.id] })).toEqual({ removed: 1 });
  expect(await refusal(devices.show({ id: made.id }))).toMatch(/^404/);
});
