// A span in a URL says what is seen, and nothing that is as usual.
import { expect, test } from 'vitest';
import { parseSpanSearch, SPANS, shifted, spanOf, zoomed } from './spans.ts';

const DAY = 86_400_000;

test.each([
  [{}, {}],
  [{ span: '24h' }, {}],
  [{ span: '1y' }, { span: '1y' }],
  [{ span: '<script>', from: 'x', to: 9 }, {}],
  [
    { from: 1_000_000, to: 2_000_000 },
    { from: 1_000_000, to: 2_000_000 },
  ],
  [{ from: 1_000_000, to: 1_000_001 }, {}],
  [{ from: 0, to: 800 * DAY }, {}],
  [{ from: 1_000_000 }, {}],
])('%j is %j', (raw, search) => expect(parseSpanSearch(raw, '24h')).toEqual(search));

test('a span that is not named is the usual one of the page', () => {
  expect(spanOf({}, '24h').ms).toBe(DAY);
  expect(spanOf({ span: '1y' }, '24h').ms).toBe(365 * DAY);
});

test('a zoom is never beyond now, never narrower than a minute, never wider than two years', () => {
  expect(zoomed(1_000_000, 9_000_000, 5_000_000)).toEqual({ from: 1_000_000, to: 5_000_000 });
  expect(zoomed(4_999_000, 5_000_000, 5_000_000)).toEqual({ from: 4_940_000, to: 5_000_000 });
  const { from, to } = zoomed(0, 900 * DAY, 1_000 * DAY);
  expect(to - from).toBe(732 * DAY);
});

test('a step goes half a window, and not beyond now', () => {
  const window = { kind: 'still', from: 1_000, to: 3_000 } as const;
  expect(shifted(window, -1, 10_000)).toEqual({ from: 0, to: 2_000 });
  expect(shifted(window, 1, 10_000)).toEqual({ from: 2_000, to: 4_000 });
  expect(shifted(window, 1, 3_500)).toEqual({ from: 1_500, to: 3_500 });
  expect(shifted({ kind: 'span', span: SPANS[3] }, -1, 2 * DAY)).toEqual({ from: DAY / 2, to: 1.5 * DAY });
});
