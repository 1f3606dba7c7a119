// A charter is shown when it reads as one, and nothing else is.
import { expect, test } from 'vitest';
import { charterFacts } from './charter-facts.ts';

test('version aside, the text says all', () => {
  const text = JSON.stringify({ expiresAt: 9, profile: 'solo', owners: [{}], signers: [{}, {}] });
  expect(charterFacts(text)).toEqual({ expiresAt: 9, profile: 'solo', owners: 1, signers: 2 });
});

test.each(['', '{', '[]', 'null', '{"expiresAt":"soon"}'])('%s is no charter', (text) =>
  expect(charterFacts(text)).toBeUndefined(),
);
