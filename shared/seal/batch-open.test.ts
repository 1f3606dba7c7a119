// Proves that a second person signs nothing that was not shown: a console that withholds or mixes parts of a batch is caught.
import { expect, test } from 'vitest';
import { keyOfWord, sampleDevice, sampleManifest, sampleManifestId } from '#test/fixtures/sample-trust.ts';
import { openBatch } from './batch-open.ts';
import { signBatch } from './manifest-seal.ts';

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

test('a part that orders something else, or for longer, is not taken for a part of what is shown', async () => {
  const other = { action: { name: 'command.run' as const, arguments: { command: 'reboot' } } };
  for (const change of [other, { reason: 'another' }, { exp: manifestOf(2).exp + 1 }]) {
    const batch = await signBatch([manifestOf(1), { ...manifestOf(2), ...change }], await keyOfWord('ann'));
    await expect(openBatch(batch)).rejects.toMatchObject({ code: 'signature-invalid' });
  }
});
