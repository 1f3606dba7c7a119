// The promises of a transport, kept on this very machine by real shells.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { RunRequest, Session } from '#relay/transport/transport.ts';
import { systemClock } from '#shared/base/clock.ts';
import { DeviceId, newId, systemRandom } from '#shared/base/id.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { LocalTransport } from './local-transport.ts';

const entry: RosterEntry = {
  device: DeviceId.parse(newId(0)),
  name: 'this-machine',
  transport: 'local',
  address: 'localhost',
  intervalMs: 10_000,
};
const never = new AbortController().signal;
const request = (script: string, more: Partial<RunRequest> = {}): RunRequest => ({
  script,
  timeoutMs: 10_000,
  maxOutputBytes: 65_536,
  ...more,
});
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
const isAlive = (marker: string) => spawnSync('pgrep', ['-f', `^sleep ${marker}$`]).status === 0;
let sleepers = 0;
/** A sleep nobody else on this machine has. */
const uniqueSleep = () => {
  sleepers += 1;
  return `9${process.pid}.${sleepers}`;
};

async function open(): Promise<Session> {
  const opened = await new LocalTransport({ clock: systemClock, random: systemRandom }).open(entry, never);
  if (!opened.ok) throw new Error(opened.detail);
  return opened.value;
}

test('the session knows this machine before anything else runs', async () => {
  const session = await open();
  expect(session.system).toBe('linux');
  expect(session.hostname).toBe(readFileSync('/proc/sys/kernel/hostname', 'utf8').trim());
  expect(session.isOpen).toBe(true);
});

test('a script ends with its code, its outputs and nothing of ours', async () => {
  const session = await open();
  const ran = await session.run(request(`printf 'it'"'"'s'; echo no >&2; exit 7`), never);
  expect(ran).toMatchObject({ ok: true, value: { end: { kind: 'exit', code: 7 }, isTruncated: false } });
  if (!ran.ok) return;
  expect(text(ran.value.stdout)).toBe("it's");
  expect(text(ran.value.stderr)).toBe('no\n');
  expect(ran.value.hasOpenChild).toBe(false);
});

test('bytes that are no text arrive as they are', async () => {
  const session = await open();
  const ran = await session.run(request(`printf '\\377\\000\\033[2J\\r\\n'`), never);
  expect(ran.ok && Buffer.from(ran.value.stdout).toString('hex')).toBe('ff001b5b324a0d0a');
});

test('a plain wait in a script does not wait for the watchdog', async () => {
  const session = await open();
  const ran = await session.run(request('sleep 0.01 & wait; echo done'), never);
  expect(ran.ok && text(ran.value.stdout)).toBe('done\n');
});

test('a script that dies of a signal says which', async () => {
  const session = await open();
  const ran = await session.run(request('kill -KILL $$'), never);
  expect(ran.ok && ran.value.end).toEqual({ kind: 'signal', signal: 'SIGKILL' });
});

test('a script with a syntax error fails with a code', async () => {
  const session = await open();
  const ran = await session.run(request('if; then }'), never);
  expect(ran.ok && ran.value.end).toEqual({ kind: 'exit', code: 2 });
});

test('a script with a NUL byte is refused instead of being run as something else', async () => {
  const session = await open();
  expect(await session.run(request('echo a\0b'), never)).toMatchObject({ ok: false, reason: 'unsupported' });
});

test('output over the cap ends a poll and is cut for a job', async () => {
  const session = await open();
  const script = 'i=0; while [ $i -lt 200 ]; do echo 0123456789; i=$((i+1)); done; echo last >&2';
  const poll = await session.run(request(script, { maxOutputBytes: 100 }), never);
  expect(poll).toMatchObject({ ok: false, reason: 'too-large' });
  const job = await session.run(request(script, { maxOutputBytes: 100, keepTruncated: true }), never);
  expect(job).toMatchObject({ ok: true, value: { end: { kind: 'exit', code: 0 }, isTruncated: true } });
  if (!job.ok) return;
  expect(job.value.stdout).toHaveLength(100);
  expect(text(job.value.stderr)).toBe('last\n');
});

test('output without end is cut off even for a job, and its maker killed', async () => {
  const session = await open();
  const ran = await session.run(request('exec yes', { keepTruncated: true, maxOutputBytes: 1_000 }), never);
  expect(ran).toMatchObject({ ok: false, reason: 'too-large' });
});

test('a deadline kills the whole process group', async () => {
  const session = await open();
  const nap = uniqueSleep();
  const ran = await session.run(request(`(sleep ${nap}; :) & sleep ${nap}`, { timeoutMs: 200 }), never);
  expect(ran).toMatchObject({ ok: false, reason: 'timed-out' });
  expect(isAlive(nap)).toBe(false);
});

test('cancel kills a group that ignores TERM before it resolves', async () => {
  const session = await open();
  const nap = uniqueSleep();
  const cancel = new AbortController();
  const running = session.run(request(`trap '' TERM; sleep ${nap} & while :; do sleep ${nap}; done`), cancel.signal);
  await expect.poll(() => isAlive(nap)).toBe(true);
  cancel.abort();
  expect(await running).toMatchObject({ ok: false, reason: 'cancelled' });
  expect(isAlive(nap)).toBe(false);
});

test('closing the session stops what runs', async () => {
  const session = await open();
  const nap = uniqueSleep();
  const running = session.run(request(`sleep ${nap}`), never);
  await expect.poll(() => isAlive(nap)).toBe(true);
  session.close();
  expect(await running).toMatchObject({ ok: false, reason: 'cancelled' });
  expect(isAlive(nap)).toBe(false);
  expect(session.isOpen).toBe(false);
});

test('a child that keeps the output open does not keep the result', async () => {
  const session = await open();
  const nap = uniqueSleep();
  const ran = await session.run(request(`sleep ${nap} & echo started`), never);
  spawnSync('pkill', ['-f', `^sleep ${nap}$`]);
  expect(ran).toMatchObject({ ok: true, value: { end: { kind: 'exit', code: 0 }, hasOpenChild: true } });
  expect(ran.ok && text(ran.value.stdout)).toBe('started\n');
});

test('a script does not see the environment of the relay', async () => {
  process.env['RMM_CANARY'] = 'canary';
  const ran = await (await open()).run(request('env'), never);
  delete process.env['RMM_CANARY'];
  expect(ran.ok && text(ran.value.stdout)).not.toContain('canary');
});

test('a written file has its hash, its mode and leaves no temporary file', async () => {
  const folder = tempFolder(onTestFinished);
  const session = await open();
  const target = path.join(folder, 'a file');
  const content = new Uint8Array(300_000).fill(7);
  expect(await session.write(target, content, never)).toEqual({ ok: true, value: undefined });
  expect(createHash('sha256').update(readFileSync(target)).digest('hex')).toBe(
    createHash('sha256').update(content).digest('hex'),
  );
  expect(statSync(target).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['a file']);
});

test('a file replaced keeps its mode', async () => {
  const folder = tempFolder(onTestFinished);
  const target = path.join(folder, 'conf');
  writeFileSync(target, 'old', { mode: 0o640 });
  expect((await (await open()).write(target, Buffer.from('new'), never)).ok).toBe(true);
  expect(statSync(target).mode & 0o777).toBe(0o640);
  expect(readFileSync(target, 'utf8')).toBe('new');
});

test('reading is capped and names what it cannot read', async () => {
  const folder = tempFolder(onTestFinished);
  const session = await open();
  const file = path.join(folder, 'five');
  writeFileSync(file, '12345');
  mkdirSync(path.join(folder, 'dir'));
  spawnSync('mkfifo', [path.join(folder, 'pipe')]);
  expect(await session.read(file, 5, never)).toMatchObject({ ok: true });
  expect(await session.read(file, 4, never)).toMatchObject({ ok: false, reason: 'too-large' });
  expect(await session.read(path.join(folder, 'none'), 5, never)).toMatchObject({ ok: false, reason: 'refused' });
  expect(await session.read(path.join(folder, 'dir'), 5, never)).toMatchObject({ ok: false, reason: 'unsupported' });
  expect(await session.read(path.join(folder, 'pipe'), 5, never)).toMatchObject({ ok: false, reason: 'unsupported' });
  expect(await session.read('/proc/self/status', 65_536, never)).toMatchObject({ ok: true });
});
