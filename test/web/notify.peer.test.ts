// The pages of notifications in a real browser, on the fixture console: forms that channels declare, on-call weeks, the log with its reasons, and the link of a message.
import { describe, expect, onTestFinished, test } from 'vitest';
import { incidentId } from './fixture-incidents.ts';
import { ACK_TOKEN } from './fixture-notify.ts';
import { fixturePages } from './fixture-pages.ts';
import { brokenLaws, NOTHING_BROKEN } from './page-laws.ts';
import { axeViolations, LOOKS, shot, VIEWPORTS, watchedPage } from './signed-in-page.ts';

const pages = fixturePages();
const { opened } = pages;

const VIEWS = ['', '/routes', '/escalations', '/on-call', '/contacts', '/channels'];

test.each(LOOKS.flatMap((look) => VIEWS.map((view) => ({ ...look, view }))))(
  'notifications$view keep the laws of pages and are usable by everybody in $scheme on a $size',
  async ({ view, ...look }) => {
    const { page, faults } = await opened(`/notifications${view}`, look);
    await shot(page, `notify${view.replace('/', '-')}-${look.size}-${look.scheme}`);
    expect(await brokenLaws(page)).toEqual(NOTHING_BROKEN);
    expect(await axeViolations(page)).toEqual([]);
    expect(faults).toEqual([]);
  },
);

const FORMS = [
  ['routes', 'Add route'],
  ['escalations', 'Add escalation'],
  ['on-call', 'Add schedule'],
  ['contacts', 'Add contact'],
  ['channels', 'Add channel'],
] as const;

test.each(FORMS)('the form of %s is usable by everybody, and says what it lacks', async (view, button) => {
  const { page, faults } = await opened(`/notifications/${view}`, { viewport: VIEWPORTS.phone });
  await page.getByRole('button', { name: button }).click();
  const form = page.getByRole('dialog');
  await form.waitFor();
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('A name is needed.').first().waitFor();
  await shot(page, `notify-form-${view}`);
  expect(await axeViolations(page)).toEqual([]);
  expect(await brokenLaws(page)).toEqual(NOTHING_BROKEN);
  expect(faults).toEqual([]);
});

describe('a channel', () => {
  test('asks for what its kind declares, and shows no secret again', async () => {
    const { page } = await opened('/notifications/channels');
    await page.getByRole('button', { name: 'Actions for Mail' }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    const form = page.getByRole('dialog');
    expect(await form.getByLabel('Server').inputValue()).toBe('mx.example.test');
    const secret = form.getByLabel('Password');
    expect([await secret.inputValue(), await secret.getAttribute('type')]).toEqual(['', 'password']);
    expect(await form.textContent()).toContain('It is set. Empty leaves it as it is.');
    await form.getByLabel('Server').fill('mail.example.test');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Mail was saved').waitFor();
  });

  test('is tested at a press, and a failure is told in its own words', async () => {
    const { page } = await opened('/notifications/channels');
    await page.getByRole('button', { name: 'Actions for Mail' }).click();
    await page.getByRole('menuitem', { name: 'Send a test' }).click();
    await page.getByLabel('Address').fill('nobody@example.test');
    await page.getByRole('dialog').getByRole('button', { name: 'Send a test' }).click();
    await page.getByText(/550 no such user/).waitFor();
  });
});

test('a route is made for bad ones, told to whoever is on call', async () => {
  const { page } = await opened('/notifications/routes');
  await page.getByRole('button', { name: 'Add route' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('Everything at night');
  await form.getByLabel('High').check();
  await form.getByRole('button', { name: 'Add somebody' }).click();
  await form.getByLabel('Minutes to wait').fill('5');
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Everything at night was saved').waitFor();
  const row = page.getByRole('row', { name: /Everything at night/ });
  expect(await row.textContent()).toMatch(/High.*on call: Nights.*after 5 min/);
});

test('the routes say whom they would tell, and tell nobody', async () => {
  const { page } = await opened('/notifications/routes');
  await page.getByRole('button', { name: 'Who would be told?' }).click();
  await page.getByRole('button', { name: 'Ask the routes' }).click();
  await page.getByText('Ada Lovelace was told by Mail.').waitFor();
  expect(await axeViolations(page)).toEqual([]);
});

test('the weeks of on-call are bars of the people who have them, and somebody takes over', async () => {
  const { page } = await opened('/notifications/on-call');
  const weeks = page.locator('.on-call-weeks > li');
  await expect.poll(() => weeks.count()).toBe(4);
  expect(await page.locator('.on-call-bar').count()).toBeGreaterThanOrEqual(5);
  await page.getByRole('button', { name: 'Take over' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Who takes over').selectOption({ label: 'Night shift' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Nights was saved').waitFor();
});

test('an incident says who was told and why, and the log tries again what was given up', async () => {
  const { page } = await opened(`/incidents/${incidentId(1)}`);
  const told = page.getByRole('region', { name: 'Who was told' });
  await told.getByRole('button', { name: 'Why, or why not' }).click();
  await told.getByText('Night shift is told only of what is critical.').waitFor();
  await page.goto(`${pages.fixture.origin}/notifications?state=dead`);
  await page.getByRole('button', { name: 'switch-berlin-2 is down' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Try once more' }).click();
  await page.getByText('It is tried once more').waitFor();
});

describe('the link of a message', () => {
  test.each(LOOKS)('takes one incident without signing in, in $scheme on a $size', async (look) => {
    const stranger = await pages.browser.newContext({ viewport: look.viewport, colorScheme: look.scheme });
    onTestFinished(() => stranger.close());
    const { page, faults, requests } = await watchedPage(stranger, onTestFinished);
    await page.goto(`${pages.fixture.origin}/acknowledge#${ACK_TOKEN}`);
    await page.getByText('switch-berlin-2 is down').waitFor();
    await shot(page, `acknowledge-${look.size}-${look.scheme}`);
    expect(await axeViolations(page)).toEqual([]);
    expect(await brokenLaws(page)).toEqual(NOTHING_BROKEN);
    const button = page.getByRole('button', { name: 'I look after it' });
    if ((await button.count()) > 0) {
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
      await button.click();
      await page.getByText('It is yours, Ada Lovelace').waitFor();
      expect(page.url()).not.toContain('#');
    } else await page.getByText('This link was used.').waitFor();
    // Nothing of the console is asked for that needs a session.
    expect(requests.filter((one) => one.includes('/api/') && !one.includes('/api/acknowledge'))).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('one that does not hold says so', async () => {
    const stranger = await pages.browser.newContext();
    onTestFinished(() => stranger.close());
    const { page } = await watchedPage(stranger, onTestFinished);
    await page.goto(`${pages.fixture.origin}/acknowledge#${'B'.repeat(43)}`);
    await page.getByRole('alert').getByText('The link does not hold').waitFor();
    await page.goto(`${pages.fixture.origin}/acknowledge`);
    await page.getByText('opened by the link of a message').waitFor();
  });
});
