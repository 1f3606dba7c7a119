// A repository behind a real sshd: read with one key and a known host; another host key gets nothing and gives nothing.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '#shared/base/clock.ts';
import { makeRepository } from '#test/fixtures/git-repository.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { startSshd } from '#test/peers/sshd.ts';
import { readGit } from './git-read.ts';

test('scripts come over ssh from the host that is known, and from no other', async () => {
  const place = makeTempFolder('rmm-git-ssh');
  onTestFinished(() => place[Symbol.asyncDispose]());
  const sshd = await startSshd();
  onTestFinished(() => sshd.stop());
  const repository = makeRepository(place.path);
  const commit = repository.commit({ 'a.sh': 'true\n' });
  const ssh = { keyFile: path.join(place.path, 'key'), knownHostsFile: path.join(place.path, 'known_hosts') };
  writeFileSync(ssh.keyFile, sshd.clientKeyPem, { mode: 0o600 });
  const scan = ['-p', String(sshd.port), '-t', 'ed25519', '127.0.0.1'];
  writeFileSync(
    ssh.knownHostsFile,
    execFileSync('/usr/bin/ssh-keyscan', scan, { stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  const url = `ssh://${sshd.user}@127.0.0.1:${sshd.port}${repository.folder}`;
  const source = { name: 'ops', url, branch: 'main', folder: '', ssh };
  const read = (allowed: string[]) => readGit(source, { clock: systemClock, rules: { allowHosts: new Set(allowed) } });
  const at = `127.0.0.1:${sshd.port}`;
  await expect(read([])).rejects.toMatchObject({ code: 'denied' });
  expect(await read([at])).toMatchObject({ commit, files: [{ path: 'a.sh', text: 'true\n' }] });
  await sshd.swapHostKey();
  await expect(read([at])).rejects.toMatchObject({ code: 'unavailable' });
}, 60_000);
