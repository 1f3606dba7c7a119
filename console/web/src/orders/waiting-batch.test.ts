// What waits is shown whole and proven, or not at all.
import { expect, test } from 'vitest';
import type { Charter } from '#shared/model/charter.ts';
import { draftBatch, sealBatch, signStatement } from '#shared/seal/manifest-seal.ts';
import {
  keyOfWord,
  SAMPLE_TIME,
  sampleCharter,
  sampleDevice,
  sampleManifest,
  sampleManifestId,
  sampleSigner,
} from '#test/fixtures/sample-trust.ts';
import { assertWith, passkeyOfWord, passkeySigner } from '#test/fixtures/virtual-passkey.ts';
import { openWaiting } from './waiting-batch.ts';

async function estate() {
  const ann = await passkeyOfWord('ann');
  const bob = await keyOfWord('bob');
  const signers = [passkeySigner(ann, 'ann'), sampleSigner(bob, 'bob')];
  const charter: Charter = { ...sampleCharter([], []), profile: 'team', signers };
  const manifests = [1, 2].map((n) =>
    sampleManifest({ id: sampleManifestId(n), targets: [{ device: sampleDevice(n), identity: { macs: [] } }] }),
  );
  const { statement, parts } = await draftBatch(manifests);
  return { ann, bob, charter, statement, parts, read: () => Promise.resolve(charter) };
}

test('who signed it is proven, who could sign it next is named, and until when', async () => {
  const { ann, charter, statement, parts, read } = await estate();
  const batch = await openWaiting(sealBatch(parts, [await assertWith(ann, statement)]), read);
  expect(batch).toMatchObject({ statement, charters: [charter], signBefore: SAMPLE_TIME + 600_000 });
  expect(batch.signedBy.map(({ name }) => name)).toEqual(['ann']);
  expect(batch.couldSign.map(({ name }) => name)).toEqual(['bob']);
  expect(batch.lacks).toContain('1 more person');
});

test('a part withheld or edited, a signature on something else, and another charter are caught', async () => {
  const { ann, bob, charter, statement, parts, read } = await estate();
  const signed = sealBatch(parts, [await assertWith(ann, statement)]);
  const [a, b] = signed;
  if (a === undefined || b === undefined) throw new Error('no batch');
  const edited = { ...b, manifest: b.manifest.replace('uname -a', 'reboot') };
  const forged = sealBatch(parts, [await assertWith(ann, `${statement} `)]);
  const stranger = sealBatch(parts, [await signStatement(statement, await keyOfWord('eve'))]);
  for (const wrong of [[a], [a, edited], forged, stranger])
    await expect(openWaiting(wrong, read)).rejects.toMatchObject({ code: 'signature-invalid' });
  const later = () => Promise.resolve({ ...charter, version: 2 });
  await expect(openWaiting(signed, later)).rejects.toMatchObject({ code: 'charter-invalid' });
  expect((await openWaiting(sealBatch(parts, [await signStatement(statement, bob)]), read)).signedBy[0]?.name).toBe(
    'bob',
  );
});
