// Logins on pages, in a real Chromium: sealed with a passkey, used on a real sshd by the relay alone, rotated; and a site frozen by a tap.
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { buildWebIfChanged } from '#console/cli/up/web-build.ts';
import { openSealingKey } from '#relay/pin/sealing-key.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { type Estate, makeSite, type RunningRelay, startEstate, startRelay } from '#test/e2e/composed-site.ts';
import { type SshdPeer, startSshd } from '#test/peers/sshd.ts';
import { filesWith, formsOf } from '#test/security/traces.ts';
import { openBrowser } from './browser.ts';
import { brokenLaws, NOTHING_BROKEN } from './page-laws.ts';
import { makePasskey, openPhone, ownerTakes, type Phone, rmm } from './passkey-estate.ts';
import { axeViolations, shot, VIEWPORTS } from './signed-in-page.ts';

const BUILD_MS = 200_000;
const SITE = 'Harbour';
let browser: Browser;

interface House {
  estate: Estate;
  relay: RunningRelay;
  sshd: SshdPeer;
  device: string;
  phone: Phone;
}

/** A site whose host waits for a login, and a technician's passkey in its charter. */
async function startHouse(): Promise<House> {
  // The console looks for its web files beside the script that was started.
  process.argv[1] = path.join(PROJECT, 'rmm.ts');
  const estate = await startEstate();
  const relay = await startRelay(estate, await makeSite(estate, SITE));
  const sshd = await startSshd();
  onTestFinished(() => sshd.stop());
  const { id: device } = await estate.api.devices.create({
    relayId: relay.id,
    name: 'dock-1',
    transport: 'ssh',
    address: '127.0.0.1',
    port: sshd.port,
    credential: 'lan',
    intervalMs: 5_000,
  });
  const phone = await openPhone(browser, { estate });
  const ann = await makePasskey(phone, 'ann', 'ann phone');
  await ownerTakes({ estate, places: [{ name: SITE }] }, ann, '--name', 'ann phone', '--person', 'ann', '--guardian');
  return { estate, relay, sshd, device, phone };
}

async function lawful({ page, faults }: Phone, name: string): Promise<void> {
  for (const [size, scheme] of [
    ['desk', 'light'],
    ['phone', 'dark'],
  ] as const) {
    await page.setViewportSize(VIEWPORTS[size]);
    await page.emulateMedia({ colorScheme: scheme });
    expect.soft(await axeViolations(page), name).toEqual([]);
    expect.soft(await brokenLaws(page), name).toEqual(NOTHING_BROKEN);
    await shot(page, `credentials-${name}-${size}-${scheme}`);
  }
  await page.setViewportSize(VIEWPORTS.desk);
  expect.soft(faults, name).toEqual([]);
}

async function fill({ phone: { page }, sshd }: House, fingerprint: string): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill('lan');
  await page.getByLabel('User', { exact: true }).fill(sshd.user);
  await page.getByLabel('The user’s name is no secret').check();
  await page.getByLabel('Private key').first().check();
  await page.getByRole('textbox', { name: 'Private key' }).fill(sshd.clientKeyPem);
  await page.getByLabel('Addresses').fill('127.0.0.0/8');
  await page.getByLabel('Fingerprint that the relay shows').fill(fingerprint);
}

/** Sets a variable of the site in its page and deletes it; its value is in nothing that stays. */
async function variableByTap({ estate, relay, phone, device }: House): Promise<void> {
  const { page, origin } = phone;
  const own = page.getByRole('region', { name: 'Variables' });
  const dialog = page.getByRole('dialog');
  const canary = 'canary-tiger-in-the-harbour';
  await own.getByRole('button', { name: 'Set a variable' }).click();
  await dialog.getByLabel('Name', { exact: true }).fill('BACKUP_PASS');
  await dialog.getByLabel('Value').fill('short');
  const { publicKey } = await openSealingKey(relay.data);
  await dialog.getByLabel('Fingerprint that the relay shows').fill(publicKey.id);
  await dialog.getByText('It is the key that the console names').waitFor();
  await lawful(phone, 'variable-set');
  await dialog.getByRole('button', { name: 'Seal and sign' }).click();
  await dialog.getByText('at least 8 characters, blanks').waitFor();
  await dialog.getByLabel('Value').fill(canary);
  await dialog.getByRole('button', { name: 'Seal and sign' }).click();
  await own.getByText('held by its relay').waitFor();
  await own.getByText('set by ann phone').waitFor();
  await dialog.waitFor({ state: 'detached' });
  await lawful(phone, 'variable');
  expect([await page.content(), estate.log.join('\n')].filter((text) => text.includes(canary))).toEqual([]);
  expect(filesWith([estate.data, relay.data], formsOf(canary))).toEqual([]);
  await page.goto(`${origin}/orders/new?devices=${device}`);
  await page.getByRole('checkbox', { name: 'BACKUP_PASS' }).check();
  await page.getByLabel('Command', { exact: true }).fill('restic check');
  await lawful(phone, 'variable-ordered');
  await page.goto(`${origin}/sites/${relay.site}`);
  await own.getByRole('button', { name: 'Delete BACKUP_PASS' }).click();
  await dialog.getByText('Orders and standing orders that name it fail').waitFor();
  await dialog.getByRole('button', { name: 'Sign with a passkey' }).click();
  await dialog.waitFor({ state: 'detached' });
  await own.getByText('BACKUP_PASS').waitFor({ state: 'detached' });
  expect((await estate.api.variables.list({})).items).toMatchObject([{ version: 2, isDeleted: true }]);
}

const stateOf = async ({ estate, device }: House) => (await estate.api.devices.show({ id: device })).status;
const heldBy = async ({ estate }: House) =>
  (await estate.api.credentials.list()).items.map(({ slot, version, state, promotes }) => ({
    slot,
    version,
    state,
    promotes,
  }));

/** What of a secret would be found anywhere: the middle of the key, in the forms that a search knows. */
const canaryOf = ({ clientKeyPem }: SshdPeer) => clientKeyPem.split('\n')[2] ?? '';

describe('logins on pages', () => {
  beforeAll(async () => {
    await buildWebIfChanged(PROJECT);
    browser = await openBrowser();
  }, BUILD_MS);

  afterAll(() => browser?.close());

  test('a login is sealed in the page, polls a real host, is rotated and revoked; the console reads none of it', async () => {
    const house = await startHouse();
    const { estate, relay, sshd, phone } = house;
    const { page, origin } = phone;
    await page.goto(`${origin}/credentials`);
    await page.getByText('No login is sealed yet').waitFor();
    await lawful(phone, 'empty');
    await page.getByRole('main').getByRole('link', { name: 'Seal a login' }).first().click();
    const { publicKey } = await openSealingKey(relay.data);
    await page.getByLabel('Fingerprint that the relay shows').waitFor();
    // What the console says is not there to be copied.
    expect(await page.content()).not.toContain(publicKey.id);

    // Nobody compared it: nothing is sealed.
    await fill(house, 'A'.repeat(43));
    await page.getByText('That is not the key the console names').waitFor();
    await lawful(phone, 'seal');
    await page.getByRole('button', { name: 'Seal and sign' }).click();
    await page.getByText('Not signed: That is not the key').waitFor();
    expect((await estate.api.credentials.list()).items).toEqual([]);

    await fill(house, publicKey.id);
    await page.getByText('It is the key that the console names').waitFor();
    await page.getByRole('button', { name: 'Seal and sign' }).click();
    await page.waitForURL(`**/credentials/${relay.id}/lan`);
    await page.getByText('open at its relay').waitFor();
    await expect.poll(() => stateOf(house), { timeout: 60_000 }).toBe('up');
    await lawful(phone, 'login');
    expect(sshd.log()).toContain(`Accepted publickey for ${sshd.user}`);

    const canary = canaryOf(sshd);
    const kept = await page.evaluate(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.body.outerHTML])',
    );
    expect(canary.length).toBeGreaterThan(20);
    expect(
      [kept, page.url(), estate.log.join('\n'), relay.log.join('\n')].filter((text) => String(text).includes(canary)),
    ).toEqual([]);
    expect(filesWith([estate.data], formsOf(canary))).toEqual([]);

    await page.getByRole('link', { name: 'Seal the next one' }).click();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('lan');
    expect(await page.getByRole('textbox', { name: 'Private key' }).inputValue()).toBe('');
    await fill(house, publicKey.id);
    await page.getByRole('button', { name: 'Seal and sign' }).click();
    await page.getByRole('button', { name: 'Make it the current one' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign with a passkey' }).click();
    await page.getByText('It is the current one by now').waitFor();
    await expect.poll(() => heldBy(house)).toContainEqual({ slot: 'current', version: 2, state: 'open', promotes: 1 });
    await lawful(phone, 'rotated');

    await page.getByRole('region', { name: 'Next' }).getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign with a passkey' }).click();
    await expect
      .poll(() => heldBy(house))
      .toContainEqual({ slot: 'next', version: 2, state: 'revoked', promotes: null });
    await page.goto(`${origin}/credentials`);
    await page.getByRole('link', { name: 'lan' }).first().waitFor();
    await lawful(phone, 'list');
  });

  test('a host outside of a login’s addresses gets none, until its host key is named with a tap', async () => {
    const house = await startHouse();
    const { relay, sshd, phone } = house;
    const { page, origin } = phone;
    await page.goto(`${origin}/credentials/seal`);
    await page.getByLabel('Fingerprint that the relay shows').waitFor();
    await fill(house, (await openSealingKey(relay.data)).publicKey.id);
    await page.getByLabel('Addresses').fill('10.0.0.0/8');
    await page.getByRole('button', { name: 'Seal and sign' }).click();
    await page.getByText('open at its relay').waitFor();
    await page.getByRole('link', { name: 'To the logins' }).click();
    const waiting = page.getByRole('region', { name: 'Devices that got no login' });
    await waiting.getByText('dock-1', { exact: true }).waitFor({ timeout: 60_000 });
    expect(sshd.log()).not.toContain('Accepted');
    await waiting.getByRole('button', { name: 'Name its host key' }).click();
    await page.getByRole('textbox', { name: 'Host key' }).fill('SHA256:short');
    await lawful(phone, 'naming');
    await page.getByRole('textbox', { name: 'Host key' }).fill(sshd.hostKeyFingerprint);
    await page.getByRole('dialog').getByRole('button', { name: 'Sign with a passkey' }).click();
    await expect.poll(() => stateOf(house), { timeout: 60_000 }).toBe('up');
  });

  test('a variable is set and deleted with a tap; a guardian freezes the site with one, its relay confirms it, and one signature does not thaw it', async () => {
    const house = await startHouse();
    const { estate, relay, phone } = house;
    const { page, origin } = phone;
    await page.goto(`${origin}/sites/${relay.site}`);
    await variableByTap(house);
    await page.getByRole('button', { name: 'Freeze site' }).click();
    await page.getByLabel('Reason').fill('laptop stolen');
    await lawful(phone, 'freezing');
    await page.getByRole('dialog').getByRole('button', { name: 'Freeze site' }).click();
    const brake = page.getByRole('region', { name: 'Freeze' });
    await brake.getByText('Frozen since').waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await brake.getByText('laptop stolen', { exact: true }).waitFor();
    await brake.getByText('ann phone').waitFor();
    await expect.poll(() => brake.innerText(), { timeout: 30_000 }).not.toContain('Late:');
    await lawful(phone, 'frozen');

    await brake.getByRole('button', { name: 'Sign a thaw' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign with a passkey' }).click();
    await brake.getByText('A thaw waits. Signed by ann phone').waitFor();
    await lawful(phone, 'thaw-waits');
    for (const place of ['/sites', '/']) {
      await page.goto(`${origin}${place}`);
      await page.getByRole('main').getByText('frozen', { exact: true }).first().waitFor();
      await lawful(phone, `frozen-on${place.replace('/', '-')}`);
    }

    const ownerKey = path.join(estate.data, 'owner', 'owner.key');
    await rmm(estate, 'thaw', '--site', relay.site, '--key', ownerKey);
    await page.goto(`${origin}/sites/${relay.site}`);
    await page.getByRole('button', { name: 'Freeze site' }).waitFor();
    expect((await estate.api.sites.show({ id: relay.site })).frozenAt).toBeNull();
    await freezesAll({ estate, relay, phone });
  });
});

/** Every site with one tap: the one whose charter names the guardian stands still, the other is named with the reason. */
async function freezesAll({ estate, relay, phone }: Pick<House, 'estate' | 'relay' | 'phone'>): Promise<void> {
  const { page, origin } = phone;
  const quay = await makeSite(estate, 'Quay');
  await page.goto(`${origin}/sites`);
  await page.getByRole('button', { name: 'Freeze all sites' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('console stolen');
  await lawful(phone, 'freezing-all');
  await dialog.getByRole('button', { name: 'Freeze all sites' }).click();
  await dialog.getByText('Not frozen: Quay').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('1 of 1 relay of frozen sites has confirmed').waitFor({ timeout: 30_000 });
  await lawful(phone, 'frozen-all');
  expect((await estate.api.sites.show({ id: relay.site })).frozenAt).not.toBeNull();
  expect((await estate.api.sites.show({ id: quay })).frozenAt).toBeNull();
  await relay.stop();
  await page.getByText('will freeze when they reconnect').waitFor({ timeout: 30_000 });
}
