// Metrics in a real browser, on the fixture console: the explorer's three views, charts over all tiers, and the load of sites and the fleet.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { deviceId, HOSTILE_DEVICE } from './fixture-fleet.ts';
import { fixturePages, settled } from './fixture-pages.ts';
import { brokenLaws, NOTHING_BROKEN } from './page-laws.ts';
import { axeViolations, chartsShown, LOOKS, shot, watchedPage } from './signed-in-page.ts';

const CHOSEN = [0, 1, HOSTILE_DEVICE].map((n) => deviceId(n)).join(',');
const pages = fixturePages();
const { opened } = pages;

const searchOf = (page: Page) => new URL(page.url()).searchParams;

const VIEWS = {
  top: '/metrics?metric=disk.busy_ratio&top=25',
  devices: `/metrics?show=devices&devices=${CHOSEN}&span=7d`,
  sum: '/metrics?show=sum&metric=network.rx_rate&span=90d',
  empty: '/metrics?show=devices',
  unknown: '/metrics?metric=no.such',
};

describe.each(LOOKS)('in $scheme on a $size', (look) => {
  test.each(Object.entries(VIEWS))('%s keeps the laws of pages and is usable by everybody', async (name, path) => {
    const { page, faults } = await opened(path, look);
    if (name === 'devices' || name === 'sum') await chartsShown(page);
    await shot(page, `metrics-${name}-${look.size}-${look.scheme}`);
    expect(await brokenLaws(page)).toEqual(NOTHING_BROKEN);
    expect(await axeViolations(page)).toEqual([]);
    expect(faults).toEqual([]);
  });
});

describe('the explorer', () => {
  test('goes from the top of a list to lines of those devices, and the address says it', async () => {
    const { page } = await opened('/metrics');
    const rows = page.locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(10);
    const first = await rows.first().locator('a').textContent();
    await page.getByRole('button', { name: 'Draw 10 as lines' }).click();
    await chartsShown(page);
    expect(searchOf(page).get('show')).toBe('devices');
    expect(searchOf(page).get('devices')?.split(',')).toHaveLength(10);
    await expect.poll(() => page.locator('.chart-switch').first().textContent()).toContain(first);
    await page.reload();
    await settled(page);
    await expect.poll(() => page.locator('.chart-switch').count()).toBe(10);
    await page.goBack();
    await expect.poll(() => rows.count()).toBe(10);
  });

  test('finds a metric by its words and by keys alone', async () => {
    const { page } = await opened('/metrics');
    await page.keyboard.press('/');
    // As people do: who types sees where, and who chooses sees what.
    await page.locator('[role=combobox]:focus').waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('memory used');
    await page
      .getByRole('option', { name: /memory.used/i })
      .first()
      .waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => searchOf(page).get('metric')).toBe('memory.used_ratio');
    await page.keyboard.press('Escape');
    await page.locator('main h1').first().click();
    await page.keyboard.press('5');
    await expect.poll(() => searchOf(page).get('span')).toBe('7d');
    await page.keyboard.press(',');
    await expect.poll(() => searchOf(page).get('from')).not.toBeNull();
    await page.keyboard.press('0');
    await expect.poll(() => searchOf(page).get('from')).toBeNull();
  });

  test('whoever goes to the field before its list is loaded is in it when it is', async () => {
    const { page } = await watchedPage(pages.context, onTestFinished);
    let load = () => {};
    const loaded = new Promise<void>((resolve) => {
      load = resolve;
    });
    await page.route(/combobox-engine/, async (route) => {
      await loaded;
      await route.continue();
    });
    await page.goto(`${pages.fixture.origin}/metrics`);
    await page.locator('.metrics-choices input[aria-busy=true]').first().waitFor();
    await page.keyboard.press('/');
    await page.locator('input[aria-busy=true]:focus').waitFor();
    load();
    await page.locator('[role=combobox]:focus').waitFor();
  });

  test('adds a device by search and takes it out again', async () => {
    const { page } = await opened('/metrics?show=devices');
    const field = page.getByLabel('Add devices');
    await field.fill('web-1');
    await page.getByRole('option').first().click();
    await chartsShown(page);
    expect(searchOf(page).get('devices')).not.toBeNull();
    await page.locator('.tag-remove').first().click();
    await page.getByText('No device is chosen yet').waitFor();
  });

  test('hostile names of devices and disks are text, and the page stays as wide as it is', async () => {
    const { page, faults } = await opened(`/metrics?show=devices&metric=filesystem.used_ratio&devices=${CHOSEN}`);
    await chartsShown(page);
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(await page.locator('main img, main script').count()).toBe(0);
    await page
      .getByRole('button', { name: /^Table/ })
      .first()
      .click();
    expect(await page.locator('.plain-table').textContent()).toContain('<script>');
    expect(await brokenLaws(page)).toEqual(NOTHING_BROKEN);
    expect(faults).toEqual([]);
  });

  test('what is shown is taken along as CSV', async () => {
    const { page } = await opened(VIEWS.devices);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: 'What is shown, CSV' }).click();
    const file = readFileSync(await (await download).path(), 'utf8');
    const [heading, first] = file.split('\r\n');
    expect(heading).toBe('\ufefftime,device,id,instance,min,avg,max');
    expect(first).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z,web-1,/);
  });

  test('a console that does not answer is said, and asked again at a press', async () => {
    const { page } = await opened('/metrics');
    pages.fixture.breakApi(true);
    onTestFinished(() => pages.fixture.breakApi(false));
    await page.getByLabel('By', { exact: true }).selectOption('max');
    await page.getByRole('alert').first().waitFor({ timeout: 20_000 });
    pages.fixture.breakApi(false);
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(10);
  });
});

describe('charts over all tiers', () => {
  test('say in words how fine they are and what is missing and why', async () => {
    const { page } = await opened(`/devices/${deviceId(2)}?tab=charts&span=1y`);
    await chartsShown(page);
    const note = page.locator('.source-note');
    await expect.poll(() => note.textContent()).toContain('Totals of hours');
    expect(await note.textContent()).toContain('comes out of the archive');
    expect(await note.textContent()).toContain('The device was not added yet');
    expect(await note.textContent()).toContain('site is away');
    const summary = await page.locator('figure .sr-only').last().textContent();
    expect(summary).toContain('site away from');
    await shot(page, 'tiers-year');
  });

  test('a drag zooms, the address keeps it, and the way back leads out', async () => {
    const { page } = await opened(`/devices/${deviceId(2)}?tab=charts&span=7d`);
    await chartsShown(page);
    const over = await page.locator('.u-over').first().boundingBox();
    if (over === null) throw new Error('no chart');
    const y = over.y + over.height / 2;
    await page.mouse.move(over.x + over.width * 0.2, y);
    await page.mouse.down();
    await page.mouse.move(over.x + over.width * 0.4, y, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => searchOf(page).get('from')).not.toBeNull();
    const width = Number(searchOf(page).get('to')) - Number(searchOf(page).get('from'));
    expect(width / 86_400_000).toBeCloseTo(1.4, 1);
    await page.goBack();
    await expect.poll(() => searchOf(page).get('from')).toBeNull();
  });

  test('a part of time is typed, and kept in the address', async () => {
    const { page } = await opened(`/devices/${deviceId(2)}?tab=charts`);
    await page.getByRole('button', { name: 'From … to' }).click();
    await page.getByLabel('From', { exact: true }).fill('2026-01-05T08:00');
    await page.getByLabel('To', { exact: true }).fill('2026-01-05T07:00');
    await page.getByText('The end comes after the beginning').waitFor();
    expect(await page.getByRole('button', { name: 'Show', exact: true }).isDisabled()).toBe(true);
    await page.getByLabel('To', { exact: true }).fill('2026-01-06T08:00');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await expect.poll(() => Number(searchOf(page).get('to')) - Number(searchOf(page).get('from'))).toBe(86_400_000);
  });
});

test('the load of the fleet is drawn, with the five that have the most', async () => {
  const { page } = await opened('/');
  const panel = page.getByRole('region', { name: 'Load and space' });
  await panel.locator('.uplot canvas').nth(4).waitFor({ timeout: 20_000 });
  await expect.poll(() => panel.locator('.top-five li').count()).toBe(5);
  await panel.getByText('30 d').click();
  await expect.poll(() => searchOf(page).get('span')).toBe('30d');
  await settled(page);
  await shot(page, 'load-fleet');
});
