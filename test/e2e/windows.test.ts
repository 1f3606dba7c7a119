// Windows machines from end to end: a real console, a real relay and fake hosts; what they tell, what goes wrong in words, and no secret anywhere.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Api, apiClient } from '#console/cli/client.ts';
import { followActions } from '#console/cli/follow-action.ts';
import { loadProfile } from '#console/cli/profile.ts';
import { signRun } from '#console/cli/sign-run.ts';
import { openJobKey } from '#relay/pin/job-key.ts';
import { CredentialStore } from '#relay/transport/credentials.ts';
import { systemClock } from '#shared/base/clock.ts';
import { RelayId } from '#shared/base/id.ts';
import type { CredentialBinding } from '#shared/model/credential.ts';
import { helpOf } from '#shared/model/failure-help.ts';
import { ensureBundles } from '#test/chaos/bundles.ts';
import { Program } from '#test/chaos/program.ts';
import { type LivingDevice, livingDevice } from '#test/fixtures/queue-kit.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { type KdcPeer, startKdc } from '#test/peers/kdc.ts';
import { newDeviceKey } from '#test/peers/queue-device.ts';
import { type SmbdPeer, startSmbd } from '#test/peers/smbd.ts';
import { KerberosAcceptor } from '#test/peers/windows-host/kerberos-acceptor.ts';
import { runPowerShell } from '#test/peers/windows-host/powershell.ts';
import { startWindowsHost, type WindowsHost } from '#test/peers/windows-host/windows-host.ts';
import { freePort } from './running-up.ts';

const folder = makeTempFolder('rmm-windows');
const at = (...parts: string[]) => path.join(folder.path, ...parts);
const relayData = at('relay');
/** Of this run alone: two of them at once on a machine do not meet. */
const PLACE = `127.77.${process.pid % 250}.${1 + (Math.floor(process.pid / 250) % 250)}`;

const PASSWORDS = {
  good: 'canary-windows-5e1f',
  wrong: 'canary-wrong-windows-77',
  realm: 'canary-kerberos-93ab',
  wrongShare: 'canary-wrong-share-4d20',
  /** Of the file server, which makes its own. */
  share: '',
};
const SCRIPT = "Write-Output 'done' # canary-script-body-61c8";
const MONITOR: CredentialBinding = { purpose: 'monitor', ranges: ['127.0.0.0/8'], weakest: 'password' };

let api: Api;
let programs: { console: Program; relay: Program };
let kdc: KdcPeer;
let smbd: SmbdPeer;
/** The two workers of the machine behind the file queue. */
const workers: LivingDevice[] = [];
const hosts = new Map<string, WindowsHost>();
const hostOf = (name: string) => hosts.get(name) ?? expect.fail(`no host ${name}`);
/** The usual ports, in front of the host whose TLS is taken away. */
let usual: { tls: Server; plain: Server } | undefined;
let knocks = 0;
/** Everything a person at a terminal was shown. */
const shown: string[] = [];

/** A verb that ends by itself; what it prints, of both kinds. */
function verb(script: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script, ...args], (_error, stdout, stderr) => resolve(stdout + stderr));
    child.stdin?.end(input);
  });
}

/** One after the other: each is another machine, whichever is ready first. */
async function startHost(name: string, options: Parameters<typeof startWindowsHost>[0] = {}): Promise<WindowsHost> {
  const accounts = [{ user: 'monitor', password: PASSWORDS.good }];
  const host = await startWindowsHost({ index: hosts.size, accounts, lockoutThreshold: 5, ...options });
  hosts.set(name, host);
  return host;
}

async function onPort(port: number, accept: Parameters<typeof createServer>[1]): Promise<Server> {
  const server = createServer(accept).listen(port, PLACE);
  await once(server, 'listening');
  return server;
}

async function startUsual(): Promise<WindowsHost> {
  const host = await startHost('usual');
  const tls = await onPort(5986, (socket) => host.host.accept(socket, true));
  const plain = await onPort(5985, (socket) => {
    knocks += 1;
    host.host.accept(socket, false);
  });
  usual = { tls, plain };
  return host;
}

async function startConsole(script: string): Promise<Program> {
  const [http, https, relay] = await Promise.all([freePort(), freePort(), freePort()]);
  const ports = ['--http-port', `${http}`, '--https-port', `${https}`, '--relay-port', `${relay}`];
  const args = ['console', '--data', at('console'), '--log', 'debug', ...ports];
  const program = new Program({ name: 'console', script, args, logFile: at('console.log') });
  program.start();
  await program.ready();
  api = apiClient(await loadProfile({ data: at('console') }, {}));
  return program;
}

async function enrol(script: string): Promise<RelayId> {
  const site = await api.sites.create({ name: 'Windows', isSimulated: true });
  const { token, owner } = await api.relays.createToken({ siteId: site.id });
  await verb(script, ['relay', 'enroll', '--data', relayData, '--owner', owner, '--token-stdin'], token);
  return RelayId.parse((await api.relays.list()).items[0]?.id);
}

async function powershellOf(script: string, model: WindowsHost['model']) {
  let stdout = '';
  const code = await runPowerShell(
    script,
    {
      ...{ commandLine: '', environment: new Map(), signal: new AbortController().signal },
      write: async (stream, content) => {
        if (stream === 'stdout') stdout += Buffer.from(content).toString();
      },
      read: () => Promise.resolve(undefined),
      sleep: (ms) => systemClock.sleep(ms),
    },
    model,
  );
  return { end: { kind: 'exit', code } as const, stdout };
}

/** A machine that lets in nothing but files and otherwise is like `model`. */
async function startQueue(model: WindowsHost['model']): Promise<void> {
  const options = {
    relayKey: openJobKey(relayData).publicText,
    key: newDeviceKey(),
    identity: { smbiosUuid: '4c4c4544-0031-3010-8048-b9c04f4d3232' },
    run: (script: string) => powershellOf(script, model),
  };
  for (const lane of ['monitor', 'act'] as const) workers.push(await livingDevice(smbd, { ...options, lane }));
}

function addLogins(): void {
  const store = new CredentialStore(path.join(relayData, 'credentials'));
  const user = 'monitor';
  store.add('good', { user, password: PASSWORDS.good, binding: { ...MONITOR, purpose: 'both' } });
  store.add('clear', { user, password: PASSWORDS.good, binding: { ...MONITOR, ntlmOverHttp: true } });
  store.add('wrong', { user: 'EXAMPLE\\monitor', password: PASSWORDS.wrong, binding: MONITOR });
  store.add('realm', { user: 'alice@RMM.TEST', password: PASSWORDS.realm, binding: MONITOR });
  const overSmb: CredentialBinding = { ...MONITOR, purpose: 'both', transports: ['smb'] };
  store.add('share', { user: smbd.user, password: PASSWORDS.share, binding: overSmb });
  store.add('wrong-share', { user: smbd.user, password: PASSWORDS.wrongShare, binding: overSmb });
}

const HERE = { transport: 'winrm' as const, address: '127.0.0.1', intervalMs: 5_000 };

async function addDevices(relayId: RelayId): Promise<void> {
  const tls = await startHost('tls');
  const clear = await startHost('clear');
  const wrong = await startHost('wrong');
  const moved = await startHost('moved');
  const denied = await startHost('denied', { mode: { deniedClasses: ['win32_computersystem'] } });
  const realm = await startHost('realm', { kerberos: () => new KerberosAcceptor(kdc) });
  await startUsual();
  await startQueue(tls.model);
  const common = { ...HERE, relayId, credential: 'good' };
  const queue = { transport: 'smb' as const, port: smbd.port, share: 'files' };
  await api.devices.createMany({
    devices: [
      { ...common, name: 'tls', port: tls.tlsPort },
      { ...common, name: 'clear', port: clear.port, credential: 'clear' },
      { ...common, name: 'not clear', port: clear.port },
      { ...common, name: 'wrong', port: wrong.tlsPort, credential: 'wrong' },
      { ...common, name: 'moved', port: moved.tlsPort },
      { ...common, name: 'denied', port: denied.tlsPort },
      { ...common, name: 'closed', address: PLACE.replace('127.77', '127.78'), port: 5986 },
      { ...common, name: 'usual', address: PLACE, credential: 'clear' },
      { ...common, name: 'realm', port: realm.port, credential: 'realm', spn: 'HTTP/srv1.test' },
      { ...common, ...queue, name: 'share', credential: 'share' },
      { ...common, ...queue, name: 'wrong share', credential: 'wrong-share' },
    ],
  });
}

type Listed = Awaited<ReturnType<Api['devices']['list']>>['items'][number];

const listed = async (): Promise<Map<string, Listed>> =>
  new Map((await api.devices.list({})).items.map((one) => [one.name, one]));

const idOf = async (name: string) => (await listed()).get(name)?.id ?? expect.fail(`no device ${name}`);

async function until(name: string, status: string, reason: string | null): Promise<Listed> {
  const seen = { is: await listed() };
  await vi.waitFor(
    async () => {
      seen.is = await listed();
      expect({ [name]: [seen.is.get(name)?.status, seen.is.get(name)?.statusReason] }).toEqual({
        [name]: [status, reason],
      });
    },
    { timeout: 40_000, interval: 150 },
  );
  return seen.is.get(name) ?? expect.fail(`no device ${name}`);
}

beforeAll(async () => {
  const bundles = await ensureBundles(() => undefined);
  smbd = await startSmbd('signing');
  PASSWORDS.share = smbd.password;
  kdc = await startKdc({ users: { alice: PASSWORDS.realm }, services: ['HTTP/srv1.test'] });
  const console = await startConsole(bundles.rmm);
  const relayId = await enrol(bundles.relay);
  addLogins();
  await addDevices(relayId);
  writeFileSync(at('relay.yaml'), `kerberos:\n  config: ${kdc.configFile}\n`);
  const args = ['relay', 'run', '--data', relayData, '--log', 'debug', '--config', at('relay.yaml')];
  const relay = new Program({ name: 'relay', script: bundles.relay, args, logFile: at('relay.log') });
  programs = { console, relay };
  relay.start();
  await relay.ready();
});

afterAll(async () => {
  await Promise.all([programs?.relay.stop(), programs?.console.stop()]);
  for (const server of [usual?.tls, usual?.plain]) server?.close();
  await Promise.all([...hosts.values()].map((host) => host.stop()));
  for (const worker of workers) await worker[Symbol.asyncDispose]();
  await smbd?.stop();
  await kdc?.stop();
  await folder[Symbol.asyncDispose]();
});

test.each([
  ['tls', { auth: 'ntlm', seal: 'tls' }],
  ['clear', { auth: 'ntlm', seal: 'sealed' }],
  ['realm', { auth: 'kerberos', seal: 'sealed' }],
  ['usual', { auth: 'ntlm', seal: 'tls', port: 5986 }],
  ['share', { transport: 'smb', auth: 'ntlm', seal: 'sealed' }],
])('%s is polled, and the console knows by which way', async (name, way) => {
  await until(name, 'up', null);
  const id = await idOf(name);
  const told = { way: { transport: 'winrm', ...way }, system: 'windows', latest: [expect.anything()] };
  const shows = async () => {
    const { latest, ...device } = await api.devices.show({ id });
    expect({ ...device, latest: latest.slice(0, 1) }).toMatchObject(told);
  };
  await vi.waitFor(shows, { timeout: 20_000, interval: 150 });
});

/** Keys of the certificate before and after, and the tries there were. */
const moved = { former: '', now: '', attempts: 0 };

test('a certificate is changed under one session, and 5986 taken away under another', async () => {
  await Promise.all([until('moved', 'up', null), until('usual', 'up', null)]);
  const host = hostOf('moved');
  const former = host.certificate.keyFingerprint;
  const { keyFingerprint: now } = await host.host.renewCertificate();
  Object.assign(moved, { former, now, attempts: host.host.counts.attempts });
  usual?.tls.close();
  host.host.cut();
  hostOf('usual').host.cut();
});

test('inventory, services, software and event logs of a machine arrive', async () => {
  const id = await idOf('tls');
  const arrived = async () => {
    const kinds = (await api.devices.facts({ id })).facts.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['os', 'services', 'packages', 'security-scan']));
    const { logs } = await api.devices.logs({ id });
    expect(logs.map(({ log }) => log)).toEqual(expect.arrayContaining(['System', 'Application', 'Security']));
  };
  await vi.waitFor(arrived, { timeout: 40_000, interval: 200 });
});

/** Which advice pages and command line give for the words that the relay really says. */
const adviceFor = ({ statusReason, statusDetail }: Listed) =>
  statusReason === null
    ? undefined
    : helpOf({ reason: statusReason, detail: statusDetail ?? '', transport: 'winrm' }).name;

test.each([
  ['wrong', 'denied', /was not accepted/, 'denied'],
  ['closed', 'refused', /port 5986: the port is closed/, 'closed-port'],
  ['denied', 'denied', /Win32_ComputerSystem|access/i, 'rights'],
  ['wrong share', 'denied', /login|password|logon/i, 'denied'],
  ['not clear', 'credential-not-allowed', /not for NTLM over plain HTTP.*--ntlm-over-http/, 'plain-http'],
] as const)('%s says so in words', async (name, reason, detail, advice) => {
  const device = await until(name, 'down', reason);
  expect(device.statusDetail).toMatch(detail);
  expect(adviceFor(device)).toBe(advice);
});

test('a changed certificate is named with both keys, and nobody logs in', async () => {
  const device = await until('moved', 'down', 'host-key-changed');
  expect(device.statusDetail).toContain(`${moved.now} is not the pinned ${moved.former}`);
  expect(adviceFor(device)).toBe('certificate');
  expect(hostOf('moved').host.counts.attempts).toBe(moved.attempts);
});

test('5986 is taken away: the device says what it lost, people are told once, nobody knocks at 5985', async () => {
  const device = await until('usual', 'down', 'refused');
  expect(device.statusDetail).toMatch(
    /port 5986: .*closed; this device was last reached over TLS with NTLM: not tried/,
  );
  expect(adviceFor(device)).toBe('weaker');
  const rows = (await (await api.audit.export({})).text()).split('\n').filter((row) => row.includes('way.refuse'));
  expect(rows).toHaveLength(1);
  expect(knocks).toBe(0);
});

test('an order runs PowerShell, and a look at the machine says each step', async () => {
  const { targets } = await api.devices.targets({ devices: ['tls', 'share'] });
  const action = { name: 'command.run' as const, arguments: { command: SCRIPT } };
  const bounds = { timeoutMs: 15_000, outputBytes: 1_024, concurrency: 2, reason: '', validForMs: 60_000 };
  const signed = await signRun(api, at('console'), { targets, action, ...bounds }, systemClock);
  const { ids } = await api.actions.submit({ signed });
  const follow = { clock: systemClock, deadlineMs: 30_000, signal: new AbortController().signal };
  expect((await followActions(api, ids, follow)).map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
  const bundles = await ensureBundles(() => undefined);
  const look = ['relay', 'probe', '127.0.0.1', '--port', `${hostOf('tls').tlsPort}`, '--credential', 'good'];
  const said = await verb(bundles.relay, [...look, '--data', relayData]);
  expect(said).toMatch(/certificate key +SHA256:/);
  expect(said).toMatch(/login +over TLS with NTLM at port/);
  // A line for each step, so that one paste says where it ends.
  expect(said).toMatch(/channel binding +\d+ bytes/);
  expect(said).toMatch(/NTLM flags +0x[0-9a-f]{8}, all that is demanded/);
  expect(said).toMatch(/sealing +bound to the certificate/);
  expect(said).toMatch(/Identify +OS: .*Microsoft Corporation/);
  expect(said).toMatch(/WQL +Microsoft Windows/);
  expect(said).toMatch(/shell +PowerShell .*exit code 0/);
  shown.push(said);
});

test('no password and no script stands in a log, an answer, the spool or a database', async () => {
  const { items } = await api.devices.list({});
  const answers: unknown[] = [items, shown, await (await api.audit.export({})).text()];
  for (const { id } of items) answers.push(await api.devices.show({ id }), await api.devices.events({ id }));
  const found = (text: string) => Object.values(PASSWORDS).filter((secret) => text.includes(secret));
  expect(found(JSON.stringify(answers))).toEqual([]);
  const files = readdirSync(folder.path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder.path, path.join(entry.parentPath, entry.name)));
  expect(files).toEqual(expect.arrayContaining(['console.log', 'relay.log', 'relay/spool.db', 'console/console.db']));
  for (const file of files.filter((name) => !name.startsWith('relay/credentials/')))
    expect(found(readFileSync(at(file), 'latin1')), file).toEqual([]);
  for (const log of ['relay.log', 'console.log']) expect(readFileSync(at(log), 'utf8')).not.toContain('canary-');
  expect([...hosts.values()].map(({ host }) => host.accounts.badPasswords('monitor')).filter((n) => n > 1)).toEqual([]);
});
