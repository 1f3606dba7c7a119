// Checks of a relay are read with care: what is bad comes first, what is none of ours is unknown, and the score is of what is known.
import { expect, test } from 'vitest';
import type { Fact } from '#console/web/src/device/device-data.ts';
import { SECURITY_CHECKS } from '#shared/model/security-scan.ts';
import { checksOf, scoreOf } from './check-list.ts';
import { isWindowsKind, SPECS } from './fact-specs.ts';
import { memberText } from './member-value.tsx';
import { de } from './text.de.ts';
import { en } from './text.en.ts';

const fact = (body: unknown): Fact => ({ kind: 'security-scan', hash: '', seenAt: 1, firstSeenAt: 1, body });

test('bad ones come first, then unknown ones, and a verdict that nobody knows is unknown', () => {
  const checks = checksOf(
    fact({
      checks: [
        { id: 'a', verdict: 'yes', evidence: 'on' },
        { id: 'b', verdict: 'perhaps', evidence: 7 },
        { id: 'c', verdict: 'no', evidence: 'off' },
        'text',
      ],
    }),
  );
  expect(checks).toEqual([
    { id: 'c', verdict: 'no', evidence: 'off' },
    { id: 'b', verdict: 'unknown', evidence: '7' },
    { id: 'a', verdict: 'yes', evidence: 'on' },
  ]);
  expect(scoreOf(checks ?? [])).toEqual({ score: 50, good: 1, known: 2, unknown: 1 });
});

test('without checks there is no list, and without a known one no score', () => {
  expect(checksOf(fact({ unknown: 'denied' }))).toBeUndefined();
  expect(checksOf(fact('text'))).toBeUndefined();
  expect(scoreOf([{ id: 'a', verdict: 'unknown', evidence: '' }])).toMatchObject({ score: undefined, known: 0 });
});

test.each<[Parameters<typeof memberText>[1]['type'], unknown, string]>([
  ['text', '', '–'],
  ['text', null, '–'],
  ['texts', ['a', 7, 'b'], 'a, b'],
  ['texts', [], 'None.'],
  ['texts', null, '–'],
  ['count', 4_800, '4,800'],
  ['bytes', undefined, '–'],
  ['flag', false, 'no'],
  ['flag', null, '–'],
  ['time', 9e15, '–'],
  ['day', 1_764_547_200_000, '1 Dec 2025'],
])('a %s that says %j is read as "%s"', (type, value, text) =>
  expect(memberText({ member: value }, { name: 'member', title: 'name', ...(type !== undefined && { type }) })).toBe(
    text,
  ),
);

test('each check of a relay has its word in both languages', () => {
  const smb = ['smb1', 'smb-signing', 'smb-encryption', 'smb-dialect'];
  for (const id of [...SECURITY_CHECKS, ...smb])
    for (const texts of [en, de]) expect(texts).toHaveProperty(`check_${id}`);
});

test('each kind stands in one view', () => {
  const kinds = Object.values(SPECS).flatMap((specs) => specs.map(({ kind }) => kind));
  expect(new Set(kinds).size).toBe(kinds.length);
  expect(isWindowsKind('smb-posture')).toBe(true);
  expect(isWindowsKind('os')).toBe(false);
});
