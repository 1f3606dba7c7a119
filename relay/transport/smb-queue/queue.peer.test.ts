// The file queue on a real smbd: the relay's transport on one connection, a device of another implementation on its own.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { judgeSmbPosture } from '#relay/collect/smb-posture.ts';
import { probePosture } from '#relay/transport/smb/posture.ts';
import { livingDevice, makeQueueRelay, OVER_SMB } from '#test/fixtures/queue-kit.ts';
import { NEVER, smbDeps } from '#test/fixtures/smb-kit.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { newDeviceKey } from '#test/peers/queue-device.ts';
import { type SmbdPeer, type SmbdSetting, startSmbd } from '#test/peers/smbd.ts';

const peers = new Map<SmbdSetting, Promise<SmbdPeer>>();
afterAll(async () => {
  for (const peer of peers.values()) await (await peer).stop();
});

async function started(setting: SmbdSetting) {
  const peer = peers.get(setting) ?? startSmbd(setting);
  peers.set(setting, peer);
  const folder = makeTempFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  return { peer: await peer, folder: folder.path };
}

test('a device is met, runs polls and orders on its two workers, and leaves nothing behind', async () => {
  const { peer, folder } = await started('signing');
  const { transport, key, entry } = makeQueueRelay(folder, peer);
  const own = newDeviceKey();
  const ran: string[] = [];
  const options = {
    ...{ relayKey: key.publicText, key: own, identity: { smbiosUuid: '4c4c4544-0031-3010-8048-b9c04f4d3232' } },
    run: (_: string, { order = 'poll' }: { order?: string }) => {
      ran.push(order);
      return { end: { kind: 'exit', code: 0 } as const, stdout: 'Häuser\n' };
    },
  };
  await using worker = await livingDevice(peer, options);
  await using _orders = await livingDevice(peer, { ...options, lane: 'act' });
  const session = await transport.open(entry, NEVER, 'monitor');
  if (!session.ok) throw new Error(session.detail);
  expect(session.value.way).toEqual({
    transport: 'smb',
    port: peer.port,
    auth: 'ntlm',
    seal: 'sealed',
    detail: 'SMB 3.1.1 AES-GMAC',
  });
  expect(session.value.identity.hostKey).toBe(worker.device.fingerprint);
  const request = { script: 'x', timeoutMs: 20_000, maxOutputBytes: 1_000 };
  const order = '00000000-0000-7000-8000-00000000aaaa' as never; // an id of an order
  const both = [session.value.run(request, NEVER), session.value.run({ ...request, order }, NEVER)];
  for (const one of await Promise.all(both)) expect(one).toMatchObject({ ok: true, value: { end: { code: 0 } } });
  expect(new Set(ran)).toEqual(new Set(['poll', order]));
  session.value.close();
  await expect
    .poll(() => ['jobs', 'claimed', 'done'].map((name) => readdirSync(path.join(peer.folder, name))))
    .toEqual([[], [], []]);
});

test('a login that may not go over SMB, or a device that was reached by more, gets no packet', async () => {
  const { peer, folder } = await started('defaults');
  const { transports: _, ...anywhere } = OVER_SMB;
  const unnamed = makeQueueRelay(folder, peer, anywhere);
  expect(await unnamed.transport.open(unnamed.entry, NEVER, 'monitor')).toMatchObject({
    reason: 'credential-not-allowed',
  });
  const floored = makeQueueRelay(folder, peer, OVER_SMB, false);
  expect(await floored.transport.open(floored.entry, NEVER, 'monitor')).toMatchObject({ reason: 'refused' });
  expect(floored.lost).toHaveLength(1);
  expect([unnamed.connects(), floored.connects()]).toEqual([0, 0]);
});

test('a wrong password is tried once, and its device paused', async () => {
  const { peer, folder } = await started('defaults');
  const { port, user } = peer;
  const { transport, entry, connects } = makeQueueRelay(folder, { port, user, password: 'wrong' });
  const first = await transport.open(entry, NEVER, 'monitor');
  expect(first).toMatchObject({ ok: false, reason: 'denied' });
  expect(await transport.open(entry, NEVER, 'monitor')).toMatchObject({
    reason: 'denied',
    detail: expect.stringContaining('not tried again yet'),
  });
  expect(connects()).toBe(1);
});

test.each<[SmbdSetting, Record<string, string>]>([
  ['defaults', { smb1: 'yes', 'smb-signing': 'no', 'smb-encryption': 'yes', 'smb-dialect': 'yes' }],
  ['signing', { smb1: 'yes', 'smb-signing': 'yes', 'smb-encryption': 'yes', 'smb-dialect': 'yes' }],
  ['at-most-3.0', { smb1: 'yes', 'smb-signing': 'yes', 'smb-encryption': 'yes', 'smb-dialect': 'no' }],
])('the posture of a server with %s is what its administrator set', async (setting, expected) => {
  const { peer } = await started(setting);
  const probed = await probePosture({ name: 'peer', host: '127.0.0.1', port: peer.port }, smbDeps(), NEVER);
  expect(Object.fromEntries(judgeSmbPosture(probed).map(({ id, verdict }) => [id, verdict]))).toEqual(expected);
});
