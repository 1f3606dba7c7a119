// The URL of a device's page says what is seen, and nothing that is as usual.
import { expect, test } from 'vitest';
import { parseDeviceSearch, zoomed } from './span.ts';

test.each([
  [{}, {}],
  [{ tab: 'overview', span: '15m' }, {}],
  [
    { tab: 'services', span: '7d', other: 1 },
    { tab: 'services', span: '7d' },
  ],
  [{ tab: '<script>', span: 7, from: 'x', to: 9 }, {}],
  [
    { from: 1_000_000, to: 2_000_000 },
    { from: 1_000_000, to: 2_000_000 },
  ],
  [{ from: 1_000_000, to: 1_000_001 }, {}],
  [{ from: 1_000_000 }, {}],
])('%j is %j', (raw, search) => expect(parseDeviceSearch(raw)).toEqual(search));

test('a zoom is never beyond now, never narrower than a minute, never wider than a year', () => {
  expect(zoomed(1_000_000, 9_000_000, 5_000_000)).toEqual({ from: 1_000_000, to: 5_000_000 });
  expect(zoomed(4_999_000, 5_000_000, 5_000_000)).toEqual({ from: 4_940_000, to: 5_000_000 });
  const { from, to } = zoomed(0, 400 * 86_400_000, 500 * 86_400_000);
  expect(to - from).toBe(365 * 86_400_000);
});
