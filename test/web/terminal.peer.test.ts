// A terminal in the page, on a real sshd: signed by a passkey, typed into, cut and found again, pasted into, left by the keyboard, ended.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { buildWebIfChanged } from '#console/cli/up/web-build.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { startProxy } from '#test/chaos/proxy.ts';
import { auditRows } from '#test/e2e/composed-site.ts';
import { openBrowser } from './browser.ts';
import { brokenLaws, NOTHING_BROKEN } from './page-laws.ts';
import { comeToDoor, openInPage, pageTerminalHouse, screenText } from './page-terminal.ts';
import { axeViolations, shot, VIEWPORTS } from './signed-in-page.ts';

let browser: Browser;
beforeAll(async () => {
  await buildWebIfChanged(PROJECT);
  browser = await openBrowser();
}, 200_000);
afterAll(() => browser?.close());

test('a passkey opens a shell in the page; it types, colours, pastes, comes back after a cut, and ends', async () => {
  let proxy: Awaited<ReturnType<typeof startProxy>> | undefined;
  const house = await pageTerminalHouse(browser, onTestFinished, async (url) => {
    proxy = await startProxy({ target: { host: '127.0.0.1', port: Number(new URL(url).port) }, random: () => 0.5 });
    return `http://localhost:${proxy.port}`;
  });
  onTestFinished(async () => proxy?.stop());
  const { page } = house.phone;
  const shows = (pattern: RegExp) => expect.poll(() => screenText(page), { timeout: 15_000 }).toMatch(pattern);
  const lawful = async (name: string) => {
    await shot(page, `terminal-${name}`);
    expect.soft(await brokenLaws(page), name).toEqual(NOTHING_BROKEN);
    expect.soft(await axeViolations(page), name).toEqual([]);
  };
  await comeToDoor(house);
  await lawful('door');
  await openInPage(house);
  await page.keyboard.type('echo "a"$((40+2))b; left=over\n');
  await shows(/a42b/);

  // Colours of a device's own choice, which can be read on this page's ground, and a window of this page's size.
  await page.keyboard.type("clear; printf '\\033[38;2;250;40;40mred\\033[0m\\n'; stty size\n");
  await shows(/^red/m);
  const red = "[...document.querySelectorAll('.xterm-rows span')].find((one) => one.textContent === 'red')";
  const colour = await page.evaluate<string>(`getComputedStyle(${red}).color`);
  expect(colour).toMatch(/^rgb\((?:1[5-9]|2[0-5])\d, [0-6]?\d, [0-6]?\d\)$/);
  const size = async () =>
    /(\d+) (\d+)\s*$/m
      .exec(await screenText(page))
      ?.slice(1)
      .map(Number) ?? [];
  const [deskRows = 0, deskCols = 0] = await size();
  expect(deskCols).toBeGreaterThan(120);
  await lawful('desk');

  // A phone: the window follows, with the keys that a phone lacks, in the dark.
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize(VIEWPORTS.phone);
  await page.keyboard.type('clear; stty size\n');
  await expect.poll(async () => (await size())[1], { timeout: 10_000 }).toBeLessThan(60);
  await lawful('phone-dark');
  await page.setViewportSize(VIEWPORTS.desk);
  expect(deskRows).toBeGreaterThan(20);

  // Several lines are asked for; nothing of them reaches the shell before.
  const paste = (text: string) =>
    page.evaluate(`(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', ${JSON.stringify(text)});
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.querySelector('.xterm-helper-textarea').dispatchEvent(event);
    })()`);
  await paste('echo on"e"\necho tw"o"\n');
  await page.getByRole('alertdialog', { name: 'Paste 2 lines?' }).waitFor();
  expect(await screenText(page)).not.toMatch(/^one$/m);
  await page.getByRole('alertdialog').getByRole('button', { name: 'Paste', exact: true }).click();
  // A shell that knows what is pasted waits for Enter.
  await shows(/echo tw"o"/);
  await page.keyboard.press('Enter');
  await shows(/^two$/m);
  await paste('echo lin"e"');
  await page.keyboard.press('Enter');
  await shows(/^line$/m);

  // The line is cut while something runs; the shell is the same one afterwards.
  await page.keyboard.type('sleep 1; echo la"te"\n');
  proxy?.cut();
  await page.getByText('The line is cut.').waitFor();
  await page.getByText('Connected, and recorded').waitFor({ timeout: 20_000 });
  await shows(/^late$/m);
  await page.keyboard.type('echo $left\n');
  await shows(/^over$/m);

  // Tab is the shell's; the keyboard leads out all the same.
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.className')).toContain('xterm');
  await page.keyboard.press('Control+Shift+X');
  await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('End session');
  await page.getByRole('switch', { name: 'Read by a screen reader' }).check();
  await expect.poll(() => page.locator('.xterm-accessibility').count()).toBe(1);
  await lawful('read-aloud');
  await page.getByRole('button', { name: 'End session' }).click();
  await page.getByText(/^Over: it was ended from outside/).waitFor();
  const verbs = (await auditRows(house.estate)).map(({ verb }) => verb);
  expect(verbs).toEqual(expect.arrayContaining(['session.open', 'action.attach', 'action.detach', 'session.close']));
  // The cut itself is heard by the browser, and nothing else.
  expect(house.phone.faults.filter((fault) => !/ERR_|WebSocket connection/.test(fault))).toEqual([]);
}, 90_000);
