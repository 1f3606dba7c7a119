// The relay's own transport meets the lab: what it promises of real devices holds on simulated ones, and what is wrong with them shows as it should.
import { expect, onTestFinished, test } from 'vitest';
import { collectorList } from '#relay/collect/collector-list.ts';
import { DeviceId, newId, systemRandom } from '#shared/base/id.ts';
import { cleanIdentity } from '#shared/model/device-identity.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { makeSshRelay, never, request } from '#test/peers/ssh-relay.ts';
import { type LabOptions, startLab } from './lab.ts';
import { labCredential, rosterFragment } from './roster-fragment.ts';
import { pollNumber } from './sequence-audit.ts';

async function site(options: Partial<LabOptions> = {}) {
  const lab = await startLab({ devices: 4, ...options });
  const relay = makeSshRelay(tempFolder(onTestFinished), labCredential(lab.devices), {
    deadlines: { connectMs: 2_000, greetingMs: 400, handshakeMs: 5_000 },
  });
  onTestFinished(async () => {
    await relay.pool.stop();
    await lab.stop();
  });
  const entries = rosterFragment(lab.devices, { credential: 'main', intervalMs: 10_000 });
  const entry = (index: number) => {
    const found = entries[index];
    if (found === undefined) throw new Error(`no device ${index}`);
    return found;
  };
  const reasonOf = async (index: number) => {
    const opened = await relay.pool.session(entry(index), never);
    return opened.ok ? 'ok' : opened.reason;
  };
  return { lab, relay, entry, reasonOf };
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

test('each device shows its own identity and answers commands', async () => {
  const { lab, relay, entry } = await site();
  for (const device of lab.devices) {
    const session = await relay.session(entry(device.index));
    expect(session.identity).toEqual(cleanIdentity(device.identity));
    expect(session.hostname).toBe(device.name);
    expect(session.system).toBe('linux');
    const ran = await session.run(request('hostname; echo problem >&2; exit 3'), never);
    if (!ran.ok) throw new Error(ran.detail);
    expect(ran.value).toMatchObject({ end: { kind: 'exit', code: 3 }, isTruncated: false, hasOpenChild: false });
    expect([text(ran.value.stdout), text(ran.value.stderr)]).toEqual([`${device.name}\n`, 'problem\n']);
  }
});

test("the collector reads an audit device's polls as 1, 2, 3", async () => {
  const { lab, relay, entry } = await site({ isAudit: true });
  const session = await relay.session(entry(1));
  for (const n of [1, 2, 3]) {
    const reading = await collectorList(systemRandom)('linux')?.collectHot(session, never);
    if (reading?.ok !== true) throw new Error(reading?.detail);
    const { samples } = reading.value;
    const values = samples.map(({ value }) => value);
    expect(pollNumber(samples, values)).toBe(n);
  }
  expect(lab.counts()[1]).toMatchObject({ polls: 3, answeredPolls: 3, identities: 1, commands: 0 });
});

test('a cancel ends what runs before it resolves, and nothing of it goes on', async () => {
  const { lab, relay, entry } = await site();
  const session = await relay.session(entry(0));
  const control = new AbortController();
  const running = session.run(
    request('echo begun >> /lab/marker; sleep 0.3; echo ended >> /lab/marker'),
    control.signal,
  );
  await expect.poll(() => lab.file(0, '/lab/marker')).toBe('begun\n');
  control.abort();
  expect(await running).toMatchObject({ ok: false, reason: 'cancelled' });
  expect((await session.run(request('sleep 0.4; cat /lab/marker'), never)).ok).toBe(true);
  expect(lab.file(0, '/lab/marker')).toBe('begun\n');
});

test('files are written, compared and read back', async () => {
  const { lab, relay, entry } = await site();
  const session = await relay.session(entry(0));
  expect(await session.write('/etc/motd', Buffer.from('hello'), never)).toEqual({ ok: true, value: undefined });
  expect(lab.file(0, '/etc/motd')).toBe('hello');
  const back = await session.read('/etc/motd', 1_000, never);
  expect(back.ok ? text(back.value) : back.detail).toBe('hello');
});

test('what is wrong with a device is the reason of its outcome, and heals', async () => {
  const { lab, relay, entry, reasonOf } = await site();
  expect(await reasonOf(0)).toBe('ok');
  const cases = [
    { change: { isDown: true }, reason: 'refused' },
    { change: { isFrozen: true }, reason: 'timed-out' },
    { change: { hostKey: 'other' }, reason: 'host-key-changed' },
    { change: { cloneOf: 1 }, reason: 'host-key-changed' },
    { change: { output: 'huge', spoilsIdentity: true }, reason: 'too-large' },
  ] as const;
  for (const { change, reason } of cases) {
    relay.pool.drop(entry(0).device);
    lab.set(0, change);
    expect(await reasonOf(0), JSON.stringify(change)).toBe(reason);
    expect(await reasonOf(1)).toBe('ok');
    lab.heal(0);
    await expect.poll(() => reasonOf(0)).toBe('ok');
  }
  lab.set(2, { refusesLogin: true });
  expect(await reasonOf(2)).toBe('denied');
});

test('devices that swapped addresses are refused before a credential is offered', async () => {
  const { lab, reasonOf } = await site();
  expect([await reasonOf(0), await reasonOf(1)]).toEqual(['ok', 'ok']);
  const logins = lab.counts().map((counts) => counts.logins);
  lab.swap(0, 1);
  await expect
    .poll(async () => [await reasonOf(0), await reasonOf(1)])
    .toEqual(['host-key-changed', 'host-key-changed']);
  expect(lab.counts().map((counts) => counts.logins)).toEqual(logins);
});

test('a clone with the same host key is told apart by its cards', async () => {
  const { lab, relay, entry } = await site();
  await relay.session(entry(0));
  lab.set(1, { cloneOf: 0, cloneKeepsOwnMacs: true });
  const pinnedToOriginal = { ...entry(1), device: entry(0).device };
  const opened = await relay.pool.session(pinnedToOriginal, never);
  expect(opened.ok ? 'ok' : opened.reason).toBe('identity-changed');
  // Alone it is a device like any other.
  const fresh = { ...entry(1), device: DeviceId.parse(newId(Date.now())) };
  expect((await relay.pool.session(fresh, never)).ok).toBe(true);
});

test('a device that floods, bombs or garbles its answers costs that answer and no other', async () => {
  const { lab, relay, entry } = await site();
  const collector = collectorList(systemRandom)('linux');
  const run = async (index: number) => {
    const reading = await collector?.collectHot(await relay.session(entry(index)), never);
    return reading?.ok === true ? 'ok' : reading?.reason;
  };
  lab.set(0, { output: 'huge' });
  lab.set(1, { output: 'ansi-bomb' });
  lab.set(2, { output: 'invalid-utf8', hostname: '<img src=x onerror=alert(1)>' });
  expect(await Promise.all([run(0), run(1), run(2), run(3)])).toEqual(['too-large', 'ok', 'ok', 'ok']);
  lab.set(1, { output: 'endless' });
  expect(await Promise.all([run(1), run(3)])).toEqual(['too-large', 'ok']);
});
