// A script runs as reviewed when as many people signed exactly this text as tier t3 of the site's charter asks for.
import { beforeAll, expect, test } from 'vitest';
import { newId, ScriptId } from '#shared/base/id.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { Action, ScriptAction, Signature } from '#shared/model/manifest.ts';
import { keyOfWord, sampleCharter, sampleSigner } from '#test/fixtures/sample-trust.ts';
import type { SigningKey } from './key-pair.ts';
import { draftScript } from './script-draft.ts';
import {
  proveScript,
  readScript,
  scriptHash,
  scriptSigners,
  scriptText,
  signScriptText,
  variablesOf,
} from './script-seal.ts';
import { signStrict } from './strict-jws.ts';

const NAMES = ['ann', 'annToo', 'bob', 'guard', 'eve'] as const;
let keys: Record<(typeof NAMES)[number], SigningKey>;
let team: Charter;
let text: string;
const id = ScriptId.parse(newId(1));

beforeAll(async () => {
  const made = await Promise.all(NAMES.map(async (name) => [name, await keyOfWord(name)] as const));
  keys = Object.fromEntries(made) as typeof keys; // of all names
  const signers = [
    { ...sampleSigner(keys.ann, 'ann cli'), person: 'ann' },
    { ...sampleSigner(keys.annToo, 'ann laptop'), person: 'ann' },
    sampleSigner(keys.bob, 'bob'),
    { ...sampleSigner(keys.guard, 'guard'), role: 'guardian' as const },
  ];
  team = { ...sampleCharter([keys.ann], []), profile: 'team', signers };
  const spec = { parameters: [{ name: 'KEEP', type: 'number' as const }], vars: ['BACKUP_PASS'] };
  text = scriptText(draftScript({ file: 'backup.sh', text: 'echo "$KEEP"\n', spec }, { id, version: 1 }));
});

const signed = (...by: Array<keyof typeof keys>) => Promise.all(by.map((name) => signScriptText(text, keys[name])));
async function actionOf(
  signatures: Signature[],
  change: Partial<ScriptAction['arguments']> = {},
): Promise<ScriptAction> {
  const what = { script: text, hash: await scriptHash(text), values: { KEEP: '7' }, ...change };
  return { name: 'script.run', arguments: { ...what, signatures } };
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'proven',
    (error: { code?: string }) => error.code,
  );

test.each<[string, Array<keyof typeof keys>, Charter['profile'], string]>([
  ['its author alone, where one person is enough', ['ann'], 'solo', 'proven'],
  ['its author alone', ['ann'], 'team', 'signature-missing'],
  ['one person with two keys', ['ann', 'annToo'], 'team', 'signature-missing'],
  ['two people', ['ann', 'bob'], 'team', 'proven'],
  ['one of whom the site knows nothing', ['ann', 'eve'], 'team', 'signature-missing'],
  ['two, and one of another site', ['eve', 'ann', 'bob'], 'team', 'proven'],
  ['a guardian', ['ann', 'guard'], 'team', 'signature-missing'],
  ['two and a guardian', ['ann', 'bob', 'guard'], 'team', 'proven'],
])('reviewed by %s', async (_, by, profile, end) => {
  expect(await codeOf(proveScript(await actionOf(await signed(...by)), { ...team, profile }))).toBe(end);
});

test('a signature of another kind, of another text or under an edited text counts for nothing', async () => {
  const [ann] = await signed('ann');
  const asStanding = await signStrict(text, 'rmm-standing', keys.bob);
  const ofOther = await signScriptText(text.replace('KEEP', 'KEPT'), keys.bob);
  for (const other of [asStanding, ofOther])
    expect(await codeOf(proveScript(await actionOf([ann ?? '', other]), team))).toBe('signature-missing');
  const edited = text.replace('echo', 'exec');
  const both = await signed('ann', 'bob');
  const action = await actionOf(both, { script: edited, hash: await scriptHash(edited) });
  expect(await codeOf(proveScript(action, team))).toBe('signature-missing');
  expect(await scriptSigners({ text, signatures: both }, team)).toHaveLength(2);
});

test.each<[string, Partial<ScriptAction['arguments']>]>([
  ['another hash', { hash: 'a'.repeat(64) }],
  ['a value that does not fit', { values: { KEEP: 'all' } }],
  ['no value', { values: {} }],
  ['a value it knows nothing of', { values: { KEEP: '7', PATH: '/tmp' } }],
])('%s is refused, reviewed or not', async (_, change) => {
  const action = await actionOf(await signed('ann', 'bob'), change);
  const { signatures: _signatures, ...what } = action.arguments as Extract<
    ScriptAction,
    { name: 'script.run' }
  >['arguments'];
  expect(await codeOf(proveScript(action, team))).toBe('manifest-invalid');
  expect(await codeOf(proveScript({ name: 'script.try', arguments: what }, team))).toBe('manifest-invalid');
});

test('for once it needs no review: its order needs what any command needs', async () => {
  const what = { script: text, hash: await scriptHash(text), values: { KEEP: '7' } };
  expect(await codeOf(proveScript({ name: 'script.try', arguments: what }, team))).toBe('proven');
});

test('an order says which variables it reads, whatever it runs', async () => {
  const orders: Array<[Action, readonly string[] | undefined]> = [
    [await actionOf([]), ['BACKUP_PASS']],
    [{ name: 'command.run', arguments: { command: 'x', vars: ['A'] } }, ['A']],
    [{ name: 'dns.flush', arguments: {} }, undefined],
  ];
  for (const [action, vars] of orders) expect(variablesOf(action)).toEqual(vars);
});

test('a text that is no script, or another spelling of one, is none', () => {
  for (const bad of ['{}', ` ${text}`, 'x', text.replace('"v":1', '"v":2')]) expect(() => readScript(bad)).toThrow();
});
