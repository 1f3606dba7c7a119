// Variables are taken when a technician signed them for this site, forwards only, and given to orders for what they are for.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSealingKey } from '#relay/pin/sealing-key.ts';
import { SiteId } from '#shared/base/id.ts';
import { SealedVariable, type VariableHeader, VariableSecret } from '#shared/model/variable.ts';
import { draftDeletion, draftVariable, signVariable, variableByPasskey } from '#shared/seal/variable-seal.ts';
import { generateOpeningKey } from '#shared/seal/vault-box.ts';
import { keyOfWord, SAMPLE_SITE, sampleCharter } from '#test/fixtures/sample-trust.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { assertWith, passkeyOfWord, passkeySigner } from '#test/fixtures/virtual-passkey.ts';
import { VariableVault } from './variable-vault.ts';

const signer = await keyOfWord('technician');
const charter = sampleCharter([await keyOfWord('owner')], [signer]);
const NAMED = { v: 1, kind: 'variable', site: SAMPLE_SITE, name: 'BACKUP_PASS', version: 1 } as const;
const secretOf = (value: string, change: Partial<VariableSecret> = {}): VariableSecret => ({
  value,
  actions: ['command.run'],
  ...change,
});

async function setUp() {
  const data = tempFolder(onTestFinished);
  mkdirSync(path.join(data, 'identity'), { mode: 0o700 });
  const key = await openSealingKey(data);
  const bad: string[] = [];
  const open = () =>
    VariableVault.open({
      folder: path.join(data, 'variables'),
      clock: { now: () => 1_000 },
      key,
      site: SAMPLE_SITE,
      onBadFile: (detail) => bad.push(detail),
    });
  const draft = (change: Partial<VariableHeader> = {}, secret = secretOf('canary-tiger'), keys = [key.publicKey]) =>
    draftVariable({ header: { ...NAMED, ...change }, secret, keys, issuedAt: 1 });
  const seal = async (...args: Parameters<typeof draft>) => signVariable(await draft(...args), signer);
  return { data, vault: await open(), open, draft, seal, bad };
}

const give = (vault: VariableVault, name = 'BACKUP_PASS') => vault.open([name], 'command.run');

test('a variable is given to an order, also after a restart; on disk there is ciphertext of 0600', async () => {
  const { data, vault, open, seal } = await setUp();
  expect(await vault.accept(await seal(), charter)).toEqual({ name: 'BACKUP_PASS', version: 1, state: 'open' });
  for (const one of [vault, await open()])
    expect(give(one)).toEqual({ ok: true, value: new Map([['BACKUP_PASS', 'canary-tiger']]) });
  for (const name of readdirSync(path.join(data, 'variables'))) {
    const file = path.join(data, 'variables', name);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toMatch(/canary|tiger/);
  }
});

test('versions only rise, another site and a stranger are refused, a deletion makes it forget', async () => {
  const { vault, seal, draft } = await setUp();
  await vault.accept(await seal({ version: 2 }), charter);
  expect(await vault.accept(await seal({ version: 2 }), charter)).toBeUndefined();
  await expect(vault.accept(await seal(), charter)).rejects.toMatchObject({ code: 'manifest-replayed' });
  const site = SiteId.parse('0190a000-0000-7000-8001-000000000099');
  await expect(vault.accept(await seal({ site, version: 3 }), charter)).rejects.toMatchObject({
    code: 'manifest-retargeted',
  });
  const stranger = await signVariable(await draft({ version: 3 }), await keyOfWord('stranger'));
  await expect(vault.accept(stranger, charter)).rejects.toMatchObject({ code: 'signature-invalid' });
  const deletion = await signVariable(draftDeletion({ ...NAMED, version: 3 }, 2), signer);
  expect(await vault.accept(deletion, charter)).toMatchObject({ state: 'deleted' });
  expect(give(vault)).toMatchObject({ ok: false, detail: 'variable BACKUP_PASS was deleted' });
});

test('a box of another version or another name does not open, and a changed one is not what was signed', async () => {
  const { vault, seal, draft } = await setUp();
  const [one, two] = [await seal(), await draft({ version: 2 })];
  const swapped = await signVariable({ text: two.text, boxes: one.boxes }, signer);
  await expect(vault.accept(swapped, charter)).rejects.toMatchObject({ code: 'signature-invalid' });
  const other = await draft({ name: 'OTHER_PASS' });
  const moved = await signVariable(
    { text: other.text.replace('OTHER_PASS', 'BACKUP_PASS'), boxes: other.boxes },
    signer,
  );
  await expect(vault.accept(moved, charter)).rejects.toMatchObject({ code: 'signature-invalid' });
  expect(vault.held()).toEqual([]);
});

test('what is signed beside the box must be what is in it', async () => {
  const { vault, draft } = await setUp();
  const { text, boxes } = await draft({}, secretOf('canary-tiger', { notAfter: 5 }));
  const lying = await signVariable({ text: text.replace('"notAfter":5', '"notAfter":5000'), boxes }, signer);
  await expect(vault.accept(lying, charter)).rejects.toMatchObject({ code: 'signature-invalid' });
});

test('one that was sealed for others, has expired or is unknown is given to nobody, and the reason says so', async () => {
  const { vault, seal } = await setUp();
  const { key } = await generateOpeningKey();
  await vault.accept(await seal({}, secretOf('canary-tiger'), [key.publicKey]), charter);
  expect(vault.held()).toMatchObject([{ state: 'unreadable' }]);
  expect(give(vault)).toMatchObject({ ok: false, reason: 'credential-missing' });
  await vault.accept(await seal({ version: 2 }, secretOf('canary-tiger', { notAfter: 1_000 })), charter);
  expect(give(vault)).toMatchObject({ ok: false, reason: 'credential-not-allowed' });
  expect(give(vault, 'NOTHING')).toMatchObject({ ok: false, reason: 'credential-missing' });
});

test('a technician may sign with a passkey; an approver may not', async () => {
  const { vault, draft } = await setUp();
  const passkey = await passkeyOfWord('technician');
  const made = await draft();
  const sealed = SealedVariable.parse(variableByPasskey(made, await assertWith(passkey, made.text)));
  const under = (role: 'technician' | 'approver') => ({
    ...charter,
    signers: [{ ...passkeySigner(passkey, 'page'), role }],
  });
  await expect(vault.accept(sealed, under('approver'))).rejects.toMatchObject({ code: 'signature-invalid' });
  expect(await vault.accept(sealed, under('technician'))).toMatchObject({ state: 'open' });
});

test.each([
  ['too short to be hidden', 'tiger-7'],
  ['mostly blank', 'a b c d e f g    '],
  ['a NUL in it', 'canary\0tiger'],
  ['too long', 'x'.repeat(4_097)],
])('a value is refused where it is made: %s', (_why, value) => {
  expect(VariableSecret.safeParse(secretOf(value)).success).toBe(false);
});

test.each(['backup_pass', '1PASS', 'PATH', 'LD_PRELOAD', 'A-B', 'A'.repeat(65)])('%s names no variable', (name) => {
  expect(() => draftDeletion({ ...NAMED, name }, 1)).toThrow();
});

test('a file that cannot be read is told, and the others are used', async () => {
  const { data, vault, open, seal, bad } = await setUp();
  await vault.accept(await seal(), charter);
  writeFileSync(path.join(data, 'variables', 'BROKEN.json'), '{', { mode: 0o600 });
  expect((await open()).held()).toHaveLength(1);
  expect(bad).toHaveLength(1);
});
