// Health in a real browser, on the fixture console: of the fleet and of a device, each point with what it rests on.
import { expect, test } from 'vitest';
import { deviceId } from './fixture-fleet.ts';
import { fixturePages } from './fixture-pages.ts';
import { brokenLaws, NOTHING_BROKEN } from './page-laws.ts';
import { axeViolations, LOOKS, shot } from './signed-in-page.ts';

const pages = fixturePages();

async function opened(path: string, look?: Partial<(typeof LOOKS)[number]>) {
  const watched = await pages.opened(path, look);
  await watched.page.getByRole('region', { name: 'Health' }).waitFor({ timeout: 20_000 });
  return watched;
}

const PAGES = [
  ['fleet', '/'],
  ['device', `/devices/${deviceId(1)}`],
] as const;

test.each(LOOKS.flatMap((look) => PAGES.map(([name, path]) => ({ ...look, name, path }))))(
  'the health of a $name keeps the laws of pages and is usable by everybody in $scheme on a $size',
  async ({ name, path, ...look }) => {
    const { page, faults } = await opened(path, look);
    await shot(page, `health-${name}-${look.size}-${look.scheme}`);
    expect(await brokenLaws(page)).toEqual(NOTHING_BROKEN);
    expect(await axeViolations(page)).toEqual([]);
    expect(faults).toEqual([]);
  },
);

test('a device says what cost most points, and then all of them with what they rest on', async () => {
  const { page } = await opened(`/devices/${deviceId(1)}`);
  const health = page.getByRole('region', { name: 'Health', exact: true });
  const losses = health.getByRole('list', { name: 'What cost most points' }).locator(':scope > li');
  expect(await losses.first().textContent()).toMatch(/^0 of 5Virus protection.*not known, from security-scan/);
  await health.getByRole('button', { name: 'All points' }).click();
  // A point that a later console reckons stands by its own name.
  await health.getByText('future', { exact: true }).waitFor();
  expect(await health.getByRole('region').count()).toBe(4);
});

test('the device says what is wrong with it, and leads to the incident', async () => {
  const { page } = await opened(`/devices/${deviceId(5)}`);
  const alerts = page.getByRole('region', { name: 'Alerts' });
  expect(await alerts.textContent()).toContain('Disk is nearly full: /srv/data');
  await alerts.getByRole('link', { name: 'Its incident' }).first().click();
  await page.waitForURL(/\/incidents\//);
});
