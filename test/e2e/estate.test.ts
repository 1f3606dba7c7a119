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

test('groups, tags and views: the fleet follows at once; what does not fit is refused by name', async () => {
  const estate = await startEstate();
  const { devices, groups, tags, views } = estate.api;
  const relay = await enrolRelay(estate, await makeSite(estate, 'Fra'));
  const wishes = [1, 2, 3].map((n) => ({ relayId: relay.id, name: `d${n}`, address: '127.0.0.1', port: 9 }));
  const { ids } = await devices.createMany({ devices: wishes });
  const [one = '', two = ''] = ids;
  expect(await tags.change({ devices: [one, two], add: ['SQL'] })).toEqual({ devices: 2 });
  const rule = await groups.create({ name: 'Databases', kind: 'rule', rule: 'tag:sql' });
  expect(rule).toMatchObject({ devices: 2, fault: null, isShipped: false });
  const hand = await groups.create({ name: 'Mine', kind: 'hand' });
  expect(await groups.changeMembers({ id: hand.id, add: ids })).toEqual({ added: 3, removed: 0 });
  expect(await devices.show({ id: one })).toMatchObject({
    tags: ['sql'],
    groups: expect.arrayContaining([rule.id, hand.id]),
  });
  expect((await devices.list({ q: 'group:databases -group:nobody' })).total).toBe(2);
  await tags.rename({ tag: 'sql', to: 'mssql' });
  expect((await groups.list()).items.find(({ id }) => id === rule.id)).toMatchObject({ rule: 'tag:mssql', devices: 2 });
  expect(await groups.update({ id: rule.id, parentId: hand.id, rule: '-tag:mssql' })).toMatchObject({ devices: 1 });
  const view = await views.create({ page: 'fleet', name: 'Databases', search: { q: 'tag:mssql' }, isShared: true });
  expect((await views.list()).items).toEqual([view]);
  const refusals = [
    [() => groups.create({ name: 'X', kind: 'rule', rule: 'cpu>' }), /^400/],
    [() => groups.create({ name: 'mine', kind: 'hand' }), /^409: a group "Mine" exists already/],
    [() => groups.update({ id: hand.id, parentId: rule.id }), /^400: .*Mine -> Databases -> Mine/],
    [() => groups.remove({ id: hand.id }), /^409: .*"Databases" narrows it/],
    [() => groups.remove({ id: nobody }), /^404/],
    [() => groups.changeMembers({ id: rule.id, add: [one] }), /^409/],
    [() => tags.change({ devices: [one], add: ['no tag'] }), /^400/],
    [() => tags.rename({ tag: 'nobody', to: 'x' }), /^404/],
    [() => tags.remove({ tag: 'nobody' }), /^404/],
    [() => views.create({ page: 'fleet', name: 'Databases', search: {} }), /^409/],
    [() => views.remove({ id: nobody }), /^404/],
    [() => devices.timeline({ id: nobody }), /^404/],
    [() => devices.timeline({ id: one, cursor: 'x' }), /^400/],
  ] as const;
  for (const [call, expected] of refusals) expect.soft(await refusal(call())).toMatch(expected);
  await devices.update({ id: one, notes: 'n' });
  const { items } = await devices.timeline({ id: one });
  expect(items).toMatchObject([{ type: 'change', verb: 'device.update', by: 'owner', detail: { notes: 'changed' } }]);
  await groups.remove({ id: rule.id });
  await views.remove({ id: view.id });
  expect(await tags.remove({ tag: 'mssql' })).toEqual({ devices: 2 });
  expect((await devices.facets({})).tag).toEqual([]);
});
