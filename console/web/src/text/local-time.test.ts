// What the field for a time writes is read back as the same minute.
import { expect, test } from 'vitest';
import { localText, localTime } from './local-time.ts';

test('a minute comes back as it was', () => {
  const at = new Date(2026, 0, 5, 8, 7).getTime();
  expect(localText(at)).toBe('2026-01-05T08:07');
  expect(localTime(localText(at))).toBe(at);
});

test.each(['', 'yesterday', '2026-01-05', '2026-13-45T08:00'])('%j is no time', (text) =>
  expect(localTime(text)).toBeUndefined(),
);
