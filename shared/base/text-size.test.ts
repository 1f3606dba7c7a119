// Proves that no text of a message is left out, and that a message without any has a size too.
import { expect, test } from 'vitest';
import { textSize } from './text-size.ts';

test('every text counts, however deep it stands; numbers, nothing and bare structure are the overhead', () => {
  const bare = textSize({});
  expect(bare).toBeGreaterThan(0);
  expect(textSize({ a: 'xx', b: [{ c: 'yyy' }, 'z'], n: 4, none: null, gone: undefined })).toBe(bare + 6);
});
