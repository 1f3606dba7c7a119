// The zone beside every clock reads as people write it.
import { expect, test } from 'vitest';
import { offsetText } from './time.ts';

test.each([
  [0, 'UTC'],
  [120, 'UTC+2'],
  [-300, 'UTC-5'],
  [330, 'UTC+5:30'],
  [-210, 'UTC-3:30'],
  [765, 'UTC+12:45'],
])('%i minutes east of Greenwich is %s', (minutes, text) => {
  expect(offsetText(minutes)).toBe(text);
});
