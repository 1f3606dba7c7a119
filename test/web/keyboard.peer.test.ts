// The ten main tasks by keys alone, in a real browser on a real console with a lab: no pointer, the focus never lost and always seen.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type RunningUp, startUp } from '#test/e2e/running-up.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { openBrowser } from './browser.ts';
import { Hands } from './keyboard.ts';
import { importLists } from './keyboard-import.ts';
import { signIn, watchedPage } from './signed-in-page.ts';
import { untilUp } from './until-up.ts';

const LAB = 12;
/** A first start builds the web console, and each device of the lab is a login. */
const START_MS = 300_000;

const folder = makeTempFolder('rmm-keyboard');
let up: RunningUp;
let browser: Browser;
let context: BrowserContext;
const taken: Array<{ task: string; presses: number }> = [];

/** One task on a page of its own, begun at an address; afterwards no pointer, no lost focus, no fault. */
async function byKeys(task: string, start: string, run: (hands: Hands, page: Page) => Promise<void>): Promise<void> {
  const { page, faults } = await watchedPage(context, onTestFinished);
  page.setDefaultTimeout(20_000);
  const hands = await Hands.on(page);
  await page.goto(new URL(start, up.link).href);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await run(hands, page);
  await hands.focus();
  expect(hands.faults).toEqual([]);
  expect(faults).toEqual([]);
  taken.push({ task, presses: hands.presses });
}

describe('by keys alone', () => {
  beforeAll(async () => {
    up = await startUp(folder.path, ['--lab', String(LAB)]);
    await untilUp(up.api, LAB + 1);
    browser = await openBrowser();
    const { url } = await up.api.session.createLink();
    context = await signIn(browser, url);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  }, START_MS);

  afterAll(async () => {
    const lines = taken.map(({ task, presses }) => `${String(presses).padStart(5)}  ${task}`);
    process.stdout.write(`key presses of each task\n${lines.join('\n')}\n`);
    await browser?.close();
    await up?.stop();
    await folder[Symbol.asyncDispose]();
  });

  test('1. signs in by the link, skips to the content, goes to the fleet by "g f"', async () => {
    const stranger = await browser.newContext();
    const page = await stranger.newPage();
    onTestFinished(() => stranger.close());
    const hands = await Hands.on(page);
    await page.goto(up.link);
    await page.waitForURL((url) => url.pathname === '/');
    await page.locator('h1:focus').waitFor();
    await hands.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await hands.check('the sheet of keys', 'dialog[open]');
    await hands.press('Escape');
    await hands.lands('Overview');
    await hands.press('g f');
    await hands.lands('Fleet');
    // On a page that is opened by its address the way begins at its top.
    await page.reload();
    await page.getByRole('heading', { name: 'Fleet', level: 1 }).waitFor();
    await hands.press('Tab');
    await hands.lands('Skip to content');
    await hands.press('Enter');
    await hands.lands(/^heading "Fleet"/);
    await hands.press('Tab');
    await hands.focus();
    expect(await page.locator('main :focus').count()).toBe(1);
    expect(hands.faults).toEqual([]);
    taken.push({ task: 'sign in, overview, fleet', presses: hands.presses });
  });

  test('2. narrows the fleet by a suggestion, and clears it with Escape', () =>
    byKeys('narrow the fleet, and clear it', '/fleet', async (hands, page) => {
      const count = () => page.locator('table.fleet').getAttribute('aria-rowcount');
      await expect.poll(count).toBe(String(LAB + 2));
      await hands.press('/');
      await hands.lands('Filter devices');
      await hands.type('status:u');
      await page.getByRole('option', { name: 'up', exact: true }).waitFor();
      await hands.check('suggestions of the filter');
      await hands.press('ArrowDown Enter');
      await page.waitForURL(/q=status%3Aup/);
      await hands.type('site:sim');
      await expect.poll(count).toBe(String(LAB + 1));
      await hands.press('Escape');
      if ((await page.getByRole('combobox', { name: 'Filter devices' }).inputValue()) !== '')
        await hands.press('Escape');
      await expect.poll(count).toBe(String(LAB + 2));
      await hands.lands('Filter devices');
      // Once more, to the list.
      await hands.press('Enter');
      await hands.lands(/^link/);
    }));

  test('3. sorts by CPU at the head of the column, both ways', () =>
    byKeys('sort by CPU', '/fleet', async (hands, page) => {
      const head = page.getByRole('columnheader', { name: 'CPU' });
      await hands.tabTo(/button "CPU/);
      await hands.press('Enter');
      await page.waitForURL(/sort=-cpu/);
      expect(await head.getAttribute('aria-sort')).toBe('descending');
      await hands.lands(/button "CPU/);
      await hands.space();
      await page.waitForURL(/sort=cpu/);
      expect(await head.getAttribute('aria-sort')).toBe('ascending');
    }));

  test('4. opens the busiest device, reads its charts, and comes back to where it was', () =>
    byKeys('the busiest device and its charts', '/', async (hands, page) => {
      await hands.press('g f');
      await hands.lands('Fleet');
      await hands.tabTo(/button "CPU/);
      await hands.press('Enter');
      await page.waitForURL(/sort=-cpu/);
      await hands.press('j');
      await hands.lands(/^link/);
      const { name } = await hands.focus();
      await hands.press('Enter');
      await hands.lands(/^heading/);
      await page.waitForURL(/\/devices\//);
      await hands.press('2');
      await page.waitForURL(/span=1h/);
      await hands.tabTo('CPU, point in time');
      const moment = () => page.locator(':focus').getAttribute('aria-valuetext');
      // The newest poll; the very first of a device has no share of a processor yet.
      const newest = () => hands.press('End').then(moment);
      await expect.poll(newest).toMatch(/used \d.*%/);
      const at = await moment();
      await hands.press('ArrowLeft');
      expect(await moment()).not.toBe(at);
      await hands.tabTo('Table of CPU', { isBack: true });
      await hands.press('Enter');
      await page.getByRole('table').first().waitFor();
      await hands.focus();
      await hands.press('u');
      await hands.lands(name);
    }));

  test('5. selects three devices, tags them in the bulk bar, filters by the tag and takes it off', () =>
    byKeys('tag three devices, and untag them', '/fleet', async (hands, page) => {
      await hands.press('j x Shift+ArrowDown Shift+ArrowDown');
      await page.getByText('3 devices selected').waitFor();
      await hands.check('the bulk bar', '.bulk-bar');
      await hands.tabTo('Change tags');
      await hands.press('Enter');
      await page.getByRole('dialog', { name: 'Change tags: 3 devices' }).waitFor();
      await hands.check('the dialog of tags', 'dialog[open]');
      if ((await hands.focus()).name !== 'New tag') await hands.tabTo('New tag');
      await hands.type('keyed');
      await hands.press('Enter');
      await page.getByRole('checkbox', { name: 'keyed', checked: true }).waitFor();
      await hands.press('Enter');
      await hands.lands('Change tags');
      await hands.press('/');
      await hands.type('tag:keyed');
      await page
        .getByText(`3 of ${LAB + 1} devices`)
        .first()
        .waitFor();
      await hands.press('Enter');
      await hands.lands(/^link/);
      await hands.press('Control+a');
      await hands.tabTo('Change tags');
      await hands.press('Enter');
      await page.getByRole('checkbox', { name: 'keyed' }).waitFor();
      if ((await hands.focus()).name !== 'keyed') await hands.tabTo('keyed', { isBack: true });
      await hands.space();
      await hands.tabTo('Apply');
      await hands.press('Enter');
      await hands.lands('Change tags');
      await page.getByRole('heading', { name: 'No device fits the filter' }).waitFor();
      await hands.press('/ Escape');
      await expect.poll(() => page.getByRole('combobox', { name: 'Filter devices' }).inputValue()).toBe('');
      await hands.press('Enter');
      await hands.lands(/^link/);
      await hands.press('Escape');
      await expect.poll(() => page.getByText(/devices? selected/).count()).toBe(0);
      await hands.lands(/^link/);
    }));

  test('6. finds a device by its serial number, writes a note, adds a link and a tag there', () =>
    byKeys('find by serial, note, link, tag', '/', async (hands, page) => {
      const { items } = await up.api.devices.list({ q: 'simulated:yes', limit: 1, names: 'none' });
      const [found] = items;
      await hands.press('Control+k');
      await hands.lands('Search and commands');
      await hands.type(found?.serial ?? 'no serial');
      await page.getByRole('option', { name: found?.name ?? '', selected: true }).waitFor();
      await hands.check('the palette', 'dialog[open]');
      await hands.press('Enter');
      await hands.lands(/^heading/);
      await page.waitForURL((url) => url.pathname === `/devices/${found?.id}`);
      await hands.tabTo('Tag');
      await hands.press('Enter');
      await hands.lands('Tag');
      await hands.check('the popover of a tag', ':popover-open');
      await hands.type('found');
      await hands.press('Enter');
      await page.getByRole('button', { name: 'Remove found' }).waitFor();
      await hands.lands(/button "Tag"/);
      await hands.tabTo('Remove found', { isBack: true, max: 1 });
      await hands.press('Enter');
      await hands.lands(/button "Tag"/);
      await hands.tabTo(/link "Notes/);
      await hands.press('Enter');
      await hands.tabTo(/textbox.* "Notes"/);
      await hands.type('Keys lie at the desk.');
      await hands.tabTo('Add a link');
      await page.getByText(/^Saved at/).waitFor();
      await hands.press('Enter');
      await hands.lands(/^textbox/);
      await hands.type('Rack plan');
      await hands.press('Tab');
      await hands.retype('https://plans.example/rack');
      await hands.press('Enter');
      await hands.lands(/Rack plan/);
      await hands.check('notes and links', 'main');
      await hands.tabTo('Remove Rack plan');
      await hands.press('Enter');
      await hands.lands('Add a link');
    }));

  test('7. makes a site of a new customer, with its time zone and what new devices begin with', () =>
    byKeys('make a site with its defaults', '/', async (hands, page) => {
      await hands.press('g s');
      await hands.lands('Sites');
      await hands.tabTo('Add site');
      await hands.press('Enter');
      await hands.lands('Name');
      await hands.type('Keyed site');
      await hands.tabTo('Customer', { max: 1 });
      await hands.type('Keyed customer');
      await hands.tabTo('Time zone', { max: 1 });
      await hands.retype('Auckland');
      await hands.press('ArrowDown');
      await page.getByRole('option', { name: 'Pacific/Auckland' }).waitFor();
      await hands.check('the dialog of a site', 'dialog[open]');
      await hands.press('Enter');
      await hands.lands('Time zone');
      expect(await page.getByLabel('Time zone').inputValue()).toBe('Pacific/Auckland');
      await hands.tabTo('Mail');
      await hands.type('desk@keyed.example');
      await hands.press('Enter');
      await hands.lands(/^heading "Keyed site/);
      await hands.tabTo('Edit defaults');
      await hands.press('Enter');
      await hands.lands('Relay');
      await hands.tabTo('Port');
      await hands.type('2222');
      await hands.tabTo('Login', { max: 1 });
      await hands.type('fleet');
      await hands.tabTo('Tags');
      await hands.type('keyed');
      await hands.press('Enter');
      await page.getByRole('button', { name: 'Remove keyed' }).waitFor();
      await hands.check('the dialog of defaults', 'dialog[open]');
      await hands.tabTo('Save');
      await hands.press('Enter');
      await hands.lands('Edit defaults');
      await page.getByText('2222').waitFor();
      await page.getByText('Pacific/Auckland').waitFor();
    }));

  test('8. adds a device with its relay looking on, sees it come up, and forgets it by its name', () =>
    byKeys('add a device, and forget it', '/', async (hands, page) => {
      // A machine of the lab that nobody watches any more.
      const { items } = await up.api.devices.list({ q: 'simulated:yes', limit: 1, names: 'none' });
      const machine = items[0];
      if (machine === undefined) throw new Error('the lab is empty');
      await up.api.devices.remove({ id: machine.id });
      await hands.press('Control+k');
      await hands.lands('Search and commands');
      await hands.type('add a dev');
      await page.getByRole('option', { name: 'Add a device', selected: true }).waitFor();
      await hands.press('Enter');
      await hands.lands(/^heading "Add a device"/);
      await hands.tabTo('Site');
      await hands.type('Sim');
      await hands.tabTo('Address');
      await hands.type(machine.address);
      await hands.tabTo('Name', { max: 1 });
      await hands.type('keyed-device');
      await hands.tabTo('Port');
      await hands.type(String(machine.port));
      await hands.tabTo('Login', { max: 1 });
      await hands.type('lab');
      await page.getByText(`${machine.port} open`).waitFor();
      await hands.check('the form of a device', 'main');
      await hands.tabTo('Add device');
      await hands.press('Enter');
      await hands.lands(/^heading "keyed-device/);
      await hands.press('g f');
      // At its row, if the list has it already.
      await hands.lands(/^heading "Fleet"|^link "keyed-device"/);
      await hands.press('/');
      await hands.type('name=keyed-device status:up');
      await page.getByRole('link', { name: 'keyed-device' }).waitFor({ timeout: 60_000 });
      await hands.press('Enter');
      await hands.lands('keyed-device');
      await hands.press('Enter');
      await hands.lands(/^heading "keyed-device/);
      await hands.tabTo('Actions');
      await hands.press('Enter');
      await hands.lands(/^menuitem/);
      await hands.check('the menu of a device', '.menu:popover-open');
      await hands.arrowTo('Forget');
      await hands.press('Enter');
      await hands.lands(/^textbox/);
      await hands.check('the question before a device goes', 'dialog[open]');
      await hands.type('keyed-device');
      await hands.press('Enter');
      // The row it was opened from is gone: the focus stands at the next one, or at the heading.
      await page.getByText('keyed-device is forgotten').waitFor();
      await expect.poll(() => page.getByRole('link', { name: 'keyed-device' }).count()).toBe(0);
      await hands.lands(/^heading "Fleet"|^link "sim-/);
    }));

  test('9. makes a group by a rule, sees how many fit, and deletes it', () =>
    byKeys('make a group by a rule, and delete it', '/', async (hands, page) => {
      const { total } = await up.api.devices.list({ q: 'simulated:yes', limit: 1, names: 'none' });
      await hands.press('g g');
      await hands.lands('Groups');
      await hands.tabTo('Add group');
      await hands.press('Enter');
      await hands.lands('Name');
      await hands.type('Keyed group');
      await hands.tabTo('Rule');
      await hands.type('simulated:yes');
      await page.getByText(`${total} devices fit now`).waitFor();
      await hands.check('the sheet of a group', 'dialog[open]');
      await hands.tabTo('Add group');
      await hands.press('Enter');
      await hands.lands('Add group');
      const row = page.getByRole('row', { name: /Keyed group/ });
      await row.getByText(String(total), { exact: true }).waitFor();
      await hands.tabTo('Actions for Keyed group');
      await hands.press('Enter');
      await hands.lands('Edit');
      await hands.check('the menu of a group', '.menu:popover-open');
      await hands.arrowTo('Delete group');
      await hands.press('Enter');
      await hands.lands('Cancel');
      await hands.check('the question before a group goes', 'dialog[open]');
      await hands.tabTo('Delete group', { max: 1 });
      await hands.press('Enter');
      await row.waitFor({ state: 'detached' });
      // The button it was opened from went with its row: a neighbour's takes over.
      await hands.lands(/button "Actions for /);
    }));

  test('10. lets a relay in, renames one, imports a list and takes one along', () =>
    byKeys('token, rename, import and export', '/', async (hands, page) => {
      await hands.press('g r');
      await hands.lands('Relays');
      await hands.tabTo('Enrol a relay');
      await hands.press('Enter');
      await hands.lands('Site');
      await hands.type('Sim');
      await hands.check('the dialog of a token', 'dialog[open]');
      await hands.tabTo('Make the token');
      await hands.press('Enter');
      await hands.lands('Copy: command');
      await hands.check('the token', 'dialog[open]');
      await hands.press('Enter');
      await page.getByRole('status').getByText('Copied').waitFor();
      expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(/^\.\/rmm relay enroll .* --token-stdin$/);
      await hands.tabTo('Done');
      await hands.press('Enter');
      await hands.lands('Enrol a relay');
      await hands.tabTo(/button "Actions for .*, Simulated site/);
      await hands.press('Enter');
      await hands.lands('Rename');
      await hands.press('Enter');
      await hands.lands('Name');
      await hands.retype('keyed-relay');
      await hands.press('Enter');
      await hands.lands('Actions for keyed-relay, Simulated site');
      await importLists(hands, page);
    }));
});
