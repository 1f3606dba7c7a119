// The pages of incidents in a real browser, on the fixture console: the board, the tree below an outage, and what a thumb does about it.
import { expect, test } from 'vitest';
import { alertId, incidentId } from './fixture-incidents.ts';
import { fixturePages } from './fixture-pages.ts';
import { brokenLaws, NOTHING_BROKEN } from './page-laws.ts';
import { axeViolations, LOOKS, shot, VIEWPORTS } from './signed-in-page.ts';

const pages = fixturePages();
const { opened } = pages;

const PAGES = [
  ['board', '/incidents?state=any&muted=true'],
  ['incident', `/incidents/${incidentId(1)}`],
  ['alert', `/alerts/${alertId(200)}`],
] as const;

test.each(LOOKS.flatMap((look) => PAGES.map(([name, path]) => ({ ...look, name, path }))))(
  '$name keeps the laws of pages and is usable by everybody in $scheme on a $size',
  async ({ name, path, ...look }) => {
    const { page, faults } = await opened(path, look);
    await shot(page, `incidents-${name}-${look.size}-${look.scheme}`);
    expect(await brokenLaws(page)).toEqual(NOTHING_BROKEN);
    expect(await axeViolations(page)).toEqual([]);
    expect(faults).toEqual([]);
  },
);

test('the board shows what is open, and what is over or in maintenance when asked', async () => {
  const { page } = await opened('/incidents');
  const rows = page.getByRole('list', { name: 'Incidents' }).locator(':scope > li');
  await expect.poll(() => rows.count()).toBe(4);
  expect(await rows.first().textContent()).toMatch(/switch-berlin-2 is down.*50 devices.*nobody has it/);
  await page.getByText('With those in maintenance (1)').click();
  await expect.poll(() => rows.count()).toBe(5);
  await page.getByText('Over', { exact: true }).click();
  await expect.poll(() => rows.count()).toBe(1);
  expect(await rows.first().textContent()).toContain('past');
  expect(new URL(page.url()).search).toBe('?muted=true&state=resolved');
});

test('one outage is one tree: its root, and the devices that hang on it', async () => {
  const { page } = await opened(`/incidents/${incidentId(1)}`);
  const tree = page.getByRole('region', { name: 'What is wrong' });
  expect(await tree.textContent()).toContain('47 devices hang on it, 46 not well');
  const below = tree.locator('.alert-tree .alert-tree > li');
  expect(await below.count()).toBe(8);
  await tree.getByRole('button', { name: '39 more' }).click();
  await expect.poll(() => below.count()).toBe(47);
  expect(await page.getByRole('region', { name: 'What happened' }).textContent()).toContain('heard of it');
});

test('a thumb takes an incident: one button, and its badge is gone', async () => {
  const { page } = await opened(`/incidents/${incidentId(4)}`, { viewport: VIEWPORTS.phone });
  const badge = page.locator('.bottom-bar .badge');
  const before = Number(await badge.locator('[aria-hidden]').textContent());
  const button = page.getByRole('button', { name: 'Acknowledge' });
  const box = await button.boundingBox();
  expect(box?.height).toBeGreaterThanOrEqual(44);
  expect(box?.width).toBeGreaterThan(300);
  await button.click();
  await page.getByText('taken by owner').waitFor();
  await button.waitFor({ state: 'detached' });
  await expect.poll(() => badge.locator('[aria-hidden]').textContent()).toBe(String(before - 1));
});

test('several are taken at once, and a note is written down', async () => {
  const { page } = await opened('/incidents');
  await page.getByRole('checkbox', { name: /Choose: Disk of/ }).check();
  await page.getByRole('checkbox', { name: /Choose: switch-berlin-2/ }).check();
  await page.getByRole('region', { name: 'Chosen incidents' }).getByRole('button', { name: 'Acknowledge' }).click();
  await page.getByText('2 incidents are yours').waitFor();
  await page.getByRole('link', { name: 'switch-berlin-2 is down' }).click();
  await page.getByRole('button', { name: 'Note' }).click();
  await page.getByLabel('What the next one should know').fill('Power is back.');
  await page.getByRole('button', { name: 'Write down' }).click();
  await page.getByText('Written down').waitFor();
});
