// The storage page in a real browser, on the fixture console: what is stored, how long, and the jobs that see to it.
import { describe, expect, test } from 'vitest';
import { fixturePages } from './fixture-pages.ts';
import { brokenLaws, NOTHING_BROKEN } from './page-laws.ts';
import { axeViolations, LOOKS, shot } from './signed-in-page.ts';

const pages = fixturePages();

const opened = (look?: Partial<(typeof LOOKS)[number]>, search = '') => pages.opened(`/storage${search}`, look);

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
