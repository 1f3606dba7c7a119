// The web console against the fixture console: hostile texts, ten thousand devices, and an API that fails.
import { describe, expect, onTestFinished, test } from 'vitest';
import { startFixtureConsole } from './fixture-console.ts';
import { deviceId, HOSTILE, HOSTILE_DEVICE, siteId } from './fixture-fleet.ts';
import { fixturePages } from './fixture-pages.ts';
import {
  axeViolations,
  chartsShown,
  fleetShown,
  overflow,
  shot,
  signIn,
  VIEWPORTS,
  watchedPage,
} from './signed-in-page.ts';

/** Given back also by a test that fails: the tests after it would fail for a reason that is not theirs. */
function breakApi(): void {
  onTestFinished(() => pages.fixture.breakApi(false));
  pages.fixture.breakApi(true);
}

/** What hides text, turns it around, or moves a cursor. */
const UNSEEN = /\p{Cc}(?<![\t\n\r])|[\u200b\u202e]|[\u{e0041}]/u;
const pages = fixturePages();

describe('the web console on a fixture', () => {
  test.each(Object.entries(VIEWPORTS))('hostile texts of a device stay text on a %s', async (size, viewport) => {
    const { page, faults, requests } = await watchedPage(pages.context, onTestFinished);
    await page.setViewportSize(viewport);
    await page.goto(`${pages.fixture.origin}/fleet`);
    await fleetShown(page);
    await page.goto(`${pages.fixture.origin}/devices/${deviceId(HOSTILE_DEVICE)}?tab=charts`);
    await chartsShown(page);
    const tables = page.getByRole('button', { name: /^Table of/ });
    for (let left = await tables.count(); left > 0; left -= 1) await tables.first().click();
    await shot(page, `hostile-${size}`);
    const text = await page.locator('main').innerText();
    expect(text).toContain(HOSTILE.script);
    expect(text).toContain('invoice\\u202efdp.exe');
    // What would hide or turn text is nowhere in the page, titles and labels included.
    expect(await page.content()).not.toMatch(UNSEEN);
    expect(await page.evaluate("'pwned' in window")).toBe(false);
    expect(await page.locator('main script, main img, main a[href^="javascript"]').count()).toBe(0);
    expect(
      requests.filter(
        (request) => /^(image|script)/.test(request) && !/\/assets\/|\/(icon\.svg|early\.js)$/.test(request),
      ),
    ).toEqual([]);
    expect(faults).toEqual([]);
    expect(await overflow(page)).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
  });

  test('a status that changes is seen at once: in its row, in the counts, in the title and in the icon', async () => {
    const { page } = await watchedPage(pages.context, onTestFinished);
    await page.goto(`${pages.fixture.origin}/fleet?q=web-1`);
    await fleetShown(page);
    const row = page.locator('tr.row', { hasText: 'web-1' });
    await row.getByText('Up').waitFor();
    pages.fixture.publish({
      kind: 'device',
      site: siteId(0),
      device: deviceId(0),
      at: Date.now() + 1_000,
      status: 'down',
      reason: 'refused',
    });
    await row.getByText('Down').waitFor({ timeout: 2_000 });
    await row.getByText('refused').waitFor();
    await expect.poll(() => page.title()).toBe('(3 down) Fleet · RMM');
    await expect.poll(() => page.locator('link[rel=icon]').getAttribute('href')).toMatch(/^data:image\/svg\+xml/);
  });

  test('at every width the names keep the room they need', async () => {
    const { page } = await watchedPage(pages.context, onTestFinished);
    await page.goto(`${pages.fixture.origin}/fleet`);
    await fleetShown(page);
    for (const width of [640, 768, 1024, 1280, 1312, 1440, 1920]) {
      await page.setViewportSize({ width, height: 700 });
      await expect
        .poll(async () => (await page.locator('th.name-cell').boundingBox())?.width, { message: `${width} px` })
        .toBeGreaterThan(150);
      const table = await page.locator('table.fleet').boundingBox();
      const last = await page.locator('tr.row').first().locator('td:visible').last().boundingBox();
      expect((last?.x ?? 0) + (last?.width ?? 0)).toBeCloseTo((table?.x ?? 0) + (table?.width ?? 0), 0);
      expect(await overflow(page)).toBe(0);
    }
  });

  test('j and k walk row by row, and a row out of view comes into it', async () => {
    const { page } = await watchedPage(pages.context, onTestFinished);
    await page.setViewportSize({ width: 1440, height: 500 });
    await page.goto(`${pages.fixture.origin}/fleet?sort=name`);
    await fleetShown(page);
    const focused = page.locator('[data-row]:focus');
    // The row is focused before the page has scrolled to it.
    const top = async () => (await focused.boundingBox())?.y;
    for (let step = 0; step < 30; step += 1) await page.keyboard.press('j');
    await expect.poll(() => focused.getAttribute('data-row')).toBe('29');
    await expect.poll(top).toBeLessThan(500 - 34);
    for (let step = 0; step < 25; step += 1) await page.keyboard.press('k');
    await expect.poll(() => focused.getAttribute('data-row')).toBe('4');
    const head = await page.locator('.fleet thead').boundingBox();
    await expect.poll(top).toBeGreaterThan((head?.y ?? 0) + 30);
    expect(await top()).toBeLessThan(500 - 34);
  });

  test('columns sort by their headers, tell how, and keep it in the address', async () => {
    // Numbers that stand still: live ones may pass each other between two orders.
    const still = await startFixtureConsole({ devices: 48, isLive: false });
    const own = await signIn(pages.browser, still.link);
    const { page } = await watchedPage(own, onTestFinished);
    await page.goto(`${still.origin}/fleet`);
    await fleetShown(page);
    await page.getByRole('button', { name: 'Memory' }).click();
    await page.waitForURL(/sort=-memory/);
    const header = page.locator('th', { hasText: 'Memory' });
    expect(await header.getAttribute('aria-sort')).toBe('descending');
    const place = (await page.locator('th').allInnerTexts()).findIndex((title) => title.includes('Memory')) + 1;
    const memory = async () =>
      (await page.locator(`tr.row td:nth-child(${place})`).allInnerTexts()).map((text) => Number.parseInt(text, 10));
    const shown = (await memory()).filter((value) => !Number.isNaN(value));
    expect(shown).toEqual([...shown].sort((a, b) => b - a));
    await header.getByRole('button').click();
    await expect.poll(() => header.getAttribute('aria-sort')).toBe('ascending');
    await own.close();
    await still.stop();
  });

  test('a console that fails is one clear sentence with a way to try again', async () => {
    const { page } = await watchedPage(pages.context, onTestFinished);
    breakApi();
    await page.goto(`${pages.fixture.origin}/fleet`);
    const retry = page.getByRole('button', { name: 'Try again' });
    await retry.waitFor({ timeout: 15_000 });
    expect(await page.getByRole('alert').count()).toBe(1);
    await shot(page, 'fault');
    pages.fixture.breakApi(false);
    await retry.click();
    await fleetShown(page);
  });

  test('a feed that breaks off says so, comes back by itself, and what was missed is there', async () => {
    const { page } = await watchedPage(pages.context, onTestFinished);
    await page.goto(`${pages.fixture.origin}/fleet?q=mail-1`);
    await fleetShown(page);
    const row = page.locator('tr.row', { hasText: 'mail-1' });
    await page.getByText('Live', { exact: true }).waitFor();
    // A page that has heard nothing yet has no place to go on from; it would read the list, which this fixture never changes.
    const change = { kind: 'device' as const, site: siteId(2), device: deviceId(2) };
    pages.fixture.publish({ ...change, at: Date.now(), status: 'unknown' });
    await row.getByText('Unknown').waitFor({ timeout: 20_000 });
    breakApi();
    pages.fixture.cut();
    await page.getByText('Not live').waitFor({ timeout: 20_000 });
    pages.fixture.publish({ ...change, at: Date.now() + 1_000, status: 'down' });
    pages.fixture.breakApi(false);
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 20_000 });
    await row.getByText('Down').waitFor({ timeout: 20_000 });
  });

  test('a session that ends leads to the door', async () => {
    const { page } = await watchedPage(pages.context, onTestFinished);
    await page.goto(`${pages.fixture.origin}/devices/${deviceId(1)}`);
    await chartsShown(page);
    onTestFinished(() => pages.fixture.endSessions(false));
    pages.fixture.endSessions(true);
    pages.fixture.cut();
    await page.waitForURL(/\/sign-in$/, { timeout: 10_000 });
  });

  test('an empty fleet says the next step', async () => {
    const empty = await startFixtureConsole({ devices: 0 });
    const own = await signIn(pages.browser, empty.link);
    const { page, faults } = await watchedPage(own, onTestFinished);
    await page.goto(`${empty.origin}/fleet`);
    await page.getByText('relay token').waitFor();
    await shot(page, 'empty');
    expect(await axeViolations(page)).toEqual([]);
    expect(faults).toEqual([]);
    await own.close();
    await empty.stop();
  });

  test('ten thousand devices: few rows exist, the table says how many there are, keys reach the last', async () => {
    const many = await startFixtureConsole({ devices: 10_000, isLive: false });
    const own = await signIn(pages.browser, many.link);
    const { page, faults } = await watchedPage(own, onTestFinished);
    await page.goto(`${many.origin}/fleet?sort=name`);
    await expect
      .poll(() => page.locator('table.fleet').getAttribute('aria-rowcount'), { timeout: 30_000 })
      .toBe('10001');
    expect(await page.locator('tr.row').count()).toBeLessThan(80);
    await page.locator('.fleet-region').evaluate((region) => region.scrollTo(0, region.scrollHeight));
    await expect.poll(() => page.locator('tr.row').last().getAttribute('aria-rowindex')).toBe('10001');
    await page.getByRole('combobox', { name: 'Filter devices' }).fill('web-1250');
    await expect.poll(() => page.locator('tr.row').count(), { timeout: 20_000 }).toBe(1);
    expect(faults).toEqual([]);
    await own.close();
    await many.stop();
  }, 90_000);
});
