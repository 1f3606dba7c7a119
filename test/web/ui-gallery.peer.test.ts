// Every component in every state, in a real browser: seen in both themes and densities, walked by keys, without a fault.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { PROJECT, sourceFiles } from '#test/architecture/source-files.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { openBrowser } from './browser.ts';
import { type GallerySite, startGallery } from './gallery-site.ts';
import { axeViolations, overflow, SCHEMES, shot, VIEWPORTS, watchedPage } from './signed-in-page.ts';

const folder = makeTempFolder('rmm-gallery');
let site: GallerySite;
let browser: Browser;
let context: BrowserContext;

const views = SCHEMES.flatMap((theme) => [
  { theme, size: 'desk' as const, density: 'comfortable' },
  { theme, size: 'desk' as const, density: 'compact' },
  { theme, size: 'phone' as const, density: 'comfortable' },
]);

async function gallery(taste: Readonly<Record<string, string>> = {}) {
  const watched = await watchedPage(context, onTestFinished);
  const lines = Object.entries(taste).map(
    (pair) => `localStorage.setItem(${pair.map((text) => JSON.stringify(text))});`,
  );
  await watched.page.addInitScript(lines.join(''));
  await watched.page.goto(`${site.origin}/ui`);
  await watched.page.locator('[data-gallery=ready]').waitFor();
  // The engine of the combobox comes in a chunk of its own.
  await watched.page.getByRole('combobox', { name: 'Site by typing' }).waitFor();
  return watched;
}

/** Elements whose text is cut and cannot be read in full anywhere. */
const clipped = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`[...document.querySelectorAll('main *')]
    .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX === 'hidden')
    .filter((one) => one.closest('[title], .sr-only, .progress') === null)
    .map((one) => one.tagName + '.' + one.className + ': ' + one.textContent.slice(0, 40))`);

/** Controls smaller than the 24 px that a shaking hand can hit; the label of an input counts with it. */
const tooSmall = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`[...document.querySelectorAll('button, select, input, label:has(input), a[href]')]
    .filter((one) => one.closest('label') === null || one.tagName === 'LABEL')
    .map((one) => ({ one, box: one.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 1 && (box.width < 23.5 || box.height < 23.5))
    .map(({ one, box }) => one.tagName + ' ' + one.textContent.slice(0, 30) + ' ' + box.width + 'x' + box.height)`);

describe('the page of components', () => {
  beforeAll(async () => {
    site = await startGallery(folder.path);
    browser = await openBrowser();
    context = await browser.newContext({ viewport: VIEWPORTS.desk, timezoneId: 'Europe/Berlin', locale: 'en-GB' });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await site?.stop();
    await folder[Symbol.asyncDispose]();
  });

  test.each(views)(
    'stands in $theme and $density on a $size: no overflow, no fault, usable by everybody',
    async ({ theme, size, density }) => {
      const { page, faults } = await gallery({ 'rmm-theme': theme, 'rmm-density': density });
      await page.setViewportSize(VIEWPORTS[size]);
      expect(await page.locator('html').getAttribute('data-theme')).toBe(theme);
      await shot(page, `ui-${size}-${theme}-${density}`);
      expect(await overflow(page)).toBe(0);
      expect(await clipped(page)).toEqual([]);
      expect(await tooSmall(page)).toEqual([]);
      expect(await axeViolations(page)).toEqual([]);
      expect(faults).toEqual([]);
    },
  );

  test.each(SCHEMES)('dialogs, sheets, menus and notes stand in %s too', async (theme) => {
    const { page, faults } = await gallery({ 'rmm-theme': theme, 'rmm-density': 'comfortable' });
    for (const name of ['Open a dialog', 'Open a danger', 'Open a sheet']) {
      await page.getByRole('button', { name }).click();
      await page.locator('dialog[open]').waitFor();
      await shot(page, `ui-${theme}-${name.replaceAll(' ', '-')}`);
      expect(await axeViolations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
    }
    for (const name of ['Say, with an undo', 'Say', 'Tell a fault'])
      await page.getByRole('button', { name, exact: true }).click();
    await page.getByRole('combobox', { name: 'Site by typing' }).click();
    await page.getByRole('option', { name: /Frankfurt/ }).waitFor();
    await shot(page, `ui-${theme}-combobox`);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: /Forget/ }).waitFor();
    await shot(page, `ui-${theme}-menu`);
    expect(await axeViolations(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('keys alone open a menu, choose, confirm a danger, and the focus comes home', async () => {
    const { page } = await gallery();
    const actions = page.getByRole('button', { name: 'Actions' });
    await actions.focus();
    await page.keyboard.press('ArrowDown');
    await page.locator('[role=menuitem]:focus', { hasText: 'Open in a new tab' }).waitFor();
    await page.keyboard.press('End');
    await page.locator('[role=menuitem]:focus', { hasText: 'Forget' }).waitFor();
    await page.keyboard.press('p');
    await page.locator('[role=menuitem]:focus', { hasText: 'Poll now' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('button:focus', { hasText: 'Actions' }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('f');
    await page.keyboard.press('Enter');
    const danger = page.getByRole('alertdialog', { name: 'Forget 12 devices?' });
    await danger.waitFor();
    const forget = danger.getByRole('button', { name: 'Forget them' });
    expect(await forget.isDisabled()).toBe(true);
    await danger.getByRole('textbox').focus();
    await page.keyboard.type('12');
    expect(await forget.isDisabled()).toBe(false);
    await page.keyboard.press('Enter');
    await danger.waitFor({ state: 'detached' });
    await page.locator('button:focus', { hasText: 'Actions' }).waitFor();
  });

  test('a note is read out, can be undone, waits under the pointer, and is heard inside a dialog', async () => {
    const { page } = await gallery();
    await page.getByRole('button', { name: 'Tell a fault' }).click();
    await page.locator('[aria-live=polite] >> text=The site was not saved.').waitFor();
    for (let i = 0; i < 2; i += 1) await page.getByRole('button', { name: 'Say, with an undo' }).click();
    expect(await page.locator('.toast').count()).toBe(2);
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    expect(await page.locator('.toast').count()).toBe(1);
    await page.getByRole('button', { name: 'Open a dialog' }).click();
    await page.locator('dialog[open] .toast').getByRole('button', { name: 'Dismiss' }).click();
    expect(await page.locator('.toast').count()).toBe(0);
  });

  test('a combobox in a dialog opens, filters and chooses by keys', async () => {
    const { page } = await gallery();
    await page.getByRole('button', { name: 'Open a dialog' }).click();
    const site = page.getByRole('dialog').getByRole('combobox', { name: 'Site' });
    await site.focus();
    await page.keyboard.type('ber');
    await page.getByRole('option', { name: 'Berlin' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await site.inputValue()).toBe('Berlin');
    expect(await page.locator('dialog[open]').count()).toBe(1);
  });

  test('German is a chunk of its own, chosen by the person, and tells the page its language', async () => {
    const english = await gallery({ 'rmm-language': 'en' });
    expect(english.requests.filter((request) => request.includes('german'))).toEqual([]);
    const { page, requests, faults } = await gallery({ 'rmm-language': 'de' });
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    expect(requests.filter((request) => request.includes('german'))).toHaveLength(1);
    await page.getByText('Identität geändert').first().waitFor();
    // Numbers too: a comma, and a space before the sign of percent.
    await page.getByText('2,89').waitFor();
    await page.getByText(/^34\s%$/).waitFor();
    expect(faults).toEqual([]);
  });

  test('of the font only the Latin parts are fetched', async () => {
    const { requests } = await gallery();
    const fonts = requests.filter((request) => request.startsWith('font '));
    expect(fonts.filter((font) => !/inter-latin(-ext)?-/.test(font))).toEqual([]);
  });
});

test('each exported component of the design system stands on the page, by itself or inside another', () => {
  const read = (file: string) => readFileSync(path.join(PROJECT, file), 'utf8');
  const files = sourceFiles().filter((file) => /^console\/web\/src\/(ui|gallery)\/[^/]+\.tsx$/.test(file));
  const shown = files.map((file) => ({ file, text: read(file) }));
  const names = shown
    .filter(({ file }) => file.includes('/ui/'))
    .flatMap(({ text, file }) =>
      [...text.matchAll(/^export (?:function|const) ([A-Z][a-z]\w*)/gm)].map((match) => ({
        file,
        name: match[1] ?? '',
      })),
    );
  expect(names.length).toBeGreaterThan(30);
  const missing = names.filter(
    ({ name, file }) => !shown.some((one) => one.file !== file && new RegExp(`[<.]${name}\\b`).test(one.text)),
  );
  expect(missing).toEqual([]);
});
