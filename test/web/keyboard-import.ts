// A list of sites by keys: first one with a fault, then the mended one, and then all sites as a file.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Hands } from './keyboard.ts';

const FAULTY = 'customer,site,time zone\nKeyed customer,Second keyed site,Nowhere/Land\n';
const GOOD = 'customer,site,time zone\nKeyed customer,Second keyed site,Europe/Lisbon\n';
const csv = (text: string) => ({ name: 'sites.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });

/** The file itself is given to the page: its chooser is a window of the system. */
export async function importLists(hands: Hands, page: Page): Promise<void> {
  const chooser = page.locator('input[type=file]');
  await hands.press('g s');
  await hands.lands('Sites');
  await hands.tabTo('Import, export');
  await hands.press('Enter');
  await hands.lands('Import sites');
  await hands.press('Enter');
  await hands.lands('Import');
  await hands.tabTo(/Choose a file/);
  await chooser.setInputFiles(csv(FAULTY));
  await page.getByRole('table', { name: 'What to mend' }).waitFor();
  await hands.lands('Import');
  await hands.check('an import with faults', 'main');
  await hands.tabTo('Choose another file');
  await hands.press('Enter');
  await hands.lands('Import');
  await hands.tabTo(/Choose a file/);
  await chooser.setInputFiles(csv(GOOD));
  await page.getByText('1 sites are added').waitFor();
  await hands.lands('Import');
  await hands.tabTo('Apply');
  await hands.press('Enter');
  await hands.lands('Cancel');
  await hands.tabTo('Apply', { max: 1 });
  await hands.press('Enter');
  await page.getByText('Imported: 1 new, 0 changed').waitFor();
  await hands.tabTo('To the sites');
  await hands.press('Enter');
  await hands.lands('Sites');
  await page.getByRole('link', { name: 'Second keyed site' }).waitFor();
  await hands.tabTo('Import, export');
  await hands.press('Enter');
  await hands.lands('Import sites');
  await hands.arrowTo('Export sites');
  await hands.press('Enter');
  await hands.lands(/^radio "CSV/);
  await hands.check('the dialog of an export', 'dialog[open]');
  const download = page.waitForEvent('download');
  await hands.press('Enter');
  const file = await (await download).createReadStream();
  expect((await file.toArray()).join('')).toContain('Second keyed site');
  await hands.lands('Import, export');
}
