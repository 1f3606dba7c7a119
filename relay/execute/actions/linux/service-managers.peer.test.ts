// What systemd is asked and how its answers are told, over a real sshd; the systemctl is a stub and is called one here.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEnd } from '#relay/execute/actions/action-script.ts';
import { outcomeOf } from '#relay/execute/outcome.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';
import { sampleManifest } from '#test/fixtures/sample-trust.ts';
import { makeTempFolder, type TempFolder } from '#test/fixtures/temp-folder.ts';
import { makeSshRelay, never, request, type SshRelay } from '#test/peers/ssh-relay.ts';
import { type SshdPeer, startSshd } from '#test/peers/sshd.ts';
import { serviceScript } from './service-script.ts';

let sshd: SshdPeer;
let folder: TempFolder;
let relay: SshRelay;

beforeAll(async () => {
  sshd = await startSshd();
  folder = makeTempFolder('rmm-service');
  relay = makeSshRelay(folder.path, { user: sshd.user, privateKey: sshd.clientKeyPem });
});
afterAll(async () => {
  await relay.pool.stop();
  await sshd.stop();
  await folder[Symbol.asyncDispose]();
});

type Verb = Parameters<typeof serviceScript>[0];

/** A stub, not systemd: it answers as systemctl does, and writes down what it was asked. */
async function withStub(verb: Verb, service: string, stub: string): Promise<OutcomeRecord> {
  const bin = path.join(folder.path, `bin-${Math.random().toString(36).slice(2)}`);
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'systemctl'), `#!/bin/sh\nprintf '%s\\n' "$*" >> ${bin}/asked\n${stub}`, {
    mode: 0o755,
  });
  const session = await relay.session(relay.device(sshd.port));
  const ran = await session.run(request(`PATH=${bin}:$PATH\n${serviceScript(verb)({ service })}`), never);
  const manifest = sampleManifest();
  const device = manifest.targets[0]?.device;
  if (device === undefined) throw new Error('no device');
  return readEnd(outcomeOf({ manifest: manifest.id, device, at: 2, startedAt: 1 }, ran));
}

const STUB = (act: string, state = 'active') => `case "$*" in
  'show -p Version') echo Version=252 ;;
  'show -p LoadState -- nginx') echo LoadState=loaded ;;
  'show -p LoadState'*) echo LoadState=not-found ;;
  'show -p ActiveState'*) echo ActiveState=${state} ;;
  'is-enabled -- nginx') echo enabled ;;
  'restart -- nginx' | 'stop -- nginx' | 'enable -- nginx' | 'disable -- nginx') ${act} ;;
  *) exit 9 ;;
esac
`;

test.each<[Verb, string]>([
  ['restart', 'nginx: before active, after active'],
  ['enable', 'nginx: before enabled, after enabled'],
])('%s asks for exactly this unit, and its states are told', async (verb, detail) => {
  expect(await withStub(verb, 'nginx', STUB('exit 0'))).toMatchObject({ state: 'succeeded', detail });
});

test.each<[string, Verb, string, Partial<OutcomeRecord>]>([
  ['no such unit', 'restart', STUB('exit 0'), { exitCode: 100 }],
  [
    'no right',
    'restart',
    STUB("echo 'Failed to restart nginx.service: Interactive authentication required.' >&2; exit 4"),
    { exitCode: 101, reason: 'denied' },
  ],
  [
    'a unit that fails',
    'restart',
    STUB('echo "Job for nginx.service failed" >&2; exit 1', 'failed'),
    { exitCode: 104 },
  ],
  ['a unit that is down afterwards', 'restart', STUB('exit 0', 'failed'), { exitCode: 103 }],
  ['a unit that does not stop', 'stop', STUB('exit 0'), { exitCode: 103 }],
  ['a unit that stays enabled', 'disable', STUB('exit 0'), { exitCode: 103 }],
])('a stub of systemctl that says %s', async (what, verb, stub, wanted) => {
  const told = await withStub(verb, what === 'no such unit' ? 'absent' : 'nginx', stub);
  expect(told).toMatchObject({ state: 'failed', ...wanted });
});
