// The web console in a real browser, against a real console that watches this machine; RMM_LINK points it at another one.
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type RunningUp, startUp } from '#test/e2e/running-up.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { openBrowser } from './browser.ts';
import {
  axeViolations,
  chartsShown,
  fleetShown,
  LOOKS,
  overflow,
  shot,
  signIn,
  watchedPage,
} from './signed-in-page.ts';

// A first start builds the web console on a busy machine.
const START_MS = 200_000;
const folder = makeTempFolder('rmm-web');
let up: RunningUp | undefined;
let link = '';
let browser: Browser;
let context: BrowserContext;

describe('the web console on a real console', () => {
  beforeAll(async () => {
    const given = process.env['RMM_LINK'];
    if (given === undefined) up = await startUp(folder.path);
    link = up?.link ?? given ?? '';
    browser = await openBrowser();
    context = await signIn(browser, link);
  }, START_MS);

  afterAll(async () => {
    await browser?.close();
    await up?.stop();
    await folder[Symbol.asyncDispose]();
  });

  test.each(LOOKS)(
    'the fleet stands in $scheme on a $size: no overflow, no fault, usable by everybody',
    async ({ scheme, size, viewport }) => {
      const { page, faults } = await watchedPage(context, onTestFinished);
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(new URL('/fleet', link).href);
      await fleetShown(page);
      await page.getByText('Live', { exact: true }).waitFor();
      await shot(page, `fleet-${size}-${scheme}`);
      expect(await overflow(page)).toBe(0);
      expect(await axeViolations(page)).toEqual([]);
      expect(faults).toEqual([]);
    },
  );

  test.each(LOOKS)('a device stands in $scheme on a $size, with its charts', async ({ scheme, size, viewport }) => {
    const { page, faults } = await watchedPage(context, onTestFinished);
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(new URL('/fleet', link).href);
    await fleetShown(page);
    await page.locator('[data-row]').first().click();
    await chartsShown(page);
    // Both answers of history and inventory have come when no skeleton stands.
    await expect.poll(() => page.locator('.skeleton').count(), { timeout: 15_000 }).toBe(0);
    await shot(page, `device-${size}-${scheme}`);
    expect(await overflow(page)).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('the numbers of a device move without a reload, faster while one looks', async () => {
    const { page } = await watchedPage(context, onTestFinished);
    await page.goto(new URL('/fleet', link).href);
    await fleetShown(page);
    await page.locator('[data-row]').first().click();
    await chartsShown(page);
    const summary = page.locator('figure p.sr-only').first();
    // A rate needs two polls, 5 s apart.
    await expect.poll(() => summary.textContent()).toMatch(/^CPU\. used: now /);
    const before = await summary.textContent();
    await expect.poll(() => summary.textContent(), { timeout: 30_000 }).not.toBe(before);
    await page.getByText('every 5 s while you look').waitFor({ timeout: 20_000 });
  });

  test('keys alone lead from the fleet to a device and back, and the focus comes back too', async () => {
    const { page } = await watchedPage(context, onTestFinished);
    await page.goto(new URL('/fleet', link).href);
    await fleetShown(page);
    await page.keyboard.press('j');
    const focused = page.locator('[data-row="0"]:focus');
    await focused.waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/devices\//);
    await chartsShown(page);
    await page.keyboard.press('2');
    await page.waitForURL(/span=1h/);
    await page.keyboard.press('u');
    await fleetShown(page);
    await focused.waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('no such device at all');
    await page.getByRole('heading', { name: 'No device fits the filter' }).waitFor();
    await page.waitForURL(/q=no/);
  });

  test('the link leaves no secret in the address bar, and a second use says what to do', async () => {
    const stranger = await browser.newContext();
    const page = await stranger.newPage();
    await page.goto(new URL('/fleet', link).href);
    await page.waitForURL(/\/sign-in$/);
    await page.goto(link);
    await page.getByRole('alert').waitFor();
    expect(page.url()).not.toContain('#');
    expect(await page.getByText('npm run rmm -- sign-in').count()).toBe(1);
    expect(await axeViolations(page)).toEqual([]);
    await shot(page, 'sign-in');
    await stranger.close();
  });
});
