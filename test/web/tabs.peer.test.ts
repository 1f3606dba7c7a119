// Many tabs of one browser share one feed: none of them starves, and none is lost when the tab that holds it closes.
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { deviceId, siteId } from './fixture-fleet.ts';
import { fixturePages } from './fixture-pages.ts';
import { fleetShown, signIn, watchedPage } from './signed-in-page.ts';

/** More than the six connections that a browser gives one host. */
const TABS = 8;
const pages = fixturePages();

const isLive = (page: Page) => page.getByText('Live', { exact: true }).first().waitFor({ timeout: 20_000 });
const says = (page: Page, text: string) =>
  page.locator('tr.row', { hasText: 'mail-1' }).getByText(text).first().waitFor({ timeout: 20_000 });
const change = { kind: 'device' as const, site: siteId(2), device: deviceId(2) };

describe('the tabs of one browser', () => {
  test('share one feed, all hear it, and another takes over when the one that holds it closes', async () => {
    const tabs: Page[] = [];
    for (let n = 0; n < TABS; n += 1) {
      const { page } = await watchedPage(pages.context, onTestFinished);
      await page.goto(`${pages.fixture.origin}/fleet?q=mail-1`);
      await fleetShown(page);
      await isLive(page);
      tabs.push(page);
    }
    expect(pages.fixture.viewers()).toBe(1);
    pages.fixture.publish({ ...change, at: Date.now(), status: 'unknown' });
    await Promise.all(tabs.map((tab) => says(tab, 'Unknown')));

    const [holder, ...others] = tabs;
    await holder?.close();
    // What happens while nobody follows is told to the next one that does.
    pages.fixture.publish({ ...change, at: Date.now() + 1_000, status: 'down' });
    await Promise.all(others.map((tab) => says(tab, 'Down')));
    await expect.poll(() => pages.fixture.viewers()).toBe(1);
  });

  test('each hear what they alone want: a tab of the fleet, and two of different devices', async () => {
    const asked: string[] = [];
    pages.context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.pathname === '/api/changes') asked.push(decodeURIComponent(url.search));
    });
    const open = async (path: string) => {
      const { page } = await watchedPage(pages.context, onTestFinished);
      await page.goto(`${pages.fixture.origin}${path}`);
      await isLive(page);
      return page;
    };
    const fleet = await open('/fleet');
    await fleetShown(fleet);
    await open(`/devices/${deviceId(0)}`);
    await open(`/devices/${deviceId(1)}`);
    const all = `?fleet=true&watch=${deviceId(0)},${deviceId(1)}`;
    await expect.poll(() => asked.at(-1)).toBe(all);
    await expect.poll(() => pages.fixture.viewers()).toBe(1);
    // A tab that is closed wants nothing more, and its part is not taken from the others.
    await fleet.close();
    await expect.poll(() => pages.fixture.viewers()).toBe(1);
  });

  test('without locks each stands alone, and is live', async () => {
    const alone = await signIn(pages.browser, pages.fixture.link);
    onTestFinished(() => alone.close());
    await alone.addInitScript("Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })");
    for (let n = 0; n < 2; n += 1) {
      const { page } = await watchedPage(alone, onTestFinished);
      await page.goto(`${pages.fixture.origin}/fleet?q=mail-1`);
      await isLive(page);
    }
    await expect.poll(() => pages.fixture.viewers()).toBe(2);
  });
});
