// A hook is asked once at a time, its login kept no longer than it holds; whatever it does, the reason holds no secret.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '#shared/base/clock.ts';
import { DeviceId, newId } from '#shared/base/id.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { type HookAsk, LoginHooks } from './login-hooks.ts';

const NOW = Date.parse('2026-11-23T00:00:00Z');
const answer = (password: string, expiresAt: unknown = NOW + 60_000) =>
  JSON.stringify({ user: 'admin', password, expiresAt });

function setUp(script: string) {
  const folder = path.join(tempFolder(onTestFinished), 'hooks');
  mkdirSync(folder, { mode: 0o700 });
  const file = path.join(folder, 'laps');
  const write = (text: string) => writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o700 });
  write(script);
  let [now, passedMs] = [NOW, 0];
  const clock = { ...systemClock, now: () => now, monotonic: () => systemClock.monotonic() + passedMs };
  const hooks = new LoginHooks({ clock, folder, uid: process.getuid?.() ?? 0 });
  const device = {
    id: DeviceId.parse(newId(0)),
    name: 'web-1',
    transport: 'ssh',
    address: '10.0.0.5',
    hostKey: 'SHA256:x',
  };
  const later = (ms: number) => {
    now += ms;
    passedMs += ms;
  };
  const turn = (ms: number) => {
    now += ms;
  };
  const ask: HookAsk = { hook: 'laps', credential: 'lan', purpose: 'monitor', device };
  return { folder, file, write, hooks, ask, later, turn };
}

const passwordOf = (fetched: Awaited<ReturnType<LoginHooks['fetch']>>) =>
  fetched.ok ? fetched.value.login.password : fetched.detail;

test('it is told who asks for what, and its login is kept until it ends, fifteen minutes at most', async () => {
  const { folder, hooks, ask, later, write } = setUp(`cat > "$(dirname "$0")/asked"; echo '${answer('canary-one')}'`);
  expect(await hooks.fetch(ask)).toEqual({
    ok: true,
    value: { login: { user: 'admin', password: 'canary-one' }, isKept: false },
  });
  expect(JSON.parse(readFileSync(path.join(folder, 'asked'), 'utf8'))).toEqual({ v: 1, ...ask });
  write(`echo '${answer('canary-two', '2027-01-01T00:00:00Z')}'`);
  expect(await hooks.fetch(ask)).toMatchObject({ value: { login: { password: 'canary-one' }, isKept: true } });
  later(60_000);
  expect(passwordOf(await hooks.fetch(ask))).toBe('canary-two');
  write(`echo '${answer('canary-three', '2027-01-01T00:00:00Z')}'`);
  later(15 * 60_000 - 10_000); // the processor's own time passes as well
  expect(passwordOf(await hooks.fetch(ask))).toBe('canary-two');
  later(10_001);
  expect(passwordOf(await hooks.fetch(ask))).toBe('canary-three');
});

test('what a device denied is forgotten', async () => {
  const { hooks, ask, write } = setUp(`echo '${answer('canary-one')}'`);
  await hooks.fetch(ask);
  write(`echo '${answer('canary-two')}'`);
  hooks.forget(ask);
  expect(passwordOf(await hooks.fetch(ask))).toBe('canary-two');
});

test('for another machine under the same device the program is asked again', async () => {
  const { hooks, ask, write } = setUp(`echo '${answer('canary-one')}'`);
  await hooks.fetch(ask);
  write('exit 1');
  for (const other of [{ hostKey: 'SHA256:y' }, { address: '10.0.0.6' }])
    expect(await hooks.fetch({ ...ask, device: { ...ask.device, ...other } })).toMatchObject({ ok: false });
  expect(await hooks.fetch({ ...ask, hook: 'vault' })).toMatchObject({ ok: false });
  expect(passwordOf(await hooks.fetch(ask))).toBe('canary-one');
});

test('a clock that is set back keeps no login for longer', async () => {
  const { hooks, ask, write, later, turn } = setUp(`echo '${answer('canary-one', '2027-01-01T00:00:00Z')}'`);
  await hooks.fetch(ask);
  write(`echo '${answer('canary-two', '2027-01-01T00:00:00Z')}'`);
  turn(-86_400_000);
  later(15 * 60_000 + 1);
  expect(passwordOf(await hooks.fetch(ask))).toBe('canary-two');
});

test('ten who ask at once start one program', async () => {
  const { folder, hooks, ask } = setUp(`echo x >> "$(dirname "$0")/runs"; sleep 0.1; echo '${answer('canary-one')}'`);
  const all = await Promise.all(Array.from({ length: 10 }, () => hooks.fetch(ask)));
  expect(new Set(all.map(passwordOf))).toEqual(new Set(['canary-one']));
  expect(readFileSync(path.join(folder, 'runs'), 'utf8')).toBe('x\n');
});

test.each([
  ['fails', 'echo canary-tiger; echo canary-tiger >&2; exit 3', 'hook laps ended with 3'],
  ['answers rubbish', 'echo canary-tiger', 'did not answer in its form'],
  [
    'answers with more than was asked',
    `echo '{"user":"a","password":"canary-tiger","expiresAt":9999999999999,"x":1}'`,
    'in its form',
  ],
  ['gives no secret', `echo '{"user":"a","expiresAt":9999999999999}'`, 'gave no login'],
  ['gives one that has ended', `echo '${answer('canary-tiger', NOW)}'`, 'has ended'],
  ['prints without end', 'yes canary-tiger', 'printed more than 65536 bytes'],
])('a hook that %s is named, and nothing it said is', async (_what, script, why) => {
  const { hooks, ask } = setUp(script);
  const fetched = await hooks.fetch(ask);
  expect(fetched).toMatchObject({ ok: false, reason: 'credential-missing' });
  expect(passwordOf(fetched)).toMatch(/^login could not be fetched: /);
  expect(passwordOf(fetched)).toContain(why);
  expect(passwordOf(fetched)).not.toContain('canary');
});

test('one that others may write, that is no program or is not there is not run', async () => {
  const { folder, file, hooks, ask } = setUp(`echo '${answer('canary-one')}'`);
  chmodSync(file, 0o722);
  expect(passwordOf(await hooks.fetch(ask))).toContain('nobody else may write it');
  chmodSync(file, 0o600);
  expect(passwordOf(await hooks.fetch(ask))).toContain('is no program');
  chmodSync(file, 0o700);
  chmodSync(folder, 0o777);
  expect(passwordOf(await hooks.fetch(ask))).toContain('nobody else may write it');
  expect(passwordOf(await hooks.fetch({ ...ask, hook: 'other' }))).toContain('there is no hook');
});

test('a slow one is ended with its children', async () => {
  const { folder, ask } = setUp('sleep 30 & sleep 30');
  const sleep = (_ms: number, signal?: AbortSignal) => systemClock.sleep(50, signal);
  const hooks = new LoginHooks({ clock: { ...systemClock, sleep }, folder, uid: process.getuid?.() ?? 0 });
  expect(passwordOf(await hooks.fetch(ask))).toContain('gave none within 10000 ms');
});
