// A service is restarted over a real sshd: with this machine's own `service`, and with a systemctl that is a stub and is called one here.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#shared/base/clock.ts';
import { ManifestId, newId } from '#shared/base/id.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';
import { canonicalJson } from '#shared/seal/canonical.ts';
import { sampleManifest } from '#test/fixtures/sample-trust.ts';
import { makeTempFolder, type TempFolder } from '#test/fixtures/temp-folder.ts';
import { makeSshRelay, never, request, type SshRelay } from '#test/peers/ssh-relay.ts';
import { type SshdPeer, startSshd } from '#test/peers/sshd.ts';
import { outcomeOf } from './outcome.ts';
import { readRestart, restartScript } from './service-restart.ts';
import { DeviceWork } from './work.ts';

/** Nobody else has a service of this name. */
const NAME = `rmm-proof-${process.pid}`;
const INIT = `/etc/init.d/${NAME}`;
const isRoot = process.getuid?.() === 0;
const hasSystemd = /^Version=./m.test(
  spawnSync('systemctl', ['show', '-p', 'Version'], { encoding: 'utf8' }).stdout ?? '',
);
/** Where systemd runs, `service` hands over to it, and a private script of init.d is no unit. */
const canService = isRoot && !hasSystemd && existsSync('/usr/sbin/service') && existsSync('/etc/init.d');

let sshd: SshdPeer;
let folder: TempFolder;
let relay: SshRelay;
let pidFile: string;

/** A service that sleeps, as a script of init.d keeps one. */
const INIT_SCRIPT = (pid: string) => `#!/bin/sh
start() { setsid sleep 600 </dev/null >/dev/null 2>&1 & echo $! > ${pid} || exit 1; }
stop() { kill "$(cat ${pid})" 2>/dev/null; rm -f ${pid} || exit 1; }
case $1 in
  start) start ;;
  stop) stop ;;
  restart) stop; start ;;
  status) [ -f ${pid} ] && kill -0 "$(cat ${pid})" 2>/dev/null ;;
esac
`;

beforeAll(async () => {
  sshd = await startSshd({ withUser: isRoot });
  folder = makeTempFolder('rmm-service');
  pidFile = path.join(folder.path, 'pid');
  relay = makeSshRelay(folder.path, { user: sshd.user, privateKey: sshd.clientKeyPem });
  if (canService) writeFileSync(INIT, INIT_SCRIPT(pidFile), { mode: 0o755 });
});
afterAll(async () => {
  if (canService) {
    if (existsSync(pidFile)) spawnSync(INIT, ['stop']);
    rmSync(INIT, { force: true });
  }
  await relay.pool.stop();
  await sshd.stop();
  await folder[Symbol.asyncDispose]();
});

/** The way of an order: through the relay's own work, to the machine the order names. */
async function restart(service: string, credential = 'main'): Promise<OutcomeRecord> {
  const entry = relay.device(sshd.port, { credential });
  const { identity } = await relay.session(entry);
  const manifest = sampleManifest({
    id: ManifestId.parse(newId(systemClock.now())),
    targets: [{ device: entry.device, identity }],
    action: { name: 'service.restart', arguments: { service } },
  });
  const pins = { get: () => undefined, set: () => undefined, delete: () => undefined };
  const work = new DeviceWork({ clock: systemClock, pool: relay.pool, pins, onAccepted: () => undefined });
  const [target] = manifest.targets;
  if (target === undefined) throw new Error(canonicalJson(manifest));
  const ready = await work.prepare(manifest, target, entry, never);
  if (!ready.ok) throw new Error(ready.detail);
  return ready.value(systemClock.now());
}

test.skipIf(!canService)(
  'a service that stands still is started, and one that runs is another process afterwards',
  async () => {
    expect(await restart(NAME)).toMatchObject({ state: 'succeeded', detail: `${NAME}: before inactive, after active` });
    const first = readFileSync(pidFile, 'utf8');
    expect(await restart(NAME)).toMatchObject({ state: 'succeeded', detail: `${NAME}: before active, after active` });
    expect(readFileSync(pidFile, 'utf8')).not.toBe(first);
  },
);

test.skipIf(!canService)('a service that is not there is named so', async () => {
  expect(await restart(`${NAME}-none`)).toMatchObject({ state: 'failed', exitCode: 100 });
});

test.skipIf(!canService)('a login without the right is told what it needs', async () => {
  const { name, password } = sshd.throwaway ?? { name: '', password: '' };
  relay.addLogin('plain', { user: name, password });
  expect(await restart(NAME, 'plain')).toMatchObject({ state: 'failed', reason: 'denied' });
});

/** A stub, not systemd: it answers as systemctl does, and writes down what it was asked. */
async function restartWithStub(service: string, stub: string): Promise<OutcomeRecord> {
  const bin = path.join(folder.path, `bin-${Math.random().toString(36).slice(2)}`);
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'systemctl'), `#!/bin/sh\nprintf '%s\\n' "$*" >> ${bin}/asked\n${stub}`, {
    mode: 0o755,
  });
  const session = await relay.session(relay.device(sshd.port));
  const ran = await session.run(request(`PATH=${bin}:$PATH\n${restartScript({ service })}`), never);
  const manifest = sampleManifest();
  const device = manifest.targets[0]?.device;
  if (device === undefined) throw new Error('no device');
  return readRestart(outcomeOf({ manifest: manifest.id, device, at: 2, startedAt: 1 }, ran), { service });
}

const STUB = (restart: string, state = 'active') => `case "$*" in
  'show -p Version') echo Version=252 ;;
  'show -p LoadState -- nginx') echo LoadState=loaded ;;
  'show -p LoadState'*) echo LoadState=not-found ;;
  'show -p ActiveState'*) echo ActiveState=${state} ;;
  'restart -- nginx') ${restart} ;;
  *) exit 9 ;;
esac
`;

test('a stub of systemctl is asked for exactly this unit, and its states are told', async () => {
  expect(await restartWithStub('nginx', STUB('exit 0'))).toMatchObject({
    state: 'succeeded',
    detail: 'nginx: before active, after active',
  });
});

test.each<[string, string, Partial<OutcomeRecord>]>([
  ['no such unit', STUB('exit 0'), { exitCode: 100 }],
  [
    'no right',
    STUB("echo 'Failed to restart nginx.service: Interactive authentication required.' >&2; exit 4"),
    { exitCode: 101, reason: 'denied' },
  ],
  ['a unit that fails', STUB('echo "Job for nginx.service failed" >&2; exit 1', 'failed'), { exitCode: 104 }],
  ['a unit that is down afterwards', STUB('exit 0', 'failed'), { exitCode: 103 }],
])('a stub of systemctl that says %s', async (what, stub, wanted) => {
  const told = await restartWithStub(what === 'no such unit' ? 'absent' : 'nginx', stub);
  expect(told).toMatchObject({ state: 'failed', ...wanted });
});
