// Canaries: every secret of a running house is looked for in files, logs, process lists, environments, sockets and answers where it must not be.
import { execFile, execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Api, apiClient } from '#console/cli/client.ts';
import { followActions } from '#console/cli/follow-action.ts';
import { loadProfile } from '#console/cli/profile.ts';
import { signRun } from '#console/cli/sign-run.ts';
import { systemClock } from '#shared/base/clock.ts';
import { RelayId } from '#shared/base/id.ts';
import { parseToken } from '#shared/crypto/token.ts';
import { type Bundles, ensureBundles } from '#test/chaos/bundles.ts';
import { Program } from '#test/chaos/program.ts';
import { openSshPair } from '#test/fixtures/ssh-key-pair.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { type Lab, startLab } from '#test/lab/lab.ts';
import { descendantsOf } from '#test/peers/process-tree.ts';
import { type SshdPeer, startSshd } from '#test/peers/sshd.ts';

interface Canary {
  what: string;
  text: string;
  /** The one file that may hold it, below the folder of all data; none may where it is absent. */
  home?: string;
}

const folder = makeTempFolder('rmm-secrets');
const [consoleData, relayData] = [path.join(folder.path, 'console'), path.join(folder.path, 'relay')];
const at = (...parts: string[]) => path.join(folder.path, ...parts);

let bundles: Bundles;
let lab: Lab;
let sshd: SshdPeer;
let api: Api;
let url: string;
let programs: { console: Program; relay: Program };
const canaries: Canary[] = [];
/** Everything a person at a terminal, or a browser, was shown. */
const shown: string[] = [];
/** Command lines of all processes of this machine, environments of ours, as they came and went. */
const listed = new Set<string>();
const watching = new AbortController();

/** A verb that ends by itself; what it prints is kept. */
function verb(args: readonly string[], input: string): Promise<number> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [bundles.relay, ...args], (error, stdout, stderr) => {
      shown.push(stdout, stderr);
      resolve(error === null ? 0 : 1);
    });
    child.stdin?.end(input);
  });
}

const addLogin = (name: string, ...rest: [input: string, ...flags: string[]]) => {
  const [input, ...flags] = rest;
  return verb(['relay', 'credential', 'add', name, '--data', relayData, ...flags], input);
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return ''; // the process has ended
  }
}

/** What `ps` can show, all the time. */
async function watchProcesses(): Promise<void> {
  while (!watching.signal.aborted) {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
      listed.add(read(`/proc/${pid}/cmdline`));
    for (const pid of descendantsOf(process.pid)) listed.add(read(`/proc/${pid}/environ`));
    // Our shortest program lives for twice that; more often would slow down what is looked at.
    await systemClock.sleep(100);
  }
}

async function startConsole(): Promise<Program> {
  const [http, https, relay] = await Promise.all([freePort(), freePort(), freePort()]);
  const ports = ['--http-port', `${http}`, '--https-port', `${https}`, '--relay-port', `${relay}`];
  const program = new Program({
    name: 'console',
    script: bundles.rmm,
    args: ['console', '--data', consoleData, '--log', 'debug', ...ports],
    logFile: at('console.log'),
  });
  program.start();
  await program.ready();
  const profile = await loadProfile({ data: consoleData }, {});
  canaries.push({ what: 'API token', text: profile.token, home: 'console/cli/profile.json' });
  url = profile.url;
  api = apiClient(profile);
  return program;
}

async function enrol(): Promise<RelayId> {
  const site = await api.sites.create({ name: 'Canaries', isSimulated: true });
  const { token, owner } = await api.relays.createToken({ siteId: site.id });
  canaries.push({ what: 'enrolment token', text: token }, { what: 'its secret', text: parseToken(token).secret });
  const enroll = ['relay', 'enroll', '--data', relayData, '--owner', owner, '--token-stdin'];
  // Mistyped, then whole, then used up: each answer is kept.
  expect(await verb(enroll, token.slice(0, -1))).toBe(1);
  expect(await verb(enroll, token)).toBe(0);
  expect(await verb(['relay', 'enroll', '--data', at('second'), '--owner', owner, '--token-stdin'], token)).toBe(1);
  return RelayId.parse((await api.relays.list()).items[0]?.id);
}

/** One login of each kind, and two that do not work. */
async function addLogins(): Promise<void> {
  const passphrase = 'canary-passphrase-5c1f';
  const key = openSshPair('ed25519', passphrase);
  appendFileSync(path.join(sshd.folder, 'authorized_keys'), `${key.public}\n`);
  writeFileSync(at('key'), key.private, { mode: 0o600 });
  const password = lab.devices[0]?.password ?? '';
  const onLoopback = ['--ranges', '127.0.0.0/8'];
  expect(await addLogin('lab', password, '--user', 'lab', '--password-stdin', ...onLoopback)).toBe(0);
  expect(await addLogin('wrong', 'canary-wrong-password-77', '--user', 'lab', '--password-stdin', ...onLoopback)).toBe(
    0,
  );
  const withKey = ['--user', sshd.user, '--key-file', at('key'), '--passphrase-stdin'];
  expect(await addLogin('real', 'canary-not-the-passphrase', ...withKey)).toBe(1);
  expect(await addLogin('real', passphrase, ...withKey)).toBe(0);
  const broken = '{"user": "lab", "password": "canary-broken-file-90"';
  writeFileSync(path.join(relayData, 'credentials', 'broken.json'), broken, { mode: 0o600 });
  const stored: { privateKey: string } = JSON.parse(
    readFileSync(path.join(relayData, 'credentials/real.json'), 'utf8'),
  );
  canaries.push(
    { what: 'device password', text: password, home: 'relay/credentials/lab.json' },
    { what: 'wrong password', text: 'canary-wrong-password-77', home: 'relay/credentials/wrong.json' },
    { what: 'password in a broken file', text: 'canary-broken-file-90', home: 'relay/credentials/broken.json' },
    { what: 'device key', text: stored.privateKey.split('\n')[2] ?? '', home: 'relay/credentials/real.json' },
    { what: 'passphrase', text: passphrase },
    { what: 'wrong passphrase', text: 'canary-not-the-passphrase' },
  );
}

/** The keys the programs made for themselves: the longest word of each file. */
function addOwnKeys(): void {
  const files = [
    'console/owner/owner.key',
    'console/cli/signer.key',
    'console/audit/audit.key',
    'relay/identity/identity.json',
  ];
  const certs = readdirSync(path.join(consoleData, 'certs')).filter((name) => name.endsWith('.key'));
  for (const home of [...files, ...certs.map((name) => `console/certs/${name}`)]) {
    const text = readFileSync(at(home), 'utf8');
    const secret = /"d":"([^"]{40,})"/.exec(text)?.[1] ?? /PRIVATE KEY-----(?:\\n|\n)([^-\\\n]{40,})/.exec(text)?.[1];
    expect(secret, home).toBeDefined();
    canaries.push({ what: `key of ${home}`, text: secret ?? '', home });
  }
}

async function addDevices(relayId: RelayId): Promise<void> {
  const [first, second] = lab.devices;
  if (first === undefined || second === undefined) throw new Error('no devices');
  const simulated = { relayId, transport: 'ssh' as const, intervalMs: 5_000, address: first.address, port: first.port };
  await api.devices.createMany({
    devices: [
      { ...simulated, name: 'by password', credential: 'lab' },
      { ...simulated, name: 'denied', address: second.address, credential: 'wrong' },
      { ...simulated, name: 'broken', credential: 'broken' },
      { ...simulated, name: 'by key', address: '127.0.0.1', port: sshd.port, credential: 'real' },
    ],
  });
}

async function signIn(): Promise<void> {
  const link = await api.session.createLink();
  const secret = link.url.split('#')[1] ?? '';
  canaries.push({ what: 'sign-in secret', text: secret });
  const post = async (body: object, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    shown.push(await answer.text());
    return answer;
  };
  const cookie = (await post({ secret })).headers.get('set-cookie') ?? '';
  canaries.push({ what: 'session', text: /=([^;]{20,})/.exec(cookie)?.[1] ?? '' });
  await post({ secret });
  const guess = 'canary-guessed-secret-0123456789';
  await post({ secret: guess });
  await post({ wrongField: guess }, { authorization: `Bearer ${guess}`, cookie: `rmm=${guess}` });
  canaries.push({ what: 'guessed secret', text: guess });
}

async function statesOf(): Promise<Record<string, string>> {
  const { items } = await api.devices.list({});
  return Object.fromEntries(items.map(({ name, status, statusReason }) => [name, `${status} ${statusReason}`]));
}

beforeAll(async () => {
  bundles = await ensureBundles(() => undefined);
  void watchProcesses();
  [lab, sshd] = await Promise.all([startLab({ devices: 2, base: '127.35.0.1' }), startSshd()]);
  const console = await startConsole();
  const relayId = await enrol();
  await addLogins();
  addOwnKeys();
  await addDevices(relayId);
  const args = ['relay', 'run', '--data', relayData, '--log', 'debug'];
  const relay = new Program({ name: 'relay', script: bundles.relay, args, logFile: at('relay.log') });
  programs = { console, relay };
  relay.start();
  await relay.ready();
  await signIn();
  const expected = {
    'by password': 'up null',
    'by key': 'up null',
    denied: 'down denied',
    broken: 'down credential-missing',
  };
  await vi.waitFor(async () => expect(await statesOf()).toEqual(expected), { timeout: 20_000, interval: 200 });
  const { targets } = await api.devices.targets({ devices: ['by password', 'by key'] });
  const action = { name: 'command.run' as const, arguments: { command: 'sleep 0.2; hostname' } };
  const order = {
    targets,
    action,
    timeoutMs: 5_000,
    outputBytes: 1_024,
    concurrency: 2,
    reason: '',
    validForMs: 60_000,
  };
  const { ids } = await api.actions.submit({ signed: await signRun(api, consoleData, order, systemClock) });
  const follow = { clock: systemClock, deadlineMs: 20_000, signal: watching.signal };
  expect((await followActions(api, ids, follow)).map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
});

afterAll(async () => {
  watching.abort();
  await Promise.all([programs?.relay.stop(), programs?.console.stop(), lab?.stop(), sshd?.stop()]);
  await folder[Symbol.asyncDispose]();
});

/** Every canary found in `text`. */
const foundIn = (text: string, but?: string): string[] =>
  canaries.filter(({ text: secret, home }) => home !== but && text.includes(secret)).map(({ what }) => what);

test('there is a canary for each kind of secret, and each lives where it should', () => {
  for (const { what, text, home } of canaries) {
    expect(text.length, what).toBeGreaterThan(15);
    if (home === undefined) continue;
    expect(readFileSync(at(home), 'utf8'), what).toContain(text);
    expect(statSync(at(home)).mode & 0o777, home).toBe(0o600);
    expect(statSync(path.dirname(at(home))).mode & 0o777, path.dirname(home)).toBe(0o700);
  }
  expect(canaries.length).toBeGreaterThanOrEqual(16);
});

test('no file but its own holds a secret: no database, no write-ahead log, no log file, and nothing of devices at the console', () => {
  const files = readdirSync(folder.path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder.path, path.join(entry.parentPath, entry.name)));
  // Ours, and what it was made from is not ours to keep.
  const looked = files.filter((file) => file !== 'key');
  expect(looked).toEqual(expect.arrayContaining(['console/console.db', 'relay/spool.db', 'console.log', 'relay.log']));
  for (const file of looked) expect(foundIn(readFileSync(at(file), 'latin1'), file), file).toEqual([]);
});

test('no process list and no environment of ours showed a secret at any time', () => {
  expect(listed.size).toBeGreaterThan(10);
  expect([...listed].some((line) => line.includes('relay.cjs\0relay\0run'))).toBe(true);
  expect(foundIn([...listed].join('\n'))).toEqual([]);
});

test('no answer of the API and nothing on a terminal told a secret, whatever was wrong', async () => {
  const { items } = await api.devices.list({});
  const answers: unknown[] = [items, shown];
  for (const { id } of items) answers.push(await api.devices.show({ id }), await api.devices.events({ id }));
  for (const { id } of items) answers.push(await api.devices.facts({ id }));
  const actions = await api.actions.list({});
  for (const { id } of actions.items) answers.push(await api.actions.show({ id }));
  answers.push(await api.relays.list(), await api.sites.list(), await api.system.status({}), await api.audit.list({}));
  // Every row of the trail, as it leaves the house.
  const trail = await (await api.audit.export({})).text();
  expect(trail.trim().split('\n').length).toBeGreaterThan(10);
  answers.push(trail, await api.audit.checkpoints({}), await api.audit.verify({ witness: true }));
  expect(items.find(({ name }) => name === 'broken')?.statusDetail).toContain('broken.json: not JSON');
  expect(shown.join('\n')).toMatch(/token-used|bad-request/);
  expect(foundIn(JSON.stringify(answers))).toEqual([]);
});

test('the relay listens on no TCP and no UDP port while its link and its sessions are open', () => {
  const sockets = (...flags: string[]) =>
    execFileSync('ss', [...flags, '-np'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(`pid=${programs.relay.pid},`));
  // Its link to the console and a session on each of two devices: the look through ss does see this process.
  expect(sockets('-t').length).toBeGreaterThanOrEqual(3);
  expect(sockets('-ltu')).toEqual([]);
});
