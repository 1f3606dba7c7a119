// The library on both engines: versions are added and reviewed and never changed, names are used once, and a change is known by its hash.
import { describe, expect, test } from 'vitest';
import { ScriptLibrary } from '#console/scripts/script-library.ts';
import type { Tx } from '#console/store/engine.ts';
import { type ManifestId, newId, ScriptId } from '#shared/base/id.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';
import type { SigningKey } from '#shared/seal/key-pair.ts';
import { draftScript } from '#shared/seal/script-draft.ts';
import { scriptText, signScriptText } from '#shared/seal/script-seal.ts';
import { keyOfWord, sampleSigner } from '#test/fixtures/sample-trust.ts';
import { open as openActions } from './actions-kit.ts';
import { caller, makeEstate, scope } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

async function open(engine: TestEngine) {
  const estate = await makeEstate(engine);
  const [ann, bob, eve] = await Promise.all(['ann', 'bob', 'eve'].map(keyOfWord));
  if (ann === undefined || bob === undefined || eve === undefined) throw new Error('no keys');
  const signers = async () => [sampleSigner(ann, 'Ann'), sampleSigner(bob, 'Bob')];
  const outdated: string[] = [];
  const onOutdated = async (_tx: Tx, hash: string) => void outdated.push(hash);
  const library = new ScriptLibrary({ ...estate, signers, onOutdated });
  const newScript = () => ScriptId.parse(newId(1, estate.random));
  const textOf = (id: ScriptId, version: number, name = 'backup', text = `echo ${version}\n`) =>
    scriptText(draftScript({ file: 'a.sh', text, spec: { name } }, { id, version }));
  const put = async (text: string, keys: SigningKey[] = [ann]) =>
    library.put(caller, {
      text,
      signatures: await Promise.all(keys.map((key) => signScriptText(text, key))),
      origin: '',
    });
  return { ...estate, library, newScript, textOf, put, ann, bob, eve, outdated };
}

export function defineScriptTests(engine: TestEngine): void {
  describe(`scripts on ${engine.name}`, () => {
    test('a script is added, changed and reviewed; every version stays as it was signed', async () => {
      const { library, newScript, textOf, put, bob, verbs } = await open(engine);
      const id = newScript();
      const first = await put(textOf(id, 1));
      const second = await put(textOf(id, 2));
      await put(textOf(id, 2), [bob]);
      const [latest, former] = await library.versions(id);
      expect(latest).toMatchObject({ version: 2, hash: second.hash, text: textOf(id, 2) });
      expect(latest?.signers).toHaveLength(2);
      expect(latest?.signatures).toHaveLength(2);
      expect(former).toMatchObject({ version: 1, hash: first.hash });
      expect((await library.list()).map(({ version }) => version)).toEqual([2]);
      expect((await verbs()).slice(-3)).toEqual(['script.add', 'script.change', 'script.review']);
      const people = await library.people();
      expect(latest?.signers.map((key) => people.get(key)?.name)).toEqual(['Ann', 'Bob']);
    });

    test('what was changed or taken out ends what waits with it, and comes back under no number', async () => {
      const { library, newScript, textOf, put, outdated } = await open(engine);
      const id = newScript();
      const first = await put(textOf(id, 1));
      expect(outdated).toEqual([]);
      const second = await put(textOf(id, 2));
      expect(outdated).toEqual([first.hash]);
      await library.remove(caller, id);
      expect(outdated).toEqual([first.hash, second.hash]);
      await expect(library.versions(id)).rejects.toMatchObject({ code: 'not-found' });
      await expect(put(textOf(id, 3))).rejects.toMatchObject({ code: 'not-found' });
      await expect(put(textOf(id, 1))).rejects.toMatchObject({ code: 'not-found' });
    });

    test('an order of a changed script is not begun: unsent it ends, at its relay it is stopped unless it runs', async () => {
      const { actions, link, add, submit, apply, states, cancels, store, clock, verbs } = await openActions(engine);
      const device = await add(link.relay, 'a');
      const [hash, other] = ['a'.repeat(64), 'b'.repeat(64)];
      const ordered = (name: string) =>
        submit([device], {
          action: { name: 'script.try', arguments: { script: '{}', hash: name, values: {} } },
        });
      const record = (manifest: ManifestId, state: OutcomeRecord['state']): OutcomeRecord => ({
        ...{ type: 'outcome', manifest, device, at: clock.now(), state },
      });
      const [waits, runs] = [await ordered(hash), await ordered(hash)];
      await actions.due(link.relay, 10);
      await apply([record(waits, 'waiting'), record(runs, 'accepted'), record(runs, 'started')]);
      const [unsent, newer] = [await ordered(hash), await ordered(other)];
      await store.transaction((tx) => actions.endScriptIn(tx, hash));
      expect(await states(unsent)).toEqual(['cancelled']);
      expect((await actions.find(scope, unsent))?.outcomes[0]?.detail).toContain('its script was changed');
      expect(cancels).toEqual([waits]);
      expect([await states(runs), await states(newer)]).toEqual([['started'], ['queued']]);
      expect((await verbs()).filter((verb) => verb === 'action.stale')).toHaveLength(2);
    });

    test('a version is not another, none is left out, and a name is used once until it is free', async () => {
      const { library, newScript, textOf, put } = await open(engine);
      const [id, other] = [newScript(), newScript()];
      await put(textOf(id, 1));
      await expect(put(textOf(id, 1, 'backup', 'rm -r /\n'))).rejects.toMatchObject({ code: 'conflict' });
      await expect(put(textOf(id, 3))).rejects.toMatchObject({ code: 'conflict' });
      await expect(put(textOf(other, 2))).rejects.toMatchObject({ code: 'not-found' });
      await expect(put(textOf(other, 1))).rejects.toMatchObject({ code: 'conflict' });
      await library.remove(caller, id);
      expect(await put(textOf(other, 1))).toMatchObject({ document: { name: 'backup' } });
    });

    test('a signature of nobody, of another text or twice is refused; none at all is a script that nobody reviewed', async () => {
      const { library, newScript, textOf, put, ann, eve } = await open(engine);
      const id = newScript();
      const text = textOf(id, 1);
      await expect(put(text, [eve])).rejects.toMatchObject({ code: 'signature-invalid' });
      await expect(put(text, [ann, ann])).rejects.toMatchObject({ code: 'signature-invalid' });
      const signatures = [await signScriptText(textOf(id, 2), ann)];
      await expect(library.put(caller, { text, signatures, origin: '' })).rejects.toMatchObject({
        code: 'signature-invalid',
      });
      expect((await put(text, [])).signers).toEqual([]);
      await put(text, [ann]);
      await expect(put(text, [ann])).rejects.toMatchObject({ code: 'conflict' });
    });
  });
}
