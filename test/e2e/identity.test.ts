// A device is a machine, not an address and not a name: swapped, cloned, renamed and roaming machines, through the whole house.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { userInfo } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { CredentialStore } from '#relay/transport/credentials.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { ensureBundles } from '#test/chaos/bundles.ts';
import { type Lab, startLab } from '#test/lab/lab.ts';
import { SimulatedMachine } from '#test/lab/machine.ts';
import { startSshd } from '#test/peers/sshd.ts';
import {
  addLab,
  auditRows,
  type EnrolledRelay,
  type Estate,
  makeSite,
  outcomesOf,
  raiseCaps,
  run,
  runOrder,
  sign,
  startEstate,
  startRelay,
  targetsOf,
  untilKnown,
} from './composed-site.ts';

const DEVICES = 60;
const SWAPPED = 50;
/** These show the identity of the machine five places further on, network cards aside. */
const CLONES = [50, 51, 52, 53, 54];
const NAMESAKES = 10;
const MARKER = '/lab/marker';

/** Machines trade addresses with their neighbours, 0 and 1, 2 and 3, ...; each clone with its original, whose host key it shows. */
function trade(lab: Lab): void {
  for (let index = 0; index < SWAPPED; index += 2) lab.swap(index, index + 1);
  for (const index of CLONES) lab.swap(index, index + 5);
}

/** On each device a command that leaves the device's own id: what a machine holds tells for whom it worked. */
async function markAll(estate: Estate, devices: readonly DeviceId[]) {
  const targets = await targetsOf(estate, devices);
  const orders = targets.map((target) => sign(estate, runOrder([target], `echo ${target.id} >> ${MARKER}`)));
  const signed = (await Promise.all(orders)).flat();
  const halves = [signed.slice(0, 30), signed.slice(30)];
  const made = await Promise.all(halves.map((half) => estate.api.actions.submit({ signed: half })));
  // One question for all of them; sixty would be more work than the orders themselves.
  const open = async () =>
    (await estate.api.actions.list({ limit: 100 })).items.some(({ state }) => state !== 'settled');
  await expect.poll(open, { timeout: 30_000, interval: 100 }).toBe(false);
  return outcomesOf(
    estate,
    made.flatMap(({ ids }) => ids),
  );
}

/** What a machine calls its boot, as the collector reads it: a sample that names the machine it was taken on. */
const bootOf = (index: number): number => {
  const machine = new SimulatedMachine({ seed: 1, index, isAudit: false, clock: systemClock });
  return Number.parseInt(machine.bootId.slice(0, 8), 16);
};

/** Every stored value of a device's boot. */
async function storedBoots(estate: Estate, id: DeviceId): Promise<Set<number>> {
  const now = Date.now();
  const query = { id, from: now - 600_000, to: now, names: 'system.boot', maxPoints: 5_000 };
  const { series } = await estate.api.devices.metrics(query);
  const values = series.flatMap(({ min, max }) => [...min, ...max]);
  return new Set(values.filter((value) => value !== null));
}

async function listed(estate: Estate) {
  return (await estate.api.devices.list({ limit: 1_000 })).items;
}

test('50 machines swap addresses, 5 are clones, 10 share a name: no sample and no command lands on the wrong one', async () => {
  const estate = await startEstate();
  const site = await makeSite(estate, 'Lab');
  const relay = await startRelay(estate, site);
  await raiseCaps(estate, site, { devicesPerTenMinutes: 1_000 });
  const lab = await startLab({ devices: DEVICES, seed: 1, base: '127.33.0.1' });
  onTestFinished(() => lab.stop());
  for (const index of CLONES) lab.set(index, { cloneOf: index + 5, cloneKeepsOwnMacs: true });
  const nameOf = (index: number) => (index < NAMESAKES ? 'server' : `machine-${index}`);
  for (let index = 0; index < NAMESAKES; index += 1) lab.set(index, { hostname: 'server' });
  const ids = await addLab(estate, relay, lab, nameOf);
  await untilKnown(estate, ids);
  const polled = async () => (await listed(estate)).filter(({ polledAt }) => polledAt !== null).length;
  await expect.poll(polled, { timeout: 20_000 }).toBe(DEVICES);
  await expect(estate.api.devices.targets({ devices: ['server'] })).rejects.toMatchObject({
    data: { code: 'conflict' },
  });

  trade(lab);
  const refused = await markAll(estate, ids);
  expect([...new Set(refused.map(({ state, reason }) => `${state} ${reason}`))].sort()).toEqual([
    'failed host-key-changed',
    'refused identity-changed',
  ]);
  const wrong = async () =>
    (await listed(estate)).filter(({ statusReason }) => statusReason?.endsWith('-changed') === true).length;
  await expect.poll(wrong, { timeout: 20_000 }).toBe(DEVICES);
  expect(lab.devices.filter(({ index }) => lab.file(index, MARKER) !== undefined)).toEqual([]);

  trade(lab);
  const cutAt = Date.now();
  expect(new Set((await markAll(estate, ids)).map(({ state }) => state))).toEqual(new Set(['succeeded']));
  for (const [index, id] of ids.entries()) expect(lab.file(index, MARKER)).toBe(`${id}\n`);
  const back = async () => (await listed(estate)).filter(({ polledAt }) => (polledAt ?? 0) > cutAt).length;
  await expect.poll(back, { timeout: 25_000 }).toBeGreaterThan(DEVICES / 2);
  for (const [index, id] of ids.entries()) expect(await storedBoots(estate, id)).toEqual(new Set([bootOf(index)]));
});

/** A site's HTTP proxy that leaves for the console from an address of its own. */
async function startProxy(localAddress: string): Promise<{ url: string; tunnels: () => number }> {
  let tunnels = 0;
  const open = new Set<net.Socket>();
  const server = http.createServer().on('connect', (request, client: net.Socket) => {
    const [host = '', port] = (request.url ?? '').split(':');
    const upstream = net.connect({ host, port: Number(port), localAddress, family: 4 }, () => {
      tunnels += 1;
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, tunnels: () => tunnels };
}

/** Only root may give a process another host name; without it the name stays. */
const mayRename = userInfo().uid === 0;

/** A life of a leaf in a process of its own, in another place: another name for its machine, another way to the console. */
async function liveElsewhere(leaf: EnrolledRelay, hostname: string, proxy: string): Promise<() => Promise<void>> {
  const { relay: script } = await ensureBundles(() => undefined);
  const life = [process.execPath, script, 'relay', 'run', '--data', leaf.data, '--log', 'warn'];
  const renamed = ['unshare', '--uts', 'sh', '-c', 'hostname "$0" && exec "$@"', hostname, ...life];
  const [program = '', ...args] = mayRename ? renamed : life;
  const child = spawn(program, args, { env: { ...process.env, HTTPS_PROXY: proxy }, stdio: 'ignore' });
  const ended = once(child, 'exit');
  const end = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  onTestFinished(end);
  return end;
}

test('a leaf that changes its network and its name comes back as the same relay and the same device', async () => {
  const estate = await startEstate();
  const site = await makeSite(estate, 'Homes');
  const leaf = await startRelay(estate, site, { kind: 'leaf' });
  const isPolled = async (after: number) => (await listed(estate)).some(({ polledAt }) => (polledAt ?? 0) > after);
  await expect.poll(() => isPolled(0), { timeout: 20_000 }).toBe(true);
  const before = (await listed(estate)).map(({ id }) => id);
  await leaf.stop();
  const { url, tunnels } = await startProxy('127.0.0.77');
  const movedAt = Date.now();
  await liveElsewhere(leaf, 'hotel-lobby', url);
  await expect.poll(() => isPolled(movedAt), { timeout: 20_000 }).toBe(true);
  expect(tunnels()).toBeGreaterThan(0);
  expect(await listed(estate)).toMatchObject([{ id: before[0], status: 'up', relayId: leaf.id }]);
  const relays = async () => (await estate.api.relays.list()).items.filter(({ siteId }) => siteId === site);
  expect(await relays()).toMatchObject([{ id: leaf.id, isConnected: true }]);
  if (!mayRename) return;
  await expect.poll(async () => (await relays())[0]?.hostname, { timeout: 10_000 }).toBe('hotel-lobby');
  await expect.poll(async () => (await listed(estate))[0]?.hostname, { timeout: 30_000 }).toBe('hotel-lobby');
});

/** Clones of an image share machine-id and keys: only what they do not share can prove that two are one. */
const showsHardware = ['/sys/class/net', '/sys/class/dmi/id'].some(
  (folder) =>
    existsSync(folder) &&
    readdirSync(folder).some((name) => existsSync(`${folder}/${name}/device`) || name === 'product_uuid'),
);

test.runIf(showsHardware)(
  'a machine that its site relay and a leaf on it both see is one device, polled by the leaf',
  async () => {
    const estate = await startEstate();
    const site = await makeSite(estate, 'Office');
    const relay = await startRelay(estate, site);
    const sshd = await startSshd();
    onTestFinished(() => sshd.stop());
    const { user, clientKeyPem: privateKey } = sshd;
    new CredentialStore(`${relay.data}/credentials`).add('real', { user, privateKey });
    const seenBySite = () =>
      estate.api.devices.create({
        relayId: relay.id,
        name: 'seen by ssh',
        transport: 'ssh',
        address: '127.0.0.1',
        port: sshd.port,
        credential: 'real',
        intervalMs: 5_000,
      });
    const { id } = await seenBySite();
    await untilKnown(estate, [id]);
    const leaf = await startRelay(estate, site, { kind: 'leaf' });
    const one = { id, relayId: leaf.id, transport: 'local', status: 'up' };
    await expect.poll(() => listed(estate), { timeout: 15_000 }).toMatchObject([one]);
    // Told of it anew, the site's relay finds out whom it met, and leaves it to the leaf.
    const again = await seenBySite();
    expect(again.id).not.toBe(id);
    await expect.poll(async () => (await listed(estate)).length, { timeout: 15_000 }).toBe(1);
    expect(await listed(estate)).toMatchObject([one]);
    const merges = (await auditRows(estate)).map(({ verb }) => verb).filter((verb) => /take-over|merge/.test(verb));
    expect(merges).toEqual(['device.merge', 'device.take-over']);
  },
);

test('a rebuilt machine is itself again once a signer accepts its new identity, at once and for the next order too', async () => {
  const estate = await startEstate();
  const relay = await startRelay(estate, await makeSite(estate, 'Lab'));
  const lab = await startLab({ devices: 1, base: '127.34.0.1' });
  onTestFinished(() => lab.stop());
  const [id] = await addLab(estate, relay, lab);
  if (id === undefined) throw new Error('no device');
  await untilKnown(estate, [id]);
  lab.set(0, { hostKey: 'other' });
  lab.reboot(0);
  const show = () => estate.api.devices.show({ id });
  await expect.poll(async () => (await show()).statusReason, { timeout: 15_000 }).toBe('host-key-changed');
  // A person compares what the console shows with what the machine's screen says.
  const shown = /host key (SHA256:\S+) is not/.exec((await show()).statusDetail ?? '')?.[1];
  const targets = (await targetsOf(estate, [id])).map((target) => ({
    ...target,
    identity: { ...target.identity, hostKey: shown },
  }));
  const begin = performance.now();
  const accept = { action: { name: 'identity.accept' as const, arguments: {} } };
  expect(await run(estate, runOrder(targets, '', accept))).toMatchObject([{ state: 'succeeded' }]);
  await expect.poll(async () => (await show()).status).toBe('up');
  // Its next turn after failures would be up to 10 s away.
  expect(performance.now() - begin).toBeLessThan(5_000);
  expect((await show()).identity?.hostKey).toBe(shown);
  expect(await run(estate, runOrder(await targetsOf(estate, [id]), 'true'))).toMatchObject([{ state: 'succeeded' }]);
});
