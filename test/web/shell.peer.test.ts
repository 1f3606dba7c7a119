// The frame and the overview in a real browser: keys alone lead everywhere, the palette finds and asks, nothing moves by itself.
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startFixtureConsole } from './fixture-console.ts';
import { deviceId, siteId } from './fixture-fleet.ts';
import { fixturePages } from './fixture-pages.ts';
import { axeViolations, fleetShown, LOOKS, overflow, shot, signIn, VIEWPORTS, watchedPage } from './signed-in-page.ts';

const pages = fixturePages();

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
const overviewShown = (page: Page) => page.getByRole('heading', { name: 'Need a look' }).waitFor();
const field = (page: Page) => page.getByRole('combobox', { name: 'Search and commands' });

async function openOverview(): Promise<{ page: Page; faults: string[] }> {
  const { page, faults } = await watchedPage(pages.context, onTestFinished);
  await page.goto(pages.fixture.origin);
  await overviewShown(page);
  return { page, faults };
}

async function expectClean(page: Page, name: string): Promise<void> {
  await shot(page, name);
  expect(await axeViolations(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
}

describe('the frame of the web console', () => {
  test.each(LOOKS)('$scheme on a $size: overview, keys, palette and drawer are for everybody', async (view) => {
    const { page, faults } = await watchedPage(pages.context, onTestFinished);
    const name = (what: string) => `${what}-${view.size}-${view.scheme}`;
    await page.setViewportSize(view.viewport);
    await page.emulateMedia({ colorScheme: view.scheme });
    await page.goto(pages.fixture.origin);
    await overviewShown(page);
    await page.getByText('relay-3').waitFor();
    await expectClean(page, name('overview'));
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await expectClean(page, name('keys'));
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('web');
    await page.getByRole('option', { name: /web-1/ }).waitFor();
    await expectClean(page, name('palette'));
    await page.keyboard.press('Escape');
    if (view.size === 'phone') {
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('dialog', { name: 'More' }).waitFor();
      await expectClean(page, name('drawer'));
    }
    expect(faults).toEqual([]);
  });

  test('chords lead to every page of the navigation, and the focus stands at its heading', async () => {
    const { page } = await openOverview();
    await page.keyboard.press('?');
    const lines = page.getByRole('dialog').locator('dl').last().locator('dt');
    const names = await lines.allInnerTexts();
    const chords = await page.getByRole('dialog').locator('dl').last().locator('dd').allInnerTexts();
    await page.keyboard.press('Escape');
    // Without the numbers that stand beside some.
    const inNavigation = await page.locator('nav.side-nav li .truncate').allInnerTexts();
    // One's own page stands in the person's menu, and has its chord.
    expect(names).toEqual([...inNavigation, 'Your profile']);
    for (const [index, name] of [...names.entries()].reverse()) {
      for (const key of (chords[index] ?? '').split(/\s+/)) await page.keyboard.press(key);
      await heading(page, name).waitFor({ state: 'attached' });
      await expect.poll(() => page.evaluate('document.activeElement?.closest("main") !== null')).toBe(true);
      expect(await page.title()).toContain(name);
    }
    await page.getByText('Overview, page loaded').waitFor({ state: 'attached' });
    await page.goto(`${pages.fixture.origin}/fleet`);
    await fleetShown(page);
    await page.keyboard.press('?');
    // What the page itself has registered stands on the sheet too.
    await page.getByText('Next and previous device').waitFor();
  });

  test('keys are letters while one types, and chords want their time', async () => {
    const { page } = await openOverview();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('g f?');
    expect(await field(page).inputValue()).toBe('g f?');
    await page.keyboard.press('Escape');
    await field(page).waitFor({ state: 'detached' });
    expect(new URL(page.url()).pathname).toBe('/');
  });

  test('the palette finds a device by its serial and opens it; next time it comes first', async () => {
    const { page } = await openOverview();
    await page.keyboard.press('/');
    await page.keyboard.type('SN-17');
    const found = page.getByRole('option', { name: /db-3/ });
    await found.getByText('serial: SN-17').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/devices/${deviceId(17)}*`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const name = await page.getByRole('heading', { level: 1 }).innerText();
    await page.keyboard.press('Control+k');
    await page.getByText('Recent').waitFor();
    expect(await page.getByRole('listbox').getByRole('option').first().innerText()).toContain(name);
    expect(await field(page).getAttribute('aria-activedescendant')).toBe(
      await page.getByRole('listbox').getByRole('option').first().getAttribute('id'),
    );
  });

  test('"forget db-1" asks first and gives the focus back, "tag db-1" asks for the tag', async () => {
    const { page, faults } = await openOverview();
    // What this page read of tags is what the dialog shows.
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await heading(page, 'Tags').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('forget db-1');
    await page.getByRole('option', { name: /^Forget: db-1/ }).waitFor();
    await page.keyboard.press('Enter');
    const question = page.getByRole('alertdialog', { name: 'Forget: db-1' });
    await question.waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.keyboard.type('tag db-1');
    await page.getByRole('option', { name: /^Change tags: db-1/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Change tags: db-1' }).getByRole('checkbox', { name: 'web' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('the theme is chosen by typing it', async () => {
    const { page } = await openOverview();
    await page.emulateMedia({ colorScheme: 'light' });
    await page.keyboard.press('Control+k');
    await page.keyboard.type('dark');
    await page.getByRole('option', { name: 'Theme: Dark' }).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.evaluate('localStorage.removeItem("rmm-theme")');
  });

  test('a chosen site narrows the overview, stays from page to page and in the address, and can be taken back', async () => {
    const { page } = await openOverview();
    const rows = page.locator('.site-row');
    await expect.poll(() => rows.count()).toBe(4);
    await page.getByLabel('Customer or site').selectOption({ label: 'Berlin' });
    await expect.poll(() => rows.count()).toBe(1);
    await page.waitForURL(`**/?site=${siteId(1)}`);
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await page.waitForURL(`**/fleet?site=${siteId(1)}`);
    await page.reload();
    await expect.poll(() => page.getByLabel('Customer or site').inputValue()).toBe(`site ${siteId(1)}`);
    await page.getByLabel('Customer or site').selectOption('');
    await page.waitForURL((url) => url.pathname === '/fleet' && !url.searchParams.has('site'));
  });

  test('while everything changes, nothing on the overview moves', async () => {
    const { page } = await watchedPage(pages.context, onTestFinished);
    await page.addInitScript({
      content: `window.shifts = 0; new PerformanceObserver((list) => {
        for (const { value } of list.getEntries()) window.shifts += value;
      }).observe({ type: 'layout-shift', buffered: true });`,
    });
    await page.goto(pages.fixture.origin);
    await overviewShown(page);
    let reads = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/api/overview')) reads += 1;
    });
    for (let n = 0; n < 30; n += 1) {
      const at = Date.now();
      pages.fixture.publish({
        kind: 'device',
        site: siteId(0),
        device: deviceId(n),
        at,
        status: n % 2 === 0 ? 'down' : 'up',
      });
      await page.waitForTimeout(100);
    }
    await expect.poll(() => reads).toBeGreaterThan(1);
    // Once a second at most, with the one that time brings.
    expect(reads).toBeLessThan(6);
    expect(await page.evaluate('window.shifts')).toBeLessThan(0.02);
  });

  test('a new console says the next step, and which are done', async () => {
    const empty = await startFixtureConsole({ devices: 0 });
    const own = await signIn(pages.browser, empty.link);
    const { page, faults } = await watchedPage(own, onTestFinished);
    await page.goto(empty.origin);
    await page.getByRole('heading', { name: 'The first steps' }).waitFor();
    expect(await page.locator('[aria-current=step]').getByRole('heading').innerText()).toBe('Make a site');
    await expectClean(page, 'overview-empty');
    expect(faults).toEqual([]);
    await own.close();
    await empty.stop();
  });

  test('fifty sites and their devices stay calm: the list scrolls in its place', async () => {
    const many = await startFixtureConsole({ devices: 2_500, sites: 50 });
    const own = await signIn(pages.browser, many.link);
    const { page } = await watchedPage(own, onTestFinished);
    await page.goto(many.origin);
    await expect.poll(() => page.locator('.site-row').count()).toBe(50);
    const list = await page.getByRole('group', { name: 'Sites' }).boundingBox();
    expect(list?.height).toBeLessThan(420);
    await expectClean(page, 'overview-50-sites');
    await own.close();
    await many.stop();
  });

  test('the console speaks German where the browser does, down to the door', async () => {
    const german = await pages.browser.newContext({ viewport: VIEWPORTS.desk, locale: 'de-DE' });
    const page = await german.newPage();
    await page.goto(pages.fixture.origin);
    await page.getByRole('button', { name: 'Mit Passkey anmelden' }).waitFor();
    await expectClean(page, 'sign-in-german');
    await page.goto(pages.fixture.link);
    await heading(page, 'Übersicht').waitFor();
    await page.getByRole('heading', { name: 'Bitte ansehen' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await expectClean(page, 'overview-german');
    await page.goto(`${pages.fixture.origin}/nowhere`);
    await heading(page, 'Diese Seite gibt es nicht').waitFor();
    await expectClean(page, 'not-found-german');
    await german.close();
  });
});
