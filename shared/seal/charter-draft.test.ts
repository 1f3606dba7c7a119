// Proves what a fresh site allows, and that a change keeps everything it does not name.
import { expect, test } from 'vitest';
import { keyOfWord, SAMPLE_SITE, SAMPLE_TIME } from '#test/fixtures/sample-trust.ts';
import { draftFirstCharter, draftNextCharter } from './charter-draft.ts';
import { signCharter, trustOf, verifyCharter } from './charter-seal.ts';

const YEAR = 365 * 86_400_000;

test('the first charter names one owner, one technician and small caps for a year', async () => {
  const [owner, cli] = await Promise.all([keyOfWord('owner'), keyOfWord('cli')]);
  const keys = { owner: owner.publicKey, cliSigner: cli.publicKey };
  const charter = draftFirstCharter({ site: SAMPLE_SITE, ...keys, now: SAMPLE_TIME });
  expect(charter).toMatchObject({ version: 1, quorum: 1, profile: 'solo', owners: [owner.publicKey] });
  expect(charter.signers.map((signer) => [signer.key, signer.role])).toEqual([[cli.publicKey, 'technician']]);
  expect(charter.expiresAt - SAMPLE_TIME).toBe(YEAR);
  expect(charter.caps).toEqual({
    devicesPerManifest: 25,
    devicesPerTenMinutes: 25,
    maxTimeoutMs: 3_600_000,
    maxOutputBytes: 1_048_576,
  });

  const raised = draftNextCharter(charter, { caps: { devicesPerManifest: 500 } }, SAMPLE_TIME + 5);
  expect(raised).toEqual({
    ...charter,
    version: 2,
    issuedAt: SAMPLE_TIME + 5,
    expiresAt: SAMPLE_TIME + 5 + YEAR,
    caps: { ...charter.caps, devicesPerManifest: 500 },
  });
  expect(await verifyCharter(await signCharter(raised, [owner]), trustOf(charter))).toEqual(raised);
});
