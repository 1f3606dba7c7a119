// A session through a share in memory, with a reference device at the other end: what runs, what is refused, what is taken back.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobKeyFrom } from '#relay/pin/job-key.ts';
import { smbFailure } from '#relay/transport/smb/smb-fault.ts';
import type { RunRequest } from '#relay/transport/transport.ts';
import { powershellBlock } from '#relay/transport/winrm/powershell.ts';
import { ManifestId, newId, systemRandom } from '#shared/base/id.ts';
import { FakeClock, settle } from '#test/fixtures/fake-clock.ts';
import { MemoryShare } from '#test/fixtures/memory-share.ts';
import { newDeviceKey, QueueDevice, type QueueDeviceOptions, type Ran } from '#test/peers/queue-device.ts';
import { JobRunner } from './job-runner.ts';
import { meetDevice, QueueSession } from './queue-session.ts';
import { QueueShare } from './queue-share.ts';
import { isLeftover, sweepQueue } from './queue-sweep.ts';

const IDENTITY = {
  smbiosUuid: '4C4C4544-0031-3010-8048-B9C04F4D3232',
  machineId: '0f0f7b1e-5a35-4a0c-9f5e-1f7f0d9f3c11',
};
const never = new AbortController().signal;
const relayKey = jobKeyFrom(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');

let clock: FakeClock;
let files: MemoryShare;
let runner: JobRunner;
let answer: (script: string) => Ran;
let device: QueueDevice;
let key: KeyObject;

const newDevice = (more: Partial<QueueDeviceOptions> = {}) =>
  new QueueDevice({
    files,
    relayKey: relayKey.publicText,
    identity: IDENTITY,
    now: () => clock.now(),
    run: (script) => answer(script),
    ...more,
  });

beforeEach(() => {
  clock = new FakeClock();
  files = new MemoryShare();
  runner = new JobRunner({ clock, random: systemRandom, key: relayKey, share: new QueueShare(files), name: 'pc-1' });
  answer = (script) => ({ end: { kind: 'exit', code: 0 }, stdout: script });
  key = newDeviceKey();
  device = newDevice({ key });
});
afterEach(async () => {
  await runner.close();
  expect(clock.sleeping).toBe(0);
});

/** Turns given to both sides until what was asked is settled. */
async function withDevice<T>(asked: Promise<T>, ...devices: QueueDevice[]): Promise<T> {
  let isOver = false;
  const over = asked.finally(() => {
    isOver = true;
  });
  over.catch(() => undefined); // awaited below
  for (let turn = 0; turn < 40 && !isOver; turn += 1) {
    for (const one of devices) await one.look();
    await settle();
  }
  return over;
}

async function openSession(by = device) {
  const met = await withDevice(meetDevice(runner, 'monitor', 'pc-1', never), by);
  if (!met.ok) throw new Error(met.detail);
  const way = { transport: 'smb', port: 445, auth: 'ntlm', seal: 'sealed' } as const;
  const connection = { tree: () => Promise.resolve(smbFailure('no-such-share', 'pc-1: no share')) };
  const rest = { name: 'pc-1', clock, runner, met: met.value, address: '10.0.0.7', way };
  return new QueueSession({ ...rest, isOpen: () => files.isOpen, close: () => undefined, connection });
}
const request = (more: Partial<RunRequest> = {}): RunRequest => ({
  script: "Write-Output 'Häuser'",
  timeoutMs: 10_000,
  maxOutputBytes: 1_000,
  ...more,
});

test('a device says who it is, and its answer key is part of that', async () => {
  const session = await openSession();
  expect(session.identity).toEqual({
    smbiosUuid: IDENTITY.smbiosUuid.toLowerCase(),
    machineId: IDENTITY.machineId,
    macs: [],
    hostKey: device.fingerprint,
  });
  expect([session.system, session.hostname]).toEqual(['windows', 'WIN-LAB']);
});

test('a script runs once, and nothing of it is left on the share', async () => {
  const session = await openSession();
  const ran = await withDevice(session.run(request(), never), device);
  expect(ran).toMatchObject({ ok: true, value: { end: { kind: 'exit', code: 0 }, isTruncated: false } });
  expect(ran.ok && text(ran.value.stdout)).toBe(powershellBlock("Write-Output 'Häuser'"));
  expect(device.ran).toHaveLength(2);
  expect([...files.files.keys()]).toEqual([]);
});

test('answers are found on a share that tells of no change', async () => {
  files.isDeaf = true;
  const session = await openSession();
  const asked = session.run(request(), never);
  await settle();
  await device.look();
  await clock.advance(2_000);
  expect(await asked).toMatchObject({ ok: true });
});

test('an order goes to the worker of orders, and says which order it is', async () => {
  const session = await openSession();
  const orders: (string | undefined)[] = [];
  const run: QueueDeviceOptions['run'] = (_, job) => {
    orders.push(job.order);
    return { end: { kind: 'exit', code: 7 } };
  };
  const order = ManifestId.parse(newId(clock.now()));
  const asked = () => session.run(request({ order }), never);
  // Both workers of a machine sign with its one key; a worker of another machine does not run what is meant for this one.
  const done = await withDevice(asked(), device, newDevice({ lane: 'act', key, run }));
  expect(done).toMatchObject({ ok: true, value: { end: { kind: 'exit', code: 7 } } });
  const other = newDevice({ lane: 'act', run });
  expect(await withDevice(asked(), device, other)).toMatchObject({ ok: false, reason: 'identity-changed' });
  expect([orders, other.refused.map(({ why }) => why)]).toEqual([[order], ['other-device']]);
});

test('what nothing takes is taken back, and never runs', async () => {
  const session = await openSession();
  const asked = session.run(request(), never);
  await settle();
  expect(files.names('jobs')).toHaveLength(1);
  await clock.advance(30_000);
  expect(await asked).toMatchObject({
    ok: false,
    reason: 'timed-out',
    detail: expect.stringContaining('scheduled task'),
  });
  await device.look();
  expect(device.ran).toHaveLength(1); // the hello
  expect([...files.files.keys()]).toEqual([]);
});

test('a job that is cancelled before it was taken never runs; one that was taken is asked to stop', async () => {
  const session = await openSession();
  const early = new AbortController();
  const first = session.run(request(), early.signal);
  await settle();
  early.abort();
  expect(await first).toMatchObject({ ok: false, reason: 'cancelled' });
  expect(files.names('jobs')).toEqual([]);
  const late = new AbortController();
  let stopped: (ran: Ran) => void = () => undefined;
  const slow = newDevice({ run: () => new Promise<Ran>((resolve) => (stopped = resolve)) });
  const own = await openSession(slow);
  const second = own.run(request(), late.signal);
  await settle();
  const working = slow.look();
  await settle();
  late.abort();
  await settle();
  expect(files.names('claimed').filter((name) => name.endsWith('.stop'))).toHaveLength(1);
  stopped({ end: { kind: 'stopped' } });
  await working;
  expect(await second).toMatchObject({ ok: false, reason: 'cancelled', detail: 'pc-1: stopped by us' });
});

test('a script that outlives its time is a time-out, whether its device says so or is silent', async () => {
  answer = () => ({ end: { kind: 'timed-out' } });
  const session = await openSession();
  expect(await withDevice(session.run(request(), never), device)).toMatchObject({ ok: false, reason: 'timed-out' });
  const silent = newDevice({ run: () => new Promise<Ran>(() => undefined) });
  const other = await openSession(silent);
  const asked = other.run(request(), never);
  await settle();
  void silent.look();
  await settle();
  await clock.advance(30_000 + 10_000 + 15_000 + 8_000);
  expect(await asked).toMatchObject({
    ok: false,
    reason: 'timed-out',
    detail: expect.stringContaining('not confirmed'),
  });
});

test.each([
  [
    'an answer of another device',
    (job: string, by: QueueDevice) => by.answerText(job, ran(), some, none),
    'identity-changed',
  ],
  [
    'an altered output',
    (job: string, _: QueueDevice, own: QueueDevice) => swapped(own.answerText(job, ran(), some, none)),
    'malformed',
  ],
  [
    'an answer to another job',
    (_: string, __: QueueDevice, own: QueueDevice) => own.answerText(newId(0), ran(), some, none),
    'malformed',
  ],
  ['rubbish', () => Buffer.from('rmm-answer 1\n'), 'malformed'],
  ['nothing', () => Buffer.alloc(0), 'malformed'],
  ['a flood', () => Buffer.alloc(100_000, 0x41), 'too-large'],
  [
    'more output than was asked for',
    (job: string, _: QueueDevice, own: QueueDevice) => own.answerText(job, ran(), Buffer.alloc(1_001), none),
    'too-large',
  ],
])('a neighbour on the share writes %s: it is refused', async (_, forge, reason) => {
  const session = await openSession();
  const asked = session.run(request(), never);
  await settle();
  const [name = ''] = files.names('jobs');
  const job = name.slice(0, 36);
  await files.write(`done/${job}.answer`, forge(job, newDevice(), device), { isReplacing: false });
  await settle();
  expect(await asked).toMatchObject({ ok: false, reason });
});

const some = Buffer.from('some');
const none = Buffer.alloc(0);
const ran = () => ({ kind: 'ran', end: { kind: 'exit', code: 0 }, isTruncated: false, startedAt: 1 });
const swapped = (answerBytes: Buffer) =>
  Buffer.from(answerBytes.toString('latin1').replace(some.toString('base64'), Buffer.from('evil').toString('base64')));

test('a job that is put back runs no second time', async () => {
  const session = await openSession();
  const asked = session.run(request(), never);
  await settle();
  const [name = ''] = files.names('jobs');
  const copy = files.files.get(`jobs/${name}`) ?? none;
  await withDevice(asked, device);
  await files.write(`jobs/${name}`, copy, { isReplacing: false });
  await device.look();
  expect(device.refused).toEqual([{ id: name.slice(0, 36), why: 'replayed' }]);
});

test('an unsigned or altered job is refused in writing, and says why', async () => {
  const session = await openSession();
  const asked = session.run(request(), never);
  await settle();
  const [name = ''] = files.names('jobs');
  const [head = '', jws = ''] = Buffer.from(files.files.get(`jobs/${name}`) ?? none)
    .toString()
    .split('\n');
  files.files.set(`jobs/${name}`, Buffer.from(`${head}\n${jws}\n${Buffer.from('evil').toString('base64')}\n`));
  expect(await withDevice(asked, device)).toMatchObject({
    ok: false,
    reason: 'malformed',
    detail: expect.stringContaining('altered'),
  });
  expect(device.ran).toHaveLength(1);
});

test('variables of a site, NUL and what is too long go through no queue', async () => {
  const session = await openSession();
  const refused = (more: Partial<RunRequest>) => session.run(request(more), never);
  expect(await refused({ variables: new Map([['TOKEN', 'x']]) })).toMatchObject({ ok: false, reason: 'unsupported' });
  expect(await refused({ script: 'a\0b' })).toMatchObject({ ok: false, reason: 'unsupported' });
  expect(await refused({ script: 'x'.repeat(262_145) })).toMatchObject({ ok: false, reason: 'too-large' });
  expect(files.names('jobs')).toEqual([]);
});

test('a share that is lost ends what waits, and a device whose clock is wrong is told so', async () => {
  const session = await openSession();
  const asked = session.run(request(), never);
  await settle();
  files.isOpen = false;
  await clock.advance(2_000);
  expect(await asked).toMatchObject({ ok: false, reason: 'lost' });
  files.isOpen = true;
  files.files.clear();
  const behind = newDevice({ now: () => clock.now() - 3_600_000 });
  const met = await withDevice(meetDevice(runner, 'monitor', 'pc-1', never), behind);
  expect(met).toMatchObject({ ok: false, reason: 'refused', detail: expect.stringContaining('its clock is behind') });
});

test('leftovers go by the time in their names, and files of others stay', async () => {
  const old = newId(clock.now() - 26 * 3_600_000);
  const young = newId(clock.now() - 3_600_000);
  for (const path of [
    `jobs/${old}.monitor.job`,
    `claimed/${old}.stop`,
    `done/${old}.answer`,
    `done/${young}.answer`,
    'done/notes.txt',
  ])
    files.files.set(path, none);
  expect(await sweepQueue(new QueueShare(files), clock.now(), never)).toBe(3);
  expect([...files.files.keys()]).toEqual([`done/${young}.answer`, 'done/notes.txt']);
  expect(isLeftover('00000000-0000-4000-8000-000000000000.answer', clock.now())).toBe(false);
});
