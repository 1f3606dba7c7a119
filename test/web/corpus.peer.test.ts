// A thousand hostile texts of devices in a real console and a real browser: everywhere they are shown they are text.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '#shared/base/clock.ts';
import { inert } from '#shared/base/inert-text.ts';
import { type RunningUp, startUp } from '#test/e2e/running-up.ts';
import { HOSTILE_CORPUS } from '#test/fixtures/hostile-corpus.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { openBrowser } from './browser.ts';
import { fillHostile, hostileDevice } from './hostile-estate.ts';
import { inPage } from './page-laws.ts';
import { fleetShown, follow, shot, signIn, type Watched, watchedPage } from './signed-in-page.ts';

/** What hides text, turns it around, or moves a cursor. A browser's own line ends are no text of a device. */
const UNSEEN =
  /(?![\t\n\r])\p{Cc}|[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/u;

const folder = makeTempFolder('rmm-corpus');
const data = path.join(folder.path, 'data');
let up: RunningUp;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  await fillHostile(data, systemClock.now());
  up = await startUp(data);
  browser = await openBrowser();
  context = await signIn(browser, up.link);
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await up?.stop();
  await folder[Symbol.asyncDispose]();
});

const open = async (place: string): Promise<Watched> => {
  const watched = await watchedPage(context, onTestFinished);
  await watched.page.goto(new URL(place, up.link).href);
  return watched;
};

/** Nothing ran, nothing was loaded, nothing was put into the page, no policy was broken, nothing is hidden. */
async function isInert({ page, faults }: Watched): Promise<void> {
  await page.evaluate(await inPage('injected.ts'));
  expect(await page.evaluate('rmmInjected()')).toEqual([]);
  expect(await page.evaluate("'pwned' in window")).toBe(false);
  expect(await page.content()).not.toMatch(UNSEEN);
  expect(faults).toEqual([]);
}

/** Devices whose rows were shown while the list was walked from its first to its last. */
async function walkFleet(page: Page): Promise<Set<string>> {
  const seen = new Set<string>();
  const rows = page.locator('[data-row]');
  let former = -1;
  for (;;) {
    const links: string[] = await rows.evaluateAll((all) => all.map((link) => String(link)));
    for (const link of links) seen.add(link.split('/').at(-1)?.split('?')[0] ?? '');
    const last = Number((await rows.last().getAttribute('data-row')) ?? '0');
    if (last === former) return seen;
    former = last;
    await rows.last().scrollIntoViewIfNeeded();
    await page.waitForTimeout(60);
  }
}

test('the policy of the pages allows no inline script and no inline style', async () => {
  const { headers } = await fetch(new URL('/', up.link));
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe-(?:inline|eval|hashes)|\*/);
});

test('the fleet shows all thousand as text', async () => {
  const watched = await open('/fleet?sort=name');
  await fleetShown(watched.page);
  const seen = await walkFleet(watched.page);
  expect(HOSTILE_CORPUS.filter((_, n) => !seen.has(hostileDevice(n)))).toEqual([]);
  await shot(watched.page, 'corpus-fleet');
  await isInert(watched);
});

test.each(['overview', 'services', 'disks', 'network', 'software', 'users', 'hardware', 'timeline', 'notes'])(
  'the device that has all of it in its inventory shows it as text: %s',
  async (tab) => {
    const watched = await open(`/devices/${hostileDevice(0)}?tab=${tab}`);
    await watched.page.locator('main h1').first().waitFor();
    await expect.poll(() => watched.page.locator('.skeleton').count()).toBe(0);
    for (const fold of await watched.page.locator('main summary').all()) await fold.click();
    await shot(watched.page, `corpus-${tab}`);
    await isInert(watched);
  },
);

test('twenty-five devices, each on its own page', async () => {
  const watched = await open('/');
  await watched.page.locator('main h1').first().waitFor();
  for (let n = 1; n < HOSTILE_CORPUS.length; n += 40) {
    await follow(watched.page, `/devices/${hostileDevice(n)}`);
    await watched.page.waitForURL(`**/devices/${hostileDevice(n)}*`);
    const shown = inert(HOSTILE_CORPUS[n] ?? '')
      .trim()
      .slice(0, 40);
    await expect.poll(() => watched.page.locator('main').innerText()).toContain(shown.split(/\s/)[0] ?? '');
    await isInert(watched);
  }
});

test.each(['/', '/sites', '/relays', '/groups', '/tags'])('%s', async (place) => {
  const watched = await open(place);
  await watched.page.locator('main h1').first().waitFor();
  await watched.page.waitForTimeout(500);
  await isInert(watched);
});

test('the search shows what it finds as text', async () => {
  const watched = await open('/');
  await watched.page.locator('main h1').first().waitFor();
  for (const word of ['script', 'onerror', 'javascript', 'invoice', 'constructor', 'srv-']) {
    await watched.page.keyboard.press('Control+k');
    await watched.page.keyboard.type(word);
    await watched.page.locator('[role=option]').first().waitFor();
    await watched.page.waitForTimeout(300);
    await isInert(watched);
    await watched.page.keyboard.press('Escape');
    await watched.page.keyboard.press('Escape');
  }
});
