// People in a real Chromium at a real console: invited, enrolled, signed in by what is their own, asked once more, and out within seconds.
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { totpCode, totpStep } from '#console/access/totp.ts';
import { buildWebIfChanged } from '#console/cli/up/web-build.ts';
import { systemClock } from '#shared/base/clock.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { type Estate, makeSite } from '#test/e2e/composed-site.ts';
import { openBrowser } from './browser.ts';
import { brokenLaws, NOTHING_BROKEN } from './page-laws.ts';
import { startServedEstate } from './passkey-estate.ts';
import { axeViolations, shot, VIEWPORTS, type Watched, watchedPage } from './signed-in-page.ts';

const BUILD_MS = 200_000;
const TEST_MS = 180_000;
/** A revoked session ends within it, in every browser. */
const GONE_MS = 5_000;
let browser: Browser;

beforeAll(async () => {
  await buildWebIfChanged(PROJECT);
  browser = await openBrowser();
}, BUILD_MS);

afterAll(async () => {
  await browser?.close();
});

interface Visitor extends Watched {
  context: BrowserContext;
  /** Answers of the API that said "you may not", as "403 /api/sites". */
  refusals: string[];
}

/** A browser of somebody, with an authenticator that verifies who holds it. */
async function visitor(viewport: (typeof VIEWPORTS)[keyof typeof VIEWPORTS] = VIEWPORTS.desk): Promise<Visitor> {
  const context = await browser.newContext({ viewport, permissions: ['clipboard-write'] });
  onTestFinished(() => context.close());
  const watched = await watchedPage(context, onTestFinished);
  const refusals: string[] = [];
  watched.page.on('response', (answer) => {
    if (answer.status() === 403) refusals.push(`403 ${new URL(answer.url()).pathname}`);
  });
  const cdp = await context.newCDPSession(watched.page);
  await cdp.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true } as const;
  const user = { hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  await cdp.send('WebAuthn.addVirtualAuthenticator', { options: { ...options, ...user } });
  return { ...watched, context, refusals };
}

async function lawful({ page }: Visitor, name: string): Promise<void> {
  await shot(page, `people-${name}`);
  expect.soft(await brokenLaws(page), name).toEqual(NOTHING_BROKEN);
  expect.soft(await axeViolations(page), name).toEqual([]);
}

const atHome = ({ page }: Visitor) => page.waitForURL((url) => url.pathname === '/', { timeout: 15_000 });
const atDoor = ({ page }: Visitor) => page.waitForURL((url) => url.pathname === '/sign-in', { timeout: 15_000 });

async function signOut(who: Visitor, name: string): Promise<void> {
  await who.page.getByRole('button', { name, exact: true }).click();
  await who.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await atDoor(who);
}

/** By the page of people, as somebody does it who looks after them; the link that is shown once. */
async function invite({ page }: Visitor, estate: Estate, name: string): Promise<string> {
  await page.goto(`${estate.url}/people`);
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  await dialog.getByText('It works once').waitFor();
  const link = await dialog.locator('.copy-box pre').innerText();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('link', { name }).waitFor();
  return link;
}

/** Nothing else opens before; then one touch signs in, and no name is typed. */
async function enrolsByPasskey(estate: Estate, link: string): Promise<Visitor> {
  const vera = await visitor();
  const { page } = vera;
  await page.goto(link);
  await page.getByRole('heading', { name: 'Set up how you sign in' }).waitFor();
  await lawful(vera, 'set-up');
  await page.goto(`${estate.url}/fleet`);
  await page.waitForURL((url) => url.pathname === '/set-up');
  await page.getByLabel('Name of this passkey').fill('laptop');
  await page.getByRole('button', { name: 'Make a passkey' }).click();
  await page.getByRole('button', { name: 'To the console' }).click();
  await atHome(vera);
  await signOut(vera, 'vera');
  await lawful(vera, 'door');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await atHome(vera);
  return vera;
}

/** Everything the navigation offers is walked: no answer says "you may not", and no button changes anything. */
async function walksAll(estate: Estate, vera: Visitor): Promise<string[]> {
  const { page, refusals } = vera;
  // What was refused before the set-up is another matter.
  refusals.length = 0;
  await page.goto(estate.url);
  const nav = page.getByRole('navigation', { name: 'Main' }).first();
  await nav.getByRole('link', { name: 'Fleet' }).waitFor();
  const paths = await nav
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
  const [site] = (await estate.api.sites.list()).items;
  for (const path of [...paths, `/sites/${site?.id}`, '/profile']) {
    await page.goto(new URL(path, estate.url).href);
    await page.locator('main h1').first().waitFor();
    await expect.poll(() => page.locator('.skeleton, [aria-busy=true]').count(), { timeout: 10_000 }).toBe(0);
    // One's own passkeys may go.
    if (path === '/profile') continue;
    for (const name of [/^Add/, /^Invite/, /^Freeze/, /^Remove/, /^Enrol/, /^Import/, /^New token/])
      expect.soft(await page.locator('main').getByRole('button', { name }).count(), `${path} ${name}`).toBe(0);
  }
  expect(refusals).toEqual([]);
  return paths;
}

/** A viewer of everything, then of one customer alone: both see what is theirs, and no button that fails. */
async function seesNothingThatFails(estate: Estate, vera: Visitor): Promise<void> {
  const { page } = vera;
  const { api } = estate;
  expect(await walksAll(estate, vera)).toEqual(expect.arrayContaining(['/', '/fleet', '/approvals', '/roles']));
  await page.goto(`${estate.url}/people`);
  await page.getByRole('heading', { name: 'This is not among your rights' }).waitFor();
  await page.getByText('person.read').waitFor();
  await page.getByText('Owner, Admin').waitFor();
  await lawful(vera, 'no-right');
  // What is on its way when rights change may still be refused: that is no walk.
  await page.goto('about:blank');
  const person = (await api.people.list()).items.find(({ name }) => name === 'vera');
  const [customer] = (await api.customers.list()).items;
  if (person === undefined || customer === undefined) throw new Error('no vera, or no customer');
  await api.people.grant({ id: person.id, grant: { role: 'customer', over: { kind: 'customer', id: customer.id } } });
  for (const { id: grant } of person.grants) await api.people.ungrant({ id: person.id, grant });
  const paths = await walksAll(estate, vera);
  expect(paths).toEqual(expect.arrayContaining(['/', '/fleet', '/sites']));
  expect(
    paths.filter((path) => ['/approvals', '/people', '/audit', '/signers', '/credentials'].includes(path)),
  ).toEqual([]);
}

const secretOf = (uri: string): Buffer => {
  const text = new URL(uri).searchParams.get('secret') ?? '';
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
};

/** On a phone: password, app and codes, then in by all three in one form; whatever is wrong, the answer is one. */
async function enrolsByPassword(estate: Estate, link: string): Promise<void> {
  const otto = await visitor(VIEWPORTS.phone);
  const { page } = otto;
  await page.goto(link);
  await page.getByRole('button', { name: 'Set up a password' }).click();
  await page.getByLabel('New password').fill('correct horse battery staple');
  await page.getByRole('button', { name: 'Set this password' }).click();
  await page.getByRole('img', { name: 'QR code' }).waitFor();
  await lawful(otto, 'app');
  const uri = await page.locator('.copy-box pre', { hasText: 'otpauth://' }).textContent();
  const secret = secretOf(uri ?? '');
  const step = totpStep(systemClock.now());
  await page.getByLabel('Code that the app shows now').fill(totpCode(secret, step));
  await page.getByRole('button', { name: 'Confirm' }).click();
  // The box of the app is gone once this one is there.
  await page.getByLabel('I have kept them').waitFor();
  const codes = (await page.locator('.copy-box pre').innerText()).split('\n');
  expect(codes).toHaveLength(10);
  await lawful(otto, 'codes');
  await page.getByLabel('I have kept them').check();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'To the console' }).click();
  await atHome(otto);
  await signOut(otto, 'otto');
  const type = async (name: string, password: string, code: string) => {
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Password').fill(password);
    await page.getByLabel('Code').fill(code);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  };
  const said = async () => await page.getByRole('alert').innerText();
  await type('otto', 'a wrong password entirely', totpCode(secret, step + 1));
  const ofWrong = await said();
  await type('nobody at all', 'correct horse battery staple', totpCode(secret, step + 1));
  expect(await said()).toBe(ofWrong);
  await type('otto', 'correct horse battery staple', codes[0] ?? '');
  await atHome(otto);
  // Later than any step that was used, and within the grace for clocks that run ahead.
  await provesByCode(estate, otto, () => totpCode(secret, totpStep(systemClock.now()) + 1));
}

/** As after a while: what the sessions of that person proved counts no more. */
function growsOld({ database }: Estate, name: string): void {
  const sql = 'update session set stepped_up_at = 0 where person_id = (select id from person where name = ?)';
  database.prepare(sql).run(name);
}

/** New codes void the old ones: that asks once more who one is, and a code answers. */
async function provesByCode(estate: Estate, otto: Visitor, code: () => string): Promise<void> {
  const { page } = otto;
  await page.goto(`${estate.url}/profile`);
  growsOld(estate, 'otto');
  await page.getByRole('button', { name: 'Make new ones' }).click();
  await page.getByRole('button', { name: 'Make them' }).click();
  const question = page.getByRole('dialog', { name: 'Prove that it is you' });
  await question.getByLabel('Code of your authenticator app').fill(code());
  await lawful(otto, 'step-up-code');
  await question.getByRole('button', { name: 'Confirm' }).click();
  await page.getByLabel('I have kept them').waitFor();
  await lawful(otto, 'new-codes');
}

/** The proof of a session has grown old: one question, and what was typed goes on by itself. */
async function isAskedOnceMore(estate: Estate, owner: Visitor): Promise<void> {
  const { page } = owner;
  await page.goto(`${estate.url}/profile`);
  await page.getByLabel('Name of this passkey').fill('desk');
  await page.getByRole('button', { name: 'Make a passkey' }).click();
  await page.getByRole('button', { name: 'Remove desk' }).waitFor();
  await page.goto(`${estate.url}/people`);
  await page.getByRole('link', { name: 'vera' }).click();
  await page.getByRole('button', { name: 'Add a right' }).click();
  const dialog = page.getByRole('dialog', { name: 'A right for vera' });
  await dialog.getByLabel('Role', { exact: true }).selectOption('approver');
  await lawful(owner, 'grant');
  growsOld(estate, 'owner');
  await dialog.getByRole('button', { name: 'Add a right' }).click();
  const question = page.getByRole('dialog', { name: 'Prove that it is you' });
  await question.getByRole('button', { name: 'With a passkey' }).waitFor();
  await lawful(owner, 'step-up');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await dialog.getByRole('alert').waitFor();
  expect(await dialog.getByLabel('Role', { exact: true }).inputValue()).toBe('approver');
  await dialog.getByRole('button', { name: 'Add a right' }).click();
  await question.getByRole('button', { name: 'With a passkey' }).click();
  await page.getByRole('region', { name: 'Rights' }).getByText('Approver').waitFor();
}

/** Somebody else ends it; the browser that showed devices shows the door. */
async function leavesWithin(owner: Visitor, vera: Visitor, estate: Estate): Promise<void> {
  await vera.page.goto(`${estate.url}/fleet`);
  await vera.page.getByText('Live', { exact: true }).waitFor();
  await owner.page.getByRole('button', { name: 'End all' }).click();
  await owner.page.getByRole('alertdialog').getByRole('button', { name: 'End all' }).click();
  await owner.page.getByText('was ended').or(owner.page.getByText('were ended')).waitFor();
  const from = performance.now();
  await vera.page.waitForURL((url) => url.pathname === '/sign-in', { timeout: GONE_MS });
  process.stdout.write(`a revoked browser left after ${Math.round(performance.now() - from)} ms\n`);
}

test(
  'people are invited, enrol, sign in by what is their own, and leave when they are told to',
  async () => {
    const estate = await startServedEstate();
    await makeSite(estate, 'Harbour');
    const owner = await visitor();
    await owner.page.goto((await estate.api.session.createLink()).url);
    await atHome(owner);
    const vera = await enrolsByPasskey(estate, await invite(owner, estate, 'vera'));
    await seesNothingThatFails(estate, vera);
    await enrolsByPassword(estate, await invite(owner, estate, 'otto'));
    await isAskedOnceMore(estate, owner);
    await leavesWithin(owner, vera, estate);
    await owner.page.goto(`${estate.url}/audit?verb=person.*`);
    await owner.page.getByText('person.create').first().waitFor();
    expect(owner.faults.filter((fault) => !fault.includes('403'))).toEqual([]);
  },
  TEST_MS,
);
