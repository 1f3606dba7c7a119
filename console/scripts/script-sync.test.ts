// Scripts of a real repository come into the library as versions that nobody reviewed; nothing of the repository is run.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '#shared/base/clock.ts';
import { newId, ScriptId } from '#shared/base/id.ts';
import { draftScript } from '#shared/seal/script-draft.ts';
import { readScript, scriptText } from '#shared/seal/script-seal.ts';
import { makeRepository } from '#test/fixtures/git-repository.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { caller, makeEstate } from '#test/repository/estate.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';
import { ScriptLibrary } from './script-library.ts';
import { ScriptSync } from './script-sync.ts';

async function open(folder = '') {
  const place = makeTempFolder('rmm-git-test');
  onTestFinished(() => place[Symbol.asyncDispose]());
  const repository = makeRepository(place.path);
  const library = new ScriptLibrary({
    ...(await makeEstate(sqliteEngine)),
    signers: async () => [],
    onOutdated: async () => undefined,
  });
  const source = { name: 'ops', url: repository.folder, branch: 'main', folder };
  const sync = new ScriptSync({ library, clock: systemClock, sources: [source], rules: { allowHosts: new Set() } });
  const states = async () => {
    const { scripts } = await sync.sync(caller, 'ops');
    return Object.fromEntries(scripts.map(({ name, state, why }) => [name, why ?? state]));
  };
  return { place: place.path, repository, library, sync, states };
}

test('what is new and what changed become versions, with what is said of them and where they come from', async () => {
  const { repository, library, states } = await open();
  repository.commit({
    'net/restart-dns.sh': '#!/bin/bash\necho 1\n',
    'backup.py': 'print(1)\n',
    'backup.script.json': JSON.stringify({ description: 'Keeps days', parameters: [{ name: 'KEEP', type: 'number' }] }),
    'README.md': 'text',
  });
  expect(await states()).toEqual({ 'ops/net/restart-dns': 'added', 'ops/backup': 'added' });
  expect(await states()).toEqual({ 'ops/net/restart-dns': 'same', 'ops/backup': 'same' });
  const commit = repository.commit({ 'backup.py': 'print(2)\n', 'net/restart-dns.sh': null });
  expect(await states()).toEqual({ 'ops/net/restart-dns': 'gone', 'ops/backup': 'changed' });
  const all = await library.list();
  const backup = all.find(({ text }) => readScript(text).name === 'ops/backup');
  expect(backup).toMatchObject({ version: 2, signatures: [], origin: `ops ${commit} backup.py` });
  expect(readScript(backup?.text ?? '')).toMatchObject({
    ...{ shell: 'python3', text: 'print(2)\n', description: 'Keeps days' },
    parameters: [{ name: 'KEEP', type: 'number' }],
  });
  expect(new Set(all.map(({ text }) => readScript(text).shell))).toEqual(new Set(['bash', 'python3']));
});

test('a folder of it is read alone; links, wrong words beside a script and what is too large are not scripts', async () => {
  const { repository, states } = await open('linux');
  repository.commit({
    'linux/a.sh': 'true\n',
    'linux/link.sh': '-> /etc/passwd',
    'linux/b.sh': 'true\n',
    'linux/b.script.json': '{"timeoutS":0}',
    'linux/c.sh': 'true\n',
    'linux/c.script.json': '{',
    'linux/big.sh': 'x'.repeat(300_000),
    'linux/long.sh': 'x'.repeat(70_000),
    'other/d.sh': 'true\n',
  });
  const found = await states();
  expect(found).toMatchObject({ 'ops/a': 'added', 'linux/c.sh': 'its .script.json is no JSON' });
  expect(found['linux/b.sh']).toContain('its .script.json: timeoutS');
  expect(found['linux/big.sh']).toContain('300000 bytes');
  expect(found['ops/long']).toContain('65536');
  expect(new Set(Object.keys(found))).toEqual(
    new Set(['linux/b.sh', 'linux/big.sh', 'linux/c.sh', 'ops/a', 'ops/long']),
  );
});

test('a script of a person keeps its name, and two files of one name are told', async () => {
  const { repository, library, states } = await open();
  const id = ScriptId.parse(newId(1));
  const own = scriptText(draftScript({ file: 'a.sh', text: 'true\n', spec: { name: 'ops/a' } }, { id, version: 1 }));
  await library.put(caller, { text: own, signatures: [], origin: '' });
  repository.commit({ 'a.sh': 'false\n', 'b.sh': 'true\n', 'b.py': 'pass\n' });
  expect(await states()).toMatchObject({
    'ops/a': 'the library has a script of this name that is not of this source',
    'ops/b': 'another file of the repository has this name',
  });
});

test('no hook, filter or configuration of the repository is run', async () => {
  const { place, repository, states } = await open();
  const mark = path.join(place, 'ran');
  for (const hook of ['post-checkout', 'pre-receive', 'reference-transaction', 'post-merge'])
    writeFileSync(path.join(repository.folder, 'hooks', hook), `#!/bin/sh\ntouch '${mark}'\n`, { mode: 0o755 });
  repository.commit({
    'a.sh': 'true\n',
    '.gitattributes': '*.sh filter=evil\n',
    '.gitmodules': '[submodule "x"]\n\tpath = x\n\turl = /x\n',
  });
  const pushed = existsSync(mark);
  expect(pushed).toBe(true); // the hooks themselves work: the push of this test ran one
  rmSync(mark);
  expect(await states()).toEqual({ 'ops/a': 'added' });
  expect(existsSync(mark)).toBe(false);
});

test('a branch or a repository that is not there is told in words, and a source that nobody named is none', async () => {
  const { sync } = await open();
  await expect(sync.sync(caller, 'ops')).rejects.toMatchObject({ code: 'unavailable', message: /^git: / });
  await expect(sync.sync(caller, 'other')).rejects.toMatchObject({ code: 'not-found' });
});
