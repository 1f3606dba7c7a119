// The fleet page in a real browser: its filter, its selection by keys alone, what it keeps in the URL, its cards.
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fixturePages } from './fixture-pages.ts';
import { axeViolations, fleetShown, overflow, SCHEMES, shot, VIEWPORTS, watchedPage } from './signed-in-page.ts';

/** More than stand in any window, few enough to be made in no time. */
const DEVICES = 480;
// Numbers that stand still: what a filter finds is known.
const pages = fixturePages({ devices: DEVICES, isLive: false });

const fieldOf = (page: Page) => page.getByRole('combobox', { name: 'Filter devices' });
const countOf = (page: Page) => page.locator('table.fleet').getAttribute('aria-rowcount');

async function openFleet(search = '') {
  const watched = await watchedPage(pages.context, onTestFinished);
  // Tastes of one test are not those of the next.
  await watched.page.addInitScript('localStorage.clear()');
  await watched.page.goto(`${pages.fixture.origin}/fleet${search}`);
  await fleetShown(watched.page);
  return watched;
}

describe('the fleet page', () => {
  test.each(SCHEMES)('at a desk in %s: facets, suggestions and a selection are usable by everybody', async (scheme) => {
    const { page, faults } = await openFleet('?q=tag:production');
    await page.emulateMedia({ colorScheme: scheme });
    await page.getByRole('button', { name: 'Facets' }).click();
    await page.getByRole('checkbox', { name: 'Select all that fit' }).check();
    await page.getByText('160 devices selected').waitFor();
    await fieldOf(page).fill('tag:production st');
    await page.getByRole('option', { name: /status:/ }).waitFor();
    await shot(page, `fleet-page-desk-${scheme}`);
    expect(await axeViolations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    expect(faults).toEqual([]);
  });

  test.each(SCHEMES)('on a phone in %s: cards, a mode to select, facets in a sheet', async (scheme) => {
    const { page, faults } = await openFleet();
    await page.setViewportSize(VIEWPORTS.phone);
    await page.emulateMedia({ colorScheme: scheme });
    await page.locator('.card').first().waitFor();
    await page.getByRole('button', { name: 'Select', exact: true }).click();
    await page
      .getByRole('checkbox', { name: /^Select / })
      .first()
      .check();
    await page.getByText('1 device selected').waitFor();
    await shot(page, `fleet-page-phone-${scheme}`);
    expect(await axeViolations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await page.getByRole('button', { name: 'Facets' }).click();
    await page.getByRole('checkbox', { name: 'Down' }).check();
    await page.waitForURL(/q=status%3Adown/);
    expect(await axeViolations(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('a page that opens asks for its rows once', async () => {
    const { page } = await watchedPage(pages.context, onTestFinished);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${pages.fixture.origin}/fleet`);
    await fleetShown(page);
    expect(asked.filter((url) => url.endsWith('/devices/columns?readings=later'))).toHaveLength(1);
  });

  test('by keys alone: filter, walk, select, put a tag on, find them by it, and let go', async () => {
    const { page, faults } = await openFleet();
    await page.keyboard.press('/');
    await page.keyboard.type('web status:up');
    await page.keyboard.press('Enter');
    await page.locator('[data-row="0"]:focus').waitFor();
    await page.keyboard.press('Space');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('3 devices selected').waitFor();
    await page.keyboard.press('Tab');
    await page.locator('button:focus', { hasText: 'Change tags' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Change tags: 3 devices' }).waitFor();
    await page.getByLabel('New tag').focus();
    await page.keyboard.type('Patched');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.getByText('3 devices changed').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByText('3 devices selected').count()).toBe(0);
    await page.keyboard.press('Escape');
    await expect.poll(() => fieldOf(page).inputValue()).toBe('');
    await page.keyboard.press('/');
    await page.keyboard.type('tag:pat');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => fieldOf(page).inputValue()).toBe('tag:patched ');
    await expect.poll(() => countOf(page)).toBe('4');
    expect(faults).toEqual([]);
  });

  test('who filters, takes the first and opens it within a moment is not called back', async () => {
    const { page } = await openFleet();
    await page.keyboard.press('/');
    await page.keyboard.type('name=cam-1*');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/devices\//);
    // Longer than a filter takes to reach the address.
    await page.waitForTimeout(600);
    expect(new URL(page.url()).pathname).toMatch(/^\/devices\//);
    await page.keyboard.press('u');
    await page.waitForURL(/\/fleet\?q=name/);
  });

  test('Ctrl-A takes all that fit, and forgetting wants their number', async () => {
    const { page } = await openFleet('?q=name%3Dcam-*%20site%3DBerlin');
    const before = Number(await countOf(page)) - 1;
    await page.locator('[data-row="0"]').focus();
    await page.keyboard.press('Control+a');
    await page.getByText(`${before} devices selected`).waitFor();
    await fieldOf(page).fill('name=cam-1*');
    await page.getByText(/of them are filtered out/).waitFor();
    await page.getByRole('button', { name: 'Forget' }).click();
    const dialog = page.getByRole('alertdialog');
    const confirm = dialog.getByRole('button', { name: 'Forget' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill(String(before));
    await confirm.click();
    await page.getByText(`${before} devices forgotten`).waitFor();
    await fieldOf(page).fill('');
    await page.getByText(`${DEVICES - before} devices`, { exact: true }).waitFor();
    expect(await page.getByText(/devices? selected/).count()).toBe(0);
  });

  test('a filter that does not read says where, and the rest of it holds', async () => {
    const { page } = await openFleet('?q=status%3Adown');
    const down = await countOf(page);
    await fieldOf(page).fill('status:down cpu>x');
    await page.getByText(/"x" is no cpu/i).waitFor();
    expect(await page.locator('.filter-mark').innerText()).toBe('x');
    expect(await fieldOf(page).getAttribute('aria-invalid')).toBe('true');
    expect(await countOf(page)).toBe(down);
    await fieldOf(page).fill('status:down');
    await expect.poll(() => page.locator('.filter-mark').count()).toBe(0);
  });

  test('what only the console knows is asked of it', async () => {
    const { page } = await openFleet('?q=software%3Anginx');
    await expect.poll(async () => Number(await countOf(page))).toBeLessThan(DEVICES / 2);
    expect(Number(await countOf(page))).toBeGreaterThan(100);
  });

  test('facets, chips and counts edit the one text', async () => {
    const { page } = await openFleet('?q=web');
    await page.getByRole('button', { name: 'Facets' }).click();
    await page.getByRole('checkbox', { name: 'Berlin' }).check();
    await expect.poll(() => fieldOf(page).inputValue()).toBe('web site=Berlin');
    await page.getByRole('button', { name: /^Up \d/ }).click();
    await page.waitForURL(/q=web\+site%3DBerlin\+status%3Aup|q=web%20site%3DBerlin%20status%3Aup/);
    await page.getByRole('button', { name: 'Remove web' }).click();
    await expect.poll(() => fieldOf(page).inputValue()).toBe('site=Berlin status:up');
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await expect.poll(() => countOf(page)).not.toBe('1');
  });

  test('a view is saved, opened by its link alone, and forgotten', async () => {
    const { page } = await openFleet('?q=status%3Adown&sort=-cpu&columns=name%2Ccpu%2Cserial');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Save this view' }).click();
    await page.getByLabel('Name of the view').fill('Trouble');
    await page.keyboard.press('Enter');
    await page.waitForURL(/view=/);
    const id = new URL(page.url()).searchParams.get('view');
    await page.goto(`${pages.fixture.origin}/fleet?view=${id}`);
    await page.waitForURL(/sort=-cpu/);
    expect(await page.locator('th').allInnerTexts()).toEqual(['', 'Name', 'CPU', 'Serial number']);
    const menu = page.getByRole('button', { name: 'View: Trouble' });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Forget "Trouble"' }).click();
    await page.getByRole('button', { name: 'Views', exact: true }).waitFor();
  });

  test('columns are chosen, moved and made wider by presses and by keys', async () => {
    const { page } = await openFleet('?columns=name%2Ccpu%2Cmemory');
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'Tag' }).check();
    await page.getByRole('button', { name: 'Move Memory forward' }).click();
    await page.keyboard.press('Escape');
    expect(await page.locator('th').allInnerTexts()).toEqual(['', 'Name', 'Memory', 'CPU', 'Tag']);
    const width = async () => (await page.locator('th', { hasText: 'CPU' }).boundingBox())?.width ?? 0;
    const before = await width();
    await page.locator('th', { hasText: 'CPU' }).getByRole('button').focus();
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(width).toBeGreaterThan(before + 10);
  });

  test('many columns scroll inside the table, the page never does, and the name stays', async () => {
    const all = 'status,customer,site,address,hostname,os,serial,user,tag,group,cpu,memory,disk,load,rx,tx,added';
    const { page } = await openFleet(`?columns=${encodeURIComponent(all)}`);
    await page.locator('.fleet-region').evaluate((region) => region.scrollTo(600, 0));
    const name = page.locator('tr.row').first().locator('.name-cell');
    const region = await page.locator('.fleet-region').boundingBox();
    await expect.poll(async () => ((await name.boundingBox())?.x ?? 0) - (region?.x ?? 0)).toBeLessThan(60);
    expect(await overflow(page)).toBe(0);
  });

  test('what is shown is exported with its filter and columns', async () => {
    const { page } = await openFleet('?q=status%3Adown&columns=name%2Ccpu');
    await page.getByRole('button', { name: 'Export' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'CSV of what is shown' }).click();
    const file = await (await download).createReadStream();
    const text = (await file.toArray()).join('');
    expect(text).toBe('name,cpu\nstatus:down\n');
  });
});
