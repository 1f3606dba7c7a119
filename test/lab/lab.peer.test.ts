// A lab's devices answer a plain SSH client as machines would, and misbehave on demand.
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { ANSI_BOMB } from './bad-output.ts';
import { type Lab, type LabDevice, type LabOptions, startLab } from './lab.ts';
import { type Login, login as plainLogin, run } from './plain-client.ts';

async function lab(options: Partial<LabOptions> = {}): Promise<Lab> {
  const started = await startLab({ devices: 3, ...options });
  onTestFinished(() => started.stop());
  return started;
}

function device(lab: Lab, index: number): LabDevice {
  const found = lab.devices[index];
  if (found === undefined) throw new Error(`no device ${index}`);
  return found;
}

async function login(to: LabDevice, password?: string): Promise<Login> {
  const logged = await plainLogin(to, password);
  onTestFinished(() => void logged.client.destroy());
  return logged;
}

test('each address is another machine: name and host key are its own', async () => {
  const site = await lab();
  for (const to of site.devices) {
    const { client, hostKey } = await login(to);
    expect(hostKey).toBe(to.hostKeyFingerprint);
    expect(await run(client, 'hostname; exit 3')).toEqual({ code: 3, signal: undefined, stdout: `${to.name}\n` });
  }
  expect(new Set(site.devices.map((to) => to.hostKeyFingerprint)).size).toBe(3);
  expect(site.counts().map((counts) => counts.commands)).toEqual([1, 1, 1]);
});

test('commands run side by side on one connection', async () => {
  const site = await lab();
  const { client } = await login(device(site, 0));
  const answers = await Promise.all(['1', '2', '3', '4'].map((n) => run(client, `sleep 0.05; echo ${n}`)));
  expect(answers.map((answer) => answer.stdout)).toEqual(['1\n', '2\n', '3\n', '4\n']);
});

test('the password is accepted, a wrong one is not, and a device can refuse everybody', async () => {
  const site = await lab();
  const to = device(site, 0);
  await login(to, to.password);
  await expect(login(to, 'wrong')).rejects.toThrow(/authentication/);
  site.set(0, { refusesLogin: true });
  await expect(login(to)).rejects.toThrow(/authentication/);
  await expect(login(to, to.password)).rejects.toThrow(/authentication/);
  expect(site.counts()[0]?.refusedLogins).toBeGreaterThanOrEqual(3);
});

test('a device that is down resets connections, old and new, and comes back', async () => {
  const site = await lab();
  const { client } = await login(device(site, 0));
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  site.set(0, { isDown: true });
  await closed;
  await expect(login(device(site, 0))).rejects.toThrow();
  site.heal(0);
  await login(device(site, 0));
  await login(device(site, 1));
});

test('a frozen device answers nothing until it thaws, then everything it owes', async () => {
  const site = await lab();
  const { client } = await login(device(site, 0));
  site.set(0, { isFrozen: true });
  let settled = 0;
  const owed = [run(client, 'echo late'), login(device(site, 0))].map((promise) =>
    promise.finally(() => (settled += 1)),
  );
  await run((await login(device(site, 1))).client, 'sleep 0.1');
  expect(settled).toBe(0);
  site.heal(0);
  const [answer] = await Promise.all(owed);
  expect(answer).toMatchObject({ stdout: 'late\n' });
});

test('two devices swap addresses: connections die and the other machine answers', async () => {
  const site = await lab();
  const { client } = await login(device(site, 0));
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  site.swap(0, 1);
  await closed;
  const { client: after, hostKey } = await login(device(site, 0));
  expect(hostKey).toBe(device(site, 1).hostKeyFingerprint);
  expect((await run(after, 'hostname')).stdout).toBe(`${device(site, 1).name}\n`);
});

test('a clone shows the host key of its original, a stranger one of its own', async () => {
  const site = await lab();
  site.set(1, { cloneOf: 0 });
  expect((await login(device(site, 1))).hostKey).toBe(device(site, 0).hostKeyFingerprint);
  site.heal(1);
  site.set(1, { hostKey: 'other' });
  const { hostKey } = await login(device(site, 1));
  expect(site.devices.map((to) => to.hostKeyFingerprint)).not.toContain(hostKey);
});

test('endless output stops when the reader goes, and the device lives on', async () => {
  const site = await lab();
  site.set(0, { output: 'endless' });
  const { client } = await login(device(site, 0));
  const answer = await run(client, 'echo hello', 1_000_000);
  expect(answer.stdout.length).toBeGreaterThan(1_000_000);
  site.heal(0);
  expect((await run((await login(device(site, 0))).client, 'echo hello')).stdout).toBe('hello\n');
});

test('terminal escapes and bytes that are no text come before the answer', async () => {
  const site = await lab();
  site.set(0, { output: 'ansi-bomb' });
  site.set(1, { output: 'invalid-utf8', hostname: '<img src=x onerror=alert(1)>' });
  expect((await run((await login(device(site, 0))).client, 'echo hello')).stdout).toSatisfy(
    (text: string) => text.startsWith(ANSI_BOMB) && text.endsWith('\nhello\n'),
  );
  expect((await run((await login(device(site, 1))).client, 'hostname')).stdout).toMatch(
    /\ufffd\n<img src=x onerror=alert\(1\)>\n$/,
  );
});

test('a real shell runs what the mini shell does not know, in a folder per device', async () => {
  const sandbox = tempFolder(onTestFinished);
  const site = await lab({ sandbox });
  const { client } = await login(device(site, 0));
  expect(await run(client, 'for i in 1 2; do echo $i; done; pwd; exit 4')).toEqual({
    code: 4,
    signal: undefined,
    stdout: `1\n2\n${sandbox}/${device(site, 0).name}\n`,
  });
  expect(await run(client, 'kill -9 $$')).toMatchObject({ code: null, signal: 'SIGKILL' });
});

test('files travel both ways over SFTP and are the ones the shell sees', async () => {
  const site = await lab();
  const { client } = await login(device(site, 0));
  const sftp = await promisify(client.sftp.bind(client))();
  const content = Buffer.from(Array.from({ length: 100_000 }, (_, i) => 97 + (i % 26)));
  await new Promise<void>((resolve, reject) => {
    sftp.writeFile('/tmp/a.new', content, (error) => (error ? reject(error) : resolve()));
  });
  await new Promise<void>((resolve, reject) => {
    sftp.rename('/tmp/a.new', '/tmp/a', (error) => (error ? reject(error) : resolve()));
  });
  const back = await new Promise<Buffer>((resolve, reject) => {
    sftp.readFile('/tmp/a', (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
  expect(back.equals(content)).toBe(true);
  expect((await run(client, 'cat /tmp/a')).stdout).toBe(content.toString());
  await expect(promisify(sftp.stat.bind(sftp))('/tmp/a.new')).rejects.toThrow('No such file');
  expect(site.file(1, '/tmp/a')).toBeUndefined();
});

test('stop leaves no connection and no listener', async () => {
  const site = await startLab({ devices: 2 });
  const { client } = await login(device(site, 0));
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  await site.stop();
  await closed;
  expect(site.openConnections()).toBe(0);
  await expect(login(device(site, 0))).rejects.toThrow();
});
