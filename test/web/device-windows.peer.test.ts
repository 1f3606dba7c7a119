// The page of a Windows device in a real browser: its events with filters in the URL, how it is guarded.
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { deviceId, HOSTILE_DEVICE, siteId, siteNo } from './fixture-fleet.ts';
import { fixturePages } from './fixture-pages.ts';
import { WINDOWS_DEVICE } from './fixture-windows.ts';
import { brokenLaws, NOTHING_BROKEN } from './page-laws.ts';
import { axeViolations, IS_FULL, LOOKS, shot, watchedPage } from './signed-in-page.ts';

const pages = fixturePages({ devices: 64 });

const urlOf = (n: number, search = '') => `${pages.fixture.origin}/devices/${deviceId(n)}${search}`;
const lines = (page: Page) => page.locator('.log-line');

async function opened(n: number, search = '') {
  const watched = await watchedPage(pages.context, onTestFinished);
  await watched.page.goto(urlOf(n, search));
  await watched.page.locator('main h1').first().waitFor({ state: 'attached', timeout: 20_000 });
  await expect.poll(() => watched.page.locator('.skeleton').count(), { timeout: 20_000 }).toBe(0);
  return watched;
}

test('events are narrowed by what stands in the URL, open to all they say, tell what was passed over, and new ones come by themselves', async () => {
  const { page, faults } = await opened(WINDOWS_DEVICE, '?tab=events');
  await expect.poll(() => lines(page).count()).toBe(100);
  expect(await page.getByText('1,200 were passed over').count()).toBe(1);
  const unread = page.getByRole('region', { name: 'Logs that are not read' });
  expect(await unread.innerText()).toMatch(
    /^Logs that are not read\s+Security\s+Unknown: the login may not ask for it/,
  );
  await page.getByText('Errors', { exact: true }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get('level')).toBe('error');
  await expect.poll(() => lines(page).filter({ hasText: 'Warning' }).count()).toBe(0);
  await page.getByLabel('Text', { exact: true }).fill('service 10 enter');
  await expect.poll(() => lines(page).count()).toBe(1);
  expect(new URL(page.url()).searchParams.get('text')).toBe('service 10 enter');
  await lines(page).first().locator('summary').press('Enter');
  expect(await page.getByText('Number in the log').isVisible()).toBe(true);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const device = deviceId(WINDOWS_DEVICE);
  pages.fixture.tell({ kind: 'told', site: siteId(siteNo(WINDOWS_DEVICE)), device, what: 'log' });
  await expect.poll(() => asked.some((path) => path.endsWith(`/${device}/log`))).toBe(true);
  expect(faults).toEqual([]);
});

test.each(LOOKS)(
  'events and security keep the laws of pages in $scheme on a $size',
  async ({ scheme, size, viewport }) => {
    // `npm test` looks at each once.
    for (const tab of IS_FULL ? ['events', 'security'] : size === 'desk' ? ['security'] : ['events']) {
      const { page, faults } = await watchedPage(pages.context, onTestFinished);
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme: scheme });
      // The hostile one: whatever a machine writes into its log stays text.
      await page.goto(
        tab === 'events' ? urlOf(HOSTILE_DEVICE, '?tab=events&level=error') : urlOf(WINDOWS_DEVICE, '?tab=security'),
      );
      await page.locator('.log-line, section[aria-label="Security checks"]').first().waitFor();
      // What the URL says holds from the first look on.
      expect(await lines(page).filter({ hasText: 'Warning' }).count()).toBe(0);
      expect(await axeViolations(page)).toEqual([]);
      expect(await brokenLaws(page)).toEqual(NOTHING_BROKEN);
      await shot(page, `device-${tab}-${size}-${scheme}`);
      expect(faults).toEqual([]);
    }
  },
);
