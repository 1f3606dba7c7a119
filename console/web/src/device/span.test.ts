// The URL of a device's page says what is seen, and nothing that is as usual.
import { expect, test } from 'vitest';
import { parseDeviceSearch, tabsOf } from './span.ts';

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
  [
    { tab: 'events', level: 'error', code: 7 },
    { tab: 'events', level: 'error', code: 7 },
  ],
  [{ tab: 'services', level: 'error', code: 7 }, { tab: 'services' }],
])('%j is %j', (raw, search) => expect(parseDeviceSearch(raw)).toEqual(search));

test('events and security are views of Windows machines, and of any when a link leads there', () => {
  const linux = { system: 'linux', transport: 'ssh' };
  expect(tabsOf(linux, 'overview')).not.toContain('events');
  expect(tabsOf(linux, 'events')).toContain('events');
  expect(tabsOf({ system: 'unknown', transport: 'winrm' }, 'overview')).toEqual(
    expect.arrayContaining(['events', 'security']),
  );
});
