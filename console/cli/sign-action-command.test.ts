// Proves that a second person signs nothing that was not shown: a console that withholds or mixes parts of a batch is caught.
import { expect, test } from 'vitest';
import { signBatch } from '#shared/seal/manifest-seal.ts';
import { tierRule } from '#shared/seal/profile-tiers.ts';
import {
  keyOfWord,
  sampleCharter,
  sampleDevice,
  sampleManifest,
  sampleManifestId,
} from '#test/fixtures/sample-trust.ts';
import { orderText } from './order-text.ts';
import { openBatch } from './sign-action-command.ts';

const manifestOf = (n: number) =>
  sampleManifest({ id: sampleManifestId(n), targets: [{ device: sampleDevice(n), identity: { macs: [] } }] });
const batchOf = async (...ns: number[]) => signBatch(ns.map(manifestOf), await keyOfWord('ann'));

test('a whole batch is opened, whatever order its parts come in', async () => {
  const batch = await batchOf(1, 2, 3);
  const { statement, manifests } = await openBatch(batch.toReversed());
  expect(manifests).toHaveLength(3);
  expect(statement).toContain('"total":3');
});

test('a part withheld, one shown twice, one of another batch, or nothing is refused', async () => {
  const [a, b, c] = await batchOf(1, 2, 3);
  const [stranger] = await batchOf(4);
  if (a === undefined || b === undefined || c === undefined || stranger === undefined) throw new Error('no batch');
  for (const parts of [
    [a, b],
    [a, b, b],
    [a, b, c, c],
    [a, b, stranger],
  ])
    await expect(openBatch(parts)).rejects.toMatchObject({ code: 'signature-invalid' });
  const cheap = { ...a, batch: { ...a.batch, total: 1 } };
  await expect(openBatch([cheap])).rejects.toMatchObject({ code: 'signature-invalid' });
  await expect(openBatch([])).rejects.toMatchObject({ code: 'not-found' });
});

test('what is shown is the command in full, every device with its identity, and no control character', () => {
  const manifest = sampleManifest({
    action: { name: 'command.run', arguments: { command: 'echo a\n\u001b[2Jrm -rf /' } },
  });
  const rule = tierRule(sampleCharter([], []), 't3');
  const text = orderText({ manifests: [manifest], rule, nameOf: () => 'web\u202e-1' });
  expect(text).toContain('rm -rf /');
  expect(text).toContain('0123456789abcdef0123456789abcdef');
  expect(text).toContain('for 30 s before it starts');
  for (const sign of ['\u001b', '\u202e']) expect(text).not.toContain(sign);
});
