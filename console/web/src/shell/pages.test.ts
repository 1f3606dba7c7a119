// The table of pages: one chord each, and a path below a page belongs to it.
import { expect, test } from 'vitest';
import { PAGES, pageOf } from './pages.ts';

test('no two pages share a path or a chord', () => {
  for (const member of ['path', 'chord'] as const)
    expect(new Set(PAGES.map((page) => page[member])).size).toBe(PAGES.length);
});

test.each([
  ['/', '/'],
  ['/fleet', '/fleet'],
  ['/devices/4', '/fleet'],
  ['/alerts/4', '/incidents'],
  ['/notifications/routes', '/notifications'],
  ['/sites/4', '/sites'],
  ['/sitesmap', undefined],
  ['/nowhere', undefined],
])('%s belongs to %s', (path, page) => expect(pageOf(path)?.path).toBe(page));
