// Simulated Windows machines in one process: each its own machine at its own address, the same after a restart, and no twin of an SSH device.
import { once } from 'node:events';
import { connect } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { NtlmContext } from '#relay/transport/ntlm/ntlm-context.ts';
import { ntlmLogin } from '#relay/transport/ntlm/ntlm-login.ts';
import { readWindowsFacts } from '#relay/transport/windows-identity.ts';
import { WinrmClient } from '#relay/transport/winrm/client.ts';
import { openWsmanConnection } from '#relay/transport/winrm/wsman-connection.ts';
import { systemClock as clock } from '#shared/base/clock.ts';
import { systemRandom as random } from '#shared/base/id.ts';
import { succeed } from '#shared/base/outcome.ts';
import { deviceModel } from './device-model.ts';
import { startWindowsLab, type WindowsLab, type WindowsLabDevice } from './windows-lab.ts';

const SIGNAL = new AbortController().signal;

async function lab(): Promise<WindowsLab> {
  const started = await startWindowsLab({ devices: 3, base: '127.43.0.1' });
  onTestFinished(() => started.stop());
  return started;
}

function clientOf({ address, tlsPort: port, user, password }: WindowsLabDevice): WinrmClient {
  const newContext = (channelBinding: ConstructorParameters<typeof NtlmContext>[0]['channelBinding']) => {
    const login = ntlmLogin(user, password);
    const randomBytes = (size: number) => random(new Uint8Array(size));
    const targetName = 'HTTP/lab.test';
    const context = new NtlmContext({ login, targetName, channelBinding, demand: 'seal', clock, randomBytes });
    return Promise.resolve(succeed(context));
  };
  const connectTo = () =>
    openWsmanConnection(
      { name: 'lab', host: 'lab.test', address, port, scheme: 'https' },
      { newContext, onCertificate: () => undefined },
      { clock, connectMs: 20_000, loginMs: 20_000 },
    );
  const client = new WinrmClient({ connect: connectTo, clock, random, name: 'lab' });
  onTestFinished(() => client.close());
  return client;
}

test('each address is a machine of its own, and none is a twin of the SSH lab', async () => {
  const { devices } = await lab();
  const seen = new Set<string>();
  for (const device of devices) {
    const client = clientOf(device);
    const facts = await readWindowsFacts(client.cim, (request) => client.run(request, SIGNAL), SIGNAL);
    if (!facts.ok) throw new Error(facts.detail);
    const { smbiosUuid = '', macs } = facts.value.identity;
    expect(facts.value.hostname).toBe(device.name.toLowerCase());
    for (const mark of [smbiosUuid, ...macs]) {
      expect(seen.has(mark)).toBe(false);
      seen.add(mark);
    }
    const twin = deviceModel(1, device.index);
    expect([twin.smbiosUuid, ...twin.nics.map(({ mac }) => mac)].filter((mark) => seen.has(mark))).toEqual([]);
  }
});

test('a machine shows the same key after a restart of the lab', async () => {
  const keys: string[] = [];
  for (let round = 0; round < 2; round += 1) {
    const started = await startWindowsLab({ devices: 1, base: '127.43.1.1' });
    const [device] = started.devices;
    const socket = connect({ host: '127.43.1.1', port: device?.tlsPort ?? 0, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    keys.push(socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' }).toString('hex') ?? '');
    socket.destroy();
    await started.stop();
  }
  expect(keys[0]).not.toBe('');
  expect(keys[1]).toBe(keys[0]);
});
