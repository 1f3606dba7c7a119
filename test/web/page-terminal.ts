// A terminal in a real Chromium on a real sshd: the passkey in the site's charter, the way in, and what is on the screen.
import type { Browser, Page } from 'playwright-core';
import { changeCharter } from '#test/e2e/composed-site.ts';
import { type TerminalHouse, terminalHouse } from '#test/e2e/terminal-rig.ts';
import type { OnEnd } from '#test/fixtures/console-kit.ts';
import { makePasskey, openPhone, type Phone, servePages } from './passkey-estate.ts';
import { VIEWPORTS } from './signed-in-page.ts';

export interface PageTerminalHouse extends TerminalHouse {
  phone: Phone;
}

type InPage = Pick<PageTerminalHouse, 'phone' | 'target' | 'relayKey'>;

/** A technician with a passkey on a page of the console at `at`, which may be a proxy before it. */
export async function pageTerminalHouse(
  browser: Browser,
  onEnd: OnEnd,
  at: (url: string) => Promise<string> = async (url) => url,
): Promise<PageTerminalHouse> {
  servePages();
  const house = await terminalHouse(onEnd);
  const phone = await openPhone(browser, house, VIEWPORTS.desk, await at(house.estate.url), onEnd);
  const { key } = await makePasskey(phone, 'ann', 'ann phone');
  await changeCharter(house.estate, house.target.siteId, ({ signers }) => ({
    signers: [...signers, { kind: 'passkey', key, name: 'ann phone', role: 'technician', person: 'ann' }],
  }));
  return { ...house, phone };
}

/** The page of the device's terminal with the relay's key compared: all but the tap. */
export async function comeToDoor({ phone, target, relayKey }: InPage): Promise<Page> {
  const { page, origin } = phone;
  await page.goto(`${origin}/devices/${target.id}/terminal`);
  const key = page.getByLabel('Fingerprint that the relay shows');
  await key.waitFor();
  if ((await key.inputValue()) === '') await key.fill(relayKey);
  await page.getByText(relayKey).first().waitFor();
  await page.getByLabel('Reason').fill('ticket 4711');
  return page;
}

/** As a person does it. */
export async function openInPage(house: InPage): Promise<Page> {
  const page = await comeToDoor(house);
  await page.getByRole('button', { name: 'Sign and open a terminal' }).click();
  await page.getByText('Connected, and recorded').waitFor({ timeout: 20_000 });
  return page;
}

/** What the screen shows, its lines without the spaces at their ends. */
export const screenText = async (page: Page): Promise<string> =>
  (await page.locator('.xterm-rows > div').allInnerTexts()).map((line) => line.trimEnd()).join('\n');
