// The storage page in a real browser, on the fixture console: what is stored, how long, and the jobs that see to it.
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { buildWebIfChanged } from '#console/cli/up/web-build.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { openBrowser } from './browser.ts';
import { type FixtureConsole, startFixtureConsole } from './fixture-console.ts';
import { brokenLaws, NOTHING_BROKEN } from './page-laws.ts';
import { axeViolations, LOOKS, shot, signIn, watchedPage } from './signed-in-page.ts';

const BUILD_MS = 120_000;
let fixture: FixtureConsole;
let browser: Browser;
let context: BrowserContext;

async function opened(look: Partial<(typeof LOOKS)[number]> = {}, search = '') {
  const watched = await watchedPage(context, onTestFinished);
  if (look.viewport !== undefined) await watched.page.setViewportSize(look.viewport);
  await watched.page.emulateMedia({ colorScheme: look.scheme ?? 'light' });
  await watched.page.goto(`${fixture.origin}/storage${search}`);
  await watched.page.locator('main h1').first().waitFor({ state: 'attached', timeout: 20_000 });
  await expect.poll(() => watched.page.locator('.skeleton, [aria-busy=true]').count(), { timeout: 20_000 }).toBe(0);
  return watched;
}

beforeAll(async () => {
  await buildWebIfChanged(PROJECT);
  fixture = await startFixtureConsole({ devices: 48 });
  browser = await openBrowser();
  context = await signIn(browser, fixture.link);
}, BUILD_MS);

afterAll(async () => {
  await browser?.close();
  await fixture?.stop();
});

test.each(LOOKS)('keeps the laws of pages and is usable by everybody in $scheme on a $size', async (look) => {
  const { page, faults } = await opened(look);
  await shot(page, `storage-${look.size}-${look.scheme}`);
  expect(await brokenLaws(page)).toEqual(NOTHING_BROKEN);
  expect(await axeViolations(page)).toEqual([]);
  expect(faults).toEqual([]);
});

test('says bytes and oldest day of each tier, the room that is left, and what is damaged', async () => {
  const { page } = await opened();
  const tiers = page.getByRole('region', { name: 'Tiers' });
  await expect.poll(() => tiers.locator('tbody tr').count()).toBe(5);
  expect(await tiers.getByRole('row', { name: /Raw values/ }).textContent()).toMatch(/3\.33 GiB/);
  expect(await page.locator('.storage-numbers').textContent()).toContain('0.87 bytes');
  expect(await page.getByRole('alert').first().textContent()).toContain('One day is damaged');
});

test('runs of one job are a place of their own', async () => {
  const { page } = await opened({}, '?job=backup');
  const runs = page.getByRole('region', { name: 'Runs' });
  await expect.poll(() => runs.locator('tbody tr').count()).toBe(4);
  expect(await runs.textContent()).toContain('no space left on device');
  await runs.getByLabel('Runs of').selectOption('all');
  await expect.poll(() => runs.locator('tbody tr').count()).toBe(20);
  expect(new URL(page.url()).search).toBe('');
});

test('a job is run at a press', async () => {
  const { page } = await opened();
  await page.getByRole('button', { name: 'Run now: Retention' }).click();
  await page.getByText('Retention has begun').waitFor();
});

describe('the retention of a customer', () => {
  test('that is shorter says how many days and bytes go, and wants the name typed', async () => {
    const { page } = await opened();
    const part = page.getByRole('region', { name: 'How long metrics are kept' });
    await part.getByRole('button', { name: 'Change' }).click();
    await page.getByLabel('Raw values').fill('ten');
    await page.getByText('A whole number of days').waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await page.getByLabel('Raw values').fill('10');
    await page.getByRole('button', { name: 'Save' }).click();
    const dialog = page.getByRole('alertdialog');
    expect(await dialog.textContent()).toContain('Raw values of Example: 20 days at most go for ever.');
    expect(await dialog.textContent()).toContain('at most 2.22 GiB');
    await shot(page, 'storage-loss');
    expect(await axeViolations(page, '[role=alertdialog]')).toEqual([]);
    const remove = dialog.getByRole('button', { name: 'Remove what is older' });
    expect(await remove.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('Example');
    await remove.click();
    await page.getByText('Retention of Example is changed').waitFor();
    await expect.poll(() => part.getByRole('row', { name: /Example/ }).textContent()).toContain('10 days');
  });

  test('that is longer is saved at once, and goes back to everybody’s', async () => {
    const { page } = await opened();
    const part = page.getByRole('region', { name: 'How long metrics are kept' });
    await part.getByRole('button', { name: 'Change' }).click();
    await page.getByLabel('Raw values').fill('400');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => part.getByRole('row', { name: /Example/ }).textContent()).toContain('400 days');
    await part.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('button', { name: 'As everybody again' }).click();
    await expect.poll(() => part.locator('tbody tr').count()).toBe(1);
  });
});
