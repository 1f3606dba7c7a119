// Managing the estate in a real browser on a real console with a lab: sites, devices, imports, groups and tags, by keys where keys must do.
import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '#shared/base/clock.ts';
import { freePort, type RunningUp, startUp } from '#test/e2e/running-up.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { openBrowser } from './browser.ts';
import { axeViolations, LOOKS, overflow, shot, signIn, VIEWPORTS, watchedPage } from './signed-in-page.ts';

// A first start builds the web console on a busy machine.
const START_MS = 200_000;
const DEVICES = 4;
const folder = makeTempFolder('rmm-places');
let up: RunningUp;
let browser: Browser;
let context: BrowserContext;
let labPort = 0;
let labSite = '';
/** Where a device of the lab answers. */
let labAddress = '';

async function openPage(path: string, view: Partial<(typeof LOOKS)[number]> = {}) {
  const watched = await watchedPage(context, onTestFinished);
  await watched.page.setViewportSize(view.viewport ?? VIEWPORTS.desk);
  await watched.page.emulateMedia({ colorScheme: view.scheme ?? 'light' });
  await watched.page.goto(new URL(path, up.link).href);
  await watched.page.locator('main h1').first().waitFor({ timeout: 20_000 });
  await expect.poll(() => watched.page.locator('.skeleton').count()).toBe(0);
  return watched;
}

/** A file as a person chooses it. */
const choose = (page: Page, name: string, text: string) =>
  page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

async function untilUp(): Promise<void> {
  const until = systemClock.monotonic() + 120_000;
  for (;;) {
    const { total } = await up.api.devices.list({ q: 'status:up', limit: 1, names: 'none' });
    if (total > DEVICES) return;
    if (systemClock.monotonic() > until) throw new Error(`only ${total} devices are up`);
    await systemClock.sleep(500);
  }
}

describe('the estate is managed in the browser', () => {
  beforeAll(async () => {
    labPort = await freePort();
    up = await startUp(folder.path, ['--lab', String(DEVICES), '--lab-port', String(labPort)]);
    const { items } = await up.api.sites.list();
    labSite = items.find(({ isSimulated }) => isSimulated)?.id ?? '';
    await untilUp();
    const lab = await up.api.devices.list({ siteId: labSite, limit: 1, names: 'none' });
    labAddress = lab.items[0]?.address ?? '';
    browser = await openBrowser();
    context = await signIn(browser, up.link);
  }, START_MS);

  afterAll(async () => {
    await browser?.close();
    await up?.stop();
    await folder[Symbol.asyncDispose]();
  });

  test.each(LOOKS)('every page of places stands in $scheme on a $size', async (view) => {
    const paths = ['/sites', `/sites/${labSite}`, '/customers', '/groups', '/tags', '/devices/new', '/import'];
    for (const path of paths) {
      const { page, faults } = await openPage(path, view);
      await shot(page, `places-${path.replace(labSite, 'one').replaceAll('/', '-')}-${view.size}-${view.scheme}`);
      expect.soft(await overflow(page), path).toBe(0);
      expect.soft(await axeViolations(page), path).toEqual([]);
      expect.soft(faults, path).toEqual([]);
      await page.close();
    }
  });

  test('a site is added for a new customer, and what is wrong stands at its field', async () => {
    const { page, faults } = await openPage('/sites');
    await page.getByRole('button', { name: 'Add site' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add site' });
    await page.keyboard.press('Enter');
    await dialog.getByText('A name is needed.').waitFor();
    expect(await page.evaluate('document.activeElement.labels[0].textContent')).toBe('Name');
    await page.keyboard.type('Harbour');
    await dialog.getByLabel('Customer').fill('Blue Ltd');
    await dialog.getByText('A new customer of this name is made').waitFor();
    const zone = dialog.getByRole('combobox', { name: 'Time zone' });
    await zone.fill('lisb');
    await page.getByRole('option', { name: 'Europe/Lisbon' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await dialog.getByLabel('Mail').fill('not an address');
    await dialog.getByLabel('Notes').fill('first line\nsecond line');
    expect(await axeViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Add site' }).click();
    await expect.poll(() => dialog.getByLabel('Mail').getAttribute('aria-invalid')).toBe('true');
    await dialog.getByLabel('Mail').fill('ada@example.net');
    await dialog.getByRole('button', { name: 'Add site' }).click();
    await page.waitForURL(/\/sites\/[0-9a-f-]{36}/);
    await page.getByRole('heading', { level: 1, name: 'Harbour' }).waitFor();
    const [made] = (await up.api.sites.list()).items.filter(({ name }) => name === 'Harbour');
    expect(made).toMatchObject({
      customerName: 'Blue Ltd',
      timeZone: 'Europe/Lisbon',
      notes: 'first line\nsecond line',
      contact: { email: 'ada@example.net' },
    });
    // The refusal of the wrong address is the browser's own line.
    expect(faults.filter((fault) => !fault.includes('status of 400'))).toEqual([]);
  });

  test('what new devices of a site begin with is edited', async () => {
    const { page } = await openPage(`/sites/${labSite}`);
    await page.getByRole('button', { name: 'Edit defaults' }).click();
    await page.getByRole('textbox', { name: 'Port' }).fill(String(labPort));
    await page.getByLabel('Tags').fill('lab');
    await page.keyboard.press(',');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The defaults of Simulated site were saved').waitFor();
    const { defaults } = await up.api.sites.show({ id: labSite });
    expect(defaults).toMatchObject({ port: labPort, tags: ['lab'] });
  });

  test('a device is added by keys alone while its relay looks at the address', async () => {
    const { page, faults } = await openPage(`/devices/new?site=${labSite}`);
    await page.getByLabel('Address').focus();
    await page.keyboard.type(labAddress);
    // The port of the site's defaults is looked at too.
    await page.getByText(`${labPort} open`).waitFor({ timeout: 20_000 });
    await page.getByText('Looks like Linux').waitFor();
    await page.getByText('From the site’s defaults').first().waitFor();
    await shot(page, 'places-add-device-probed');
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByText('A name is needed.').waitFor();
    await page.keyboard.type('by-keys');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/devices\/[0-9a-f-]{36}/);
    const { items } = await up.api.devices.list({ q: 'name=by-keys', limit: 5, names: 'none' });
    expect(items).toMatchObject([{ name: 'by-keys', port: labPort, tags: ['lab'] }]);
    expect(faults).toEqual([]);
  });

  test('another address begins another look, and the former answer is gone', async () => {
    const { page } = await openPage(`/devices/new?site=${labSite}`);
    await page.getByLabel('Address').fill(labAddress);
    await page.getByText(`${labPort} open`).waitFor({ timeout: 20_000 });
    await page.getByLabel('Address').fill('no-such-host.invalid');
    expect(await page.getByText(`${labPort} open`).count()).toBe(0);
    await page.getByText(/does not resolve there|did not answer/).waitFor({ timeout: 30_000 });
  });

  test('a file with faults is told cell by cell and cannot be applied; the mended one is', async () => {
    const { page, faults } = await openPage('/import');
    await choose(page, 'list.txt', 'x');
    await page.getByText('list.txt ends in none of').waitFor();
    const row = (name: string, port: string) => `${name},Default,Simulated site,127.0.0.1,${port}`;
    const head = 'name,customer,site,address,port';
    await choose(page, 'list.csv', [head, row('imported-1', '70000'), row('', '22')].join('\n'));
    await page.waitForURL(/plan=/);
    const table = page.getByRole('table', { name: 'What to mend' });
    await table.getByRole('cell', { name: 'port', exact: true }).waitFor();
    expect(await table.getByRole('row').count()).toBeGreaterThanOrEqual(3);
    expect(await page.getByRole('button', { name: 'Apply' }).count()).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
    await shot(page, 'places-import-faulty');
    await page.getByRole('link', { name: 'Choose another file' }).click();
    await choose(page, 'list.csv', [head, row('imported-1', '22'), row('imported-2', '22')].join('\n'));
    await page.getByText('2 devices are added, 0 are changed.').waitFor();
    await shot(page, 'places-import-planned');
    expect(await axeViolations(page)).toEqual([]);
    // A plan has an address of its own.
    await page.reload();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Apply' }).click();
    await page.getByText('Imported: 2 new, 0 changed').waitFor();
    const { total } = await up.api.devices.list({ q: 'name:imported-', limit: 5, names: 'none' });
    expect(total).toBe(2);
    expect(faults).toEqual([]);
  });

  test('an export of a site is a file that an import finds unchanged', async () => {
    const { page } = await openPage(`/sites/${labSite}`);
    await page.getByRole('button', { name: 'Import, export' }).click();
    await page.getByRole('menuitem', { name: 'Export devices' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('dialog').getByRole('button', { name: 'Export' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.csv$/);
    const file = await download.path();
    await page.goto(new URL('/import', up.link).href);
    const text = await readFile(file, 'utf8');
    await choose(page, 'again.csv', text);
    await page.getByText('There is nothing to apply.').waitFor();
  });

  test('a group says how many devices fit while its rule is typed, and leads to them', async () => {
    const { page, faults } = await openPage('/groups');
    await page.getByRole('button', { name: 'Add group' }).click();
    await page.locator('input:focus').waitFor();
    await page.keyboard.type('Up now');
    await page.getByRole('combobox', { name: 'Rule' }).fill('status:');
    await page.getByRole('option', { name: 'up' }).first().waitFor();
    await page.getByRole('combobox', { name: 'Rule' }).fill('status:up');
    await page.getByText(/\d+ devices fit now/).waitFor();
    await shot(page, 'places-add-group');
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').getByRole('button', { name: 'Add group' }).click();
    await page.getByText('Up now was added').waitFor();
    const row = page.getByRole('row').filter({ hasText: 'Up now' });
    await row.getByRole('link').click();
    await page.waitForURL(/\/fleet\?q=/);
    expect(faults).toEqual([]);
  });

  test('a tag is renamed, taken off, and put back', async () => {
    const { items } = await up.api.devices.list({ limit: 3, names: 'none' });
    await up.api.tags.change({ devices: items.map(({ id }) => id), add: ['first'] });
    const { page } = await openPage('/tags');
    const menuOf = (tag: string) => page.getByRole('button', { name: `Actions for ${tag}` });
    await menuOf('first').click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByLabel('New name').fill('Second');
    await page.keyboard.press('Enter');
    await page.getByText('first is now second, on 3 devices').waitFor();
    await menuOf('second').click();
    await page.getByRole('menuitem', { name: 'Take off every device' }).click();
    await page.getByText('second was taken off 3 devices').waitFor();
    await expect.poll(() => menuOf('second').count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('second is back on 3 devices').waitFor();
    await menuOf('second').waitFor();
  });

  test('a site goes only when the number of its devices is typed', async () => {
    const { devices } = await up.api.sites.removal({ id: labSite });
    const { page, faults } = await openPage(`/sites/${labSite}`);
    await page.getByRole('button', { name: 'Delete site' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByText(`${devices} devices`, { exact: true }).waitFor();
    const remove = dialog.getByRole('button', { name: 'Delete site' });
    await dialog.getByRole('textbox').fill(String(devices + 1));
    expect(await remove.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill(String(devices));
    await shot(page, 'places-delete-site');
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/sites$/);
    await page.getByText('Simulated site was deleted').waitFor();
    expect((await up.api.sites.list()).items.some(({ id }) => id === labSite)).toBe(false);
    expect(faults).toEqual([]);
  });
});
