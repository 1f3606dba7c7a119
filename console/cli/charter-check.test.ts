// Proves that doctor tells of a charter that ends, of one owner alone and of a frozen site, and is silent otherwise.
import { expect, test } from 'vitest';
import { FreezeId } from '#shared/base/id.ts';
import type { Brake } from '#shared/model/freeze.ts';
import { keyOfWord, SAMPLE_SITE, SAMPLE_TIME, sampleCharter } from '#test/fixtures/sample-trust.ts';
import { checkCharter } from './charter-check.ts';

const DAY = 86_400_000;
const id = FreezeId.parse('0190a000-0000-7000-8005-000000000001');
const freeze: Brake = { v: 1, kind: 'freeze', site: SAMPLE_SITE, id, at: SAMPLE_TIME, reason: '' };
const charter = sampleCharter([await keyOfWord('a'), await keyOfWord('b')], [], { expiresAt: SAMPLE_TIME + 100 * DAY });
const verdicts = (change: object, now = SAMPLE_TIME, brake?: Brake) =>
  checkCharter({ site: 's', charter: { ...charter, ...change }, brake }, now).map(({ verdict }) => verdict);

test.each([
  [69, []],
  [70, ['warning']],
  [99, ['warning']],
  [100, ['failed']],
])('%i days on, %j', (days, expected) => {
  expect(verdicts({}, SAMPLE_TIME + days * DAY)).toEqual(expected);
});

test('owners that must all sign are one loss away from none, and a frozen site is told', () => {
  expect(verdicts({ quorum: 2 })).toEqual(['warning']);
  expect(verdicts({}, SAMPLE_TIME + DAY, freeze)).toEqual(['failed']);
  expect(verdicts({}, SAMPLE_TIME + DAY, { ...freeze, site: SAMPLE_SITE, kind: 'thaw', freezes: id })).toEqual([]);
});
