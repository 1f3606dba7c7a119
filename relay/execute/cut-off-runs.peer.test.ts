// Ending on the device what an earlier life of this relay began: a real sshd's process table, and the shells of a fake Windows host.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '#shared/base/clock.ts';
import { ManifestId } from '#shared/base/id.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { makeSshRelay, never, request } from '#test/peers/ssh-relay.ts';
import { startSshd } from '#test/peers/sshd.ts';
import { startWindowsHost } from '#test/peers/windows-host/windows-host.ts';
import { MONITOR, makeWinrmRelay } from '#test/peers/winrm-relay.ts';

const ORDER = ManifestId.parse('00000000-0000-7000-8000-00000000aaaa');
const OTHER = ManifestId.parse('00000000-0000-7000-8000-00000000bbbb');
/** The promise, for whoever cancels and for a relay that came back. */
const GONE_MS = 2_000;

function napping(nap: string): number {
  const isNap = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1') === `sleep\0${nap}\0`;
    } catch {
      return false; // it ended while we looked
    }
  };
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isNap(name)).length;
}

test('a later life ends the whole group of its order, though it heeds no TERM, and no other', async () => {
  const sshd = await startSshd();
  onTestFinished(() => sshd.stop());
  const folder = makeTempFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const login = { user: sshd.user, privateKey: sshd.clientKeyPem };
  const [former, later] = [makeSshRelay(folder.path, login), makeSshRelay(`${folder.path}/later`, login)];
  onTestFinished(async () => void (await Promise.all([former.pool.stop(), later.pool.stop()])));
  const [nap, otherNap] = [`61${process.pid}.1`, `61${process.pid}.2`];
  const session = await former.session(former.device(sshd.port));
  const stop = new AbortController();
  const runs = [
    session.run(
      request(`trap '' TERM; sleep ${nap} & sleep ${nap}; wait`, { order: ORDER, timeoutMs: 60_000 }),
      stop.signal,
    ),
    session.run(request(`sleep ${otherNap}`, { order: OTHER, timeoutMs: 60_000 }), stop.signal),
  ];
  await expect.poll(() => [napping(nap), napping(otherNap)], { timeout: 10_000 }).toEqual([2, 1]);
  const again = await later.session(later.device(sshd.port));
  const askedAt = systemClock.monotonic();
  expect(await again.endRun?.({ order: ORDER, handle: undefined }, never)).toEqual({ ok: true, value: true });
  expect(systemClock.monotonic() - askedAt).toBeLessThan(2 * GONE_MS);
  expect([napping(nap), napping(otherNap)]).toEqual([0, 1]);
  expect(await again.endRun?.({ order: ORDER, handle: undefined }, never)).toEqual({ ok: true, value: false });
  stop.abort();
  await Promise.all(runs);
  expect(napping(otherNap)).toBe(0);
});

test('what an order is named by is no argument of its script', async () => {
  const sshd = await startSshd();
  onTestFinished(() => sshd.stop());
  const folder = makeTempFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const relay = makeSshRelay(folder.path, { user: sshd.user, privateKey: sshd.clientKeyPem });
  onTestFinished(() => relay.pool.stop());
  const ran = await (await relay.session(relay.device(sshd.port))).run(
    request('echo "$#:$1"', { order: ORDER }),
    never,
  );
  expect(ran.ok && Buffer.from(ran.value.stdout).toString()).toBe('0:\n');
});

test('a later life deletes the shell that its order had on a Windows machine', async () => {
  const host = await startWindowsHost();
  onTestFinished(() => host.stop());
  const folder = makeTempFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const binding = { ...MONITOR, purpose: 'both' as const };
  const relayIn = (name: string) => {
    const relay = makeWinrmRelay(`${folder.path}/${name}`, { ports: { tls: host.tlsPort, plain: host.port } });
    relay.addLogin('main', { user: host.user, password: host.password, binding });
    onTestFinished(() => relay.stop());
    return relay;
  };
  const [former, later] = [relayIn('former'), relayIn('later')];
  const opened = await former.open(former.device(), 'act');
  if (!opened.ok) throw new Error(opened.detail);
  let handle: string | undefined;
  const onHandle = (name: string) => {
    // Before the command begins: nothing runs yet.
    expect(host.host.shells.running()).toBe(0);
    handle = name;
  };
  const run = opened.value.run({ ...request('sim-hang', { timeoutMs: 60_000 }), order: ORDER, onHandle }, never);
  await expect.poll(() => host.host.shells.running(), { timeout: 10_000 }).toBe(1);
  const again = await later.open(later.device(), 'act');
  if (!again.ok) throw new Error(again.detail);
  expect(await again.value.endRun?.({ order: ORDER, handle }, never)).toEqual({ ok: true, value: true });
  expect(host.host.shells.running()).toBe(0);
  expect(await again.value.endRun?.({ order: OTHER, handle: undefined }, never)).toEqual({ ok: true, value: false });
  await run;
});
