// The library on both engines: versions are added and reviewed and never changed, names are used once, and a change is known by its hash.
import { describe, expect, test } from 'vitest';
import { ScriptLibrary } from '#console/scripts/script-library.ts';
import { newId, ScriptId } from '#shared/base/id.ts';
import type { SigningKey } from '#shared/seal/key-pair.ts';
import { draftScript } from '#shared/seal/script-draft.ts';
import { scriptText, signScriptText } from '#shared/seal/script-seal.ts';
import { keyOfWord, sampleSigner } from '#test/fixtures/sample-trust.ts';
import { caller, makeEstate } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

async function open(engine: TestEngine) {
  const estate = await makeEstate(engine);
  const [ann, bob, eve] = await Promise.all(['ann', 'bob', 'eve'].map(keyOfWord));
  if (ann === undefined || bob === undefined || eve === undefined) throw new Error('no keys');
  const signers = async () => [sampleSigner(ann, 'Ann'), sampleSigner(bob, 'Bob')];
  const library = new ScriptLibrary({ ...estate, signers });
  const newScript = () => ScriptId.parse(newId(1, estate.random));
  const textOf = (id: ScriptId, version: number, name = 'backup', text = `echo ${version}\n`) =>
    scriptText(draftScript({ file: 'a.sh', text, spec: { name } }, { id, version }));
  const put = async (text: string, keys: SigningKey[] = [ann]) =>
    library.put(caller, {
      text,
      signatures: await Promise.all(keys.map((key) => signScriptText(text, key))),
      origin: '',
    });
  return { ...estate, library, newScript, textOf, put, ann, bob, eve };
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

    test('what was changed or taken out is not current any more', async () => {
      const { library, newScript, textOf, put } = await open(engine);
      const id = newScript();
      const first = await put(textOf(id, 1));
      expect(await library.isCurrent(first.hash)).toBe(true);
      const second = await put(textOf(id, 2));
      expect(await library.isCurrent(first.hash)).toBe(false);
      expect(await library.isCurrent(second.hash)).toBe(true);
      await library.remove(caller, id);
      expect(await library.isCurrent(second.hash)).toBe(false);
      expect(await library.isCurrent('a'.repeat(64))).toBe(false);
      await expect(library.versions(id)).rejects.toMatchObject({ code: 'not-found' });
      await expect(put(textOf(id, 3))).rejects.toMatchObject({ code: 'not-found' });
      await expect(put(textOf(id, 1))).rejects.toMatchObject({ code: 'not-found' });
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
