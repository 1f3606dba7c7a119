// The page of one device in a real browser, on the fixture console: every view, by keys alone, by everybody, with hostile texts.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { deviceId, HOSTILE_DEVICE } from './fixture-fleet.ts';
import { fixturePages } from './fixture-pages.ts';
import { brokenLaws, NOTHING_BROKEN, shiftsOf, watchShifts } from './page-laws.ts';
import {
  axeViolations,
  chartsShown,
  fleetShown,
  follow,
  IS_FULL,
  LOOKS,
  shot,
  type Watched,
  watchedPage,
} from './signed-in-page.ts';

const TABS = [
  'overview',
  'charts',
  'services',
  'disks',
  'network',
  'software',
  'users',
  'hardware',
  'timeline',
  'notes',
];
const MAX_SHIFT = 0.02;
const pages = fixturePages();

const urlOf = (n: number, search = '') => `${pages.fixture.origin}/devices/${deviceId(n)}${search}`;

/** Every part has come. */
async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor({ state: 'attached', timeout: 20_000 });
  await expect.poll(() => page.locator('.skeleton, [aria-busy=true]').count(), { timeout: 20_000 }).toBe(0);
}

async function opened(search = '', n = 2) {
  const watched = await watchedPage(pages.context, onTestFinished);
  await watched.page.goto(urlOf(n, search));
  await settled(watched.page);
  return watched;
}

/** Presses Tab until the focus is where it is wanted. */
async function tabTo(page: Page, selector: string, most = 80): Promise<void> {
  for (let left = most; left > 0; left -= 1) {
    await page.keyboard.press('Tab');
    if ((await page.locator(`${selector}:focus`).count()) > 0) return;
  }
  throw new Error(`no way by Tab to ${selector}`);
}

/** `npm test` looks at each tab once, on a desk and a phone in turn. */
const looks = LOOKS.map((look, turn) => ({
  ...look,
  tabs: TABS.filter((_, n) => IS_FULL || n % LOOKS.length === turn),
}));

describe.each(looks)('in $scheme on a $size', ({ scheme, size, viewport, tabs }) => {
  test.each(tabs)('%s keeps the laws of pages, is usable by everybody and says no fault', async (tab) => {
    const { page, faults } = await watchedPage(pages.context, onTestFinished);
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme: scheme });
    await watchShifts(page);
    await page.goto(urlOf(2, `?tab=${tab}`));
    await settled(page);
    if (tab === 'overview' || tab === 'charts') await chartsShown(page);
    // What jumps late is seen when everything is looked at; `npm test` does not wait ten times for it.
    await page.waitForTimeout(IS_FULL ? 1_200 : 300);
    await shot(page, `device-${tab}-${size}-${scheme}`);
    expect(await brokenLaws(page)).toEqual(NOTHING_BROKEN);
    const shifts = await shiftsOf(page);
    expect(shifts.total, shifts.what.join(', ')).toBeLessThan(MAX_SHIFT);
    expect(await axeViolations(page)).toEqual([]);
    expect(faults).toEqual([]);
  });
});

describe('hostile texts of a device', () => {
  const ends: Array<() => unknown> = [];
  let watched: Watched;

  beforeAll(async () => {
    watched = await watchedPage(pages.context, (end) => ends.push(end));
    await watched.page.goto(urlOf(HOSTILE_DEVICE));
    await watched.page.locator('main h1').first().waitFor();
  });

  afterAll(async () => {
    for (const end of ends) await end();
  });

  test.each(TABS)('stay text in %s', async (tab) => {
    const { page, faults } = watched;
    await follow(page, urlOf(HOSTILE_DEVICE, `?tab=${tab}`));
    await page.locator(`.tab[href*="tab=${tab}"][aria-current=page]`).waitFor();
    await settled(page);
    await shot(page, `device-hostile-${tab}`);
    expect(await page.evaluate("'pwned' in window")).toBe(false);
    expect(await page.locator('main script, main img, main a[href^="javascript"]').count()).toBe(0);
    expect(await page.content()).not.toMatch(/[\u200b\u202e]/);
    expect((await brokenLaws(page)).overflow).toBe(0);
    expect(faults).toEqual([]);
  });
});

test('keys alone go through the views, and each is an address of its own', async () => {
  const { page, faults } = await opened();
  for (const tab of TABS.slice(1)) {
    await tabTo(page, `.tab[href*="tab=${tab}"]`);
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`tab=${tab}`));
    await settled(page);
    expect(await page.locator('.tab[aria-current=page]').count()).toBe(1);
    await page
      .locator('h1')
      .first()
      .focus()
      .catch(() => undefined);
  }
  await page.goBack();
  await page.waitForURL(/tab=timeline/);
  expect(faults).toEqual([]);
});

test('dragging over a chart zooms all of them, the address holds it, and there are two ways back out', async () => {
  const { page, faults } = await opened('?tab=charts&span=6h');
  await chartsShown(page);
  const box = await page.locator('.u-over').first().boundingBox();
  if (box === null) throw new Error('the chart has no place');
  await page.mouse.move(box.x + box.width * 0.3, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 40, { steps: 8 });
  await page.mouse.up();
  await page.waitForURL(/from=\d+.*to=\d+/);
  const search = new URL(page.url()).searchParams;
  const width = Number(search.get('to')) - Number(search.get('from'));
  expect(width / (6 * 3_600_000)).toBeCloseTo(0.3, 1);
  await shot(page, 'device-zoomed');
  await page.goBack();
  await expect.poll(() => page.url()).not.toMatch(/from=/);
  await page.goForward();
  await page.waitForURL(/from=/);
  await page.getByRole('button', { name: 'Zoom out' }).click();
  await expect.poll(() => page.url()).not.toMatch(/from=/);
  await page.keyboard.press('5');
  await page.waitForURL(/span=7d/);
  expect(faults).toEqual([]);
});

test('the arrow keys read a chart point by point, and every chart shows the same moment', async () => {
  const { page } = await opened('?tab=charts&span=1h');
  await chartsShown(page);
  const cursor = page.getByRole('slider', { name: 'CPU, point in time' });
  await cursor.focus();
  await page.keyboard.press('ArrowLeft');
  const first = await cursor.getAttribute('aria-valuetext');
  expect(first).toMatch(/^\d\d:\d\d:\d\d, used \d/);
  await page.keyboard.press('PageDown');
  await expect.poll(() => cursor.getAttribute('aria-valuetext')).not.toBe(first);
  const moments = await page.locator('.chart-moment').allInnerTexts();
  expect(new Set(moments.filter((text) => text !== '')).size).toBe(1);
  await page.keyboard.press('+');
  await page.waitForURL(/from=/);
});

test('the legend switches lines off and on, and the table says the same as the chart', async () => {
  const { page } = await opened('?tab=charts&span=1h');
  await chartsShown(page);
  const figure = page.locator('figure', { hasText: 'Traffic' }).first();
  const eth1 = figure.getByRole('button', { name: /^eth1/ });
  expect(await eth1.getAttribute('aria-pressed')).toBe('true');
  await eth1.click();
  await expect.poll(() => eth1.getAttribute('aria-pressed')).toBe('false');
  await figure.getByRole('button', { name: /^Table/ }).click();
  const heads = await figure.locator('th').allInnerTexts();
  expect(heads).toContain('eth0 in');
  expect(heads.some((head) => head.startsWith('eth1'))).toBe(false);
});

test('a tag is put on, taken off and brought back', async () => {
  const { page, faults } = await opened('', 4);
  await page.getByRole('button', { name: 'Tag', exact: true }).click();
  await page.getByRole('textbox', { name: 'Tag' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.type('Critical');
  await page.keyboard.press('Enter');
  const tag = page.locator('.tag', { hasText: 'critical' });
  await tag.waitFor();
  await page.getByRole('button', { name: 'Remove critical' }).click();
  await expect.poll(() => tag.count()).toBe(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await tag.waitFor();
  expect(faults).toEqual([]);
});

test('notes are saved when one leaves the field, and nobody overwrites somebody else unasked', async () => {
  const { page, faults } = await opened('?tab=notes', 5);
  const field = page.getByRole('textbox', { name: 'Notes' });
  await field.fill('Behind the second door');
  await page.getByText('Not saved yet').waitFor();
  await page.keyboard.press('Tab');
  await page.getByText(/^Saved at/).waitFor();
  const other = await opened('?tab=notes', 5);
  expect(await other.page.getByRole('textbox', { name: 'Notes' }).inputValue()).toBe('Behind the second door');
  await other.page.getByRole('textbox', { name: 'Notes' }).fill('Moved to the cellar');
  await other.page.keyboard.press('Tab');
  await other.page.getByText(/^Saved at/).waitFor();
  await page.bringToFront();
  await field.fill('Behind the third door');
  pages.fixture.publish({ kind: 'estate', what: 'devices', devices: [deviceId(5)] });
  await page.getByText('Somebody else has changed the notes meanwhile').waitFor({ timeout: 20_000 });
  await page.getByText('Moved to the cellar').waitFor();
  await shot(page, 'device-notes-conflict');
  await page.getByRole('button', { name: 'Save mine over it' }).click();
  await page.getByText(/^Saved at/).waitFor();
  expect(faults).toEqual([]);
});

test('a device is renamed in place, and a wrong address is said at its field', async () => {
  const { page } = await opened('', 6);
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.locator('input:focus').waitFor();
  await page.keyboard.type('cellar-1');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'cellar-1' }).waitFor();
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Edit …' }).click();
  await page.getByRole('textbox', { name: 'Address' }).fill('nowhere');
  await page.getByText('checked against the identity').waitFor();
  await shot(page, 'device-edit');
  await page.keyboard.press('Enter');
  await page.getByText('no such host').waitFor();
  expect(await page.getByRole('textbox', { name: 'Address' }).getAttribute('aria-invalid')).toBe('true');
});

test('brackets lead from device to device of the list one came from, and u back to it', async () => {
  const { page, faults } = await watchedPage(pages.context, onTestFinished);
  await page.goto(`${pages.fixture.origin}/fleet?q=web`);
  await fleetShown(page);
  await page.locator('[data-row="1"]').click();
  await page.waitForURL(/\/devices\//);
  await settled(page);
  await page.getByText(/^2 of 20$/).waitFor();
  await page.keyboard.press(']');
  await page.getByText(/^3 of 20$/).waitFor();
  await page.keyboard.press('[');
  await page.keyboard.press('[');
  await page.getByText(/^1 of 20$/).waitFor();
  await page.keyboard.press('u');
  await page.waitForURL(/\/fleet\?q=web/);
  expect(faults).toEqual([]);
});

test('the timeline goes back page by page, by kind, and shows what an action printed', async () => {
  const { page } = await opened('?tab=timeline');
  const lines = page.locator('.timeline-line');
  const before = await lines.count();
  await page.getByRole('button', { name: 'Earlier' }).click();
  await expect.poll(() => lines.count()).toBeGreaterThan(before);
  await page.locator('.segments label', { hasText: 'Inventory' }).click();
  await expect.poll(() => lines.count()).toBe(1);
  await page.getByText('htop').waitFor();
  await page.locator('.segments label', { hasText: 'All' }).click();
  await page.getByRole('button', { name: 'Output' }).click();
  await page.getByText('no space left on device').waitFor();
  await shot(page, 'device-action');
});

test('of hundreds of packages few rows exist, and typing finds one at once', async () => {
  const { page } = await opened('?tab=software');
  await expect.poll(() => page.locator('table').getAttribute('aria-rowcount')).toBe('421');
  expect(await page.locator('tbody tr').count()).toBeLessThan(80);
  await page.getByRole('searchbox').fill('fixture417');
  await page.getByText('1 of 420').waitFor();
  await page.getByText('libfixture417').waitFor();
});

test('a device is forgotten once its name is typed, and the fleet stands there again', async () => {
  const { page, faults } = await opened('?tab=notes', 7);
  await page.getByRole('button', { name: 'Forget this device' }).click();
  const dialog = page.getByRole('alertdialog');
  await shot(page, 'device-forget');
  const confirm = dialog.getByRole('button', { name: 'Forget', exact: true });
  expect(await confirm.isDisabled()).toBe(true);
  await dialog.getByRole('textbox').fill('erp-1');
  await confirm.click();
  await page.waitForURL(/\/fleet/);
  await page.getByText('erp-1 is forgotten').waitFor();
  expect(faults.filter((fault) => !fault.includes('404'))).toEqual([]);
});
