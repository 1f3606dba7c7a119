// Every page on a desk and a phone, light and dark, in English and German, with a lab of devices: the laws of pages hold on each.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '#shared/base/clock.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import { signerFile } from '#shared/crypto/cli-files.ts';
import { readPrivateFile } from '#shared/crypto/private-file.ts';
import { readCharter } from '#shared/seal/charter-seal.ts';
import { importSigningKey } from '#shared/seal/key-pair.ts';
import { draftStanding, type StandingAsk } from '#shared/seal/standing-draft.ts';
import { signStanding } from '#shared/seal/standing-seal.ts';
import { type RunningUp, startUp } from '#test/e2e/running-up.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { openBrowser } from './browser.ts';
import { brokenLaws, NOTHING_BROKEN, shiftsOf, watchShifts } from './page-laws.ts';
import { axeViolations, IS_FULL, LOOKS, shot, signIn, VIEWPORTS, watchedPage } from './signed-in-page.ts';
import { untilUp } from './until-up.ts';

/** `npm run test:web` shows 500, as the promise says; `npm test` has other work for its two cores. */
const DEVICES = Number(process.env['RMM_WEB_DEVICES'] ?? 40);
/** A first start builds the web console, and each device of the lab is a login. */
const START_MS = 240_000;
/** Google's line between good and not, halved and more. */
const MAX_SHIFT = 0.02;

const folder = makeTempFolder('rmm-every-page');
let up: RunningUp;
let browser: Browser;
let context: BrowserContext;
const ids = { device: '', site: '', standing: '', person: '' };

/** What stands where no page is. */
const NO_PAGE = '/no-such-page';
const NOT_FOUND = 'There is no such page';

interface View {
  name: string;
  path: () => string;
}

/** On the fixture each is looked at by device.peer.test.ts; with real answers, when there is time for all. */
const DEVICE_TABS: readonly string[] = [
  ...['overview', 'timeline', 'charts', 'services', 'disks', 'network', 'software', 'users', 'hardware', 'notes'],
];

const views: readonly View[] = [
  ...['/', '/fleet', '/fleet?q=status%3Adown', '/sites', '/customers', '/groups', '/tags', '/relays', '/reference'],
  ...['/devices/new', '/import', '/approvals', '/signers', '/orders/new', NO_PAGE],
  ...[
    '/metrics',
    '/metrics?show=sum&metric=network.rx_rate',
    '/storage',
    '/incidents',
    '/incidents?state=any&muted=true',
    '/notifications',
    '/notifications/routes',
    '/notifications/on-call',
    '/notifications/channels',
  ],
  ...['/credentials', '/credentials/seal', '/scripts', '/standing', '/standing/new'],
  ...['/policies', '/policies/layer', '/policies/windows', '/policies/sign'],
  ...['/people', '/roles', '/audit?verb=session.*', '/audit?proof=true', '/profile', '/sign-in'],
]
  .map((path): View => ({ name: path, path: () => path }))
  .concat([
    { name: 'an order to be written', path: () => `/orders/new?devices=${ids.device}` },
    { name: 'a standing order', path: () => `/standing/${ids.standing}` },
    { name: 'a standing order to be written', path: () => `/standing/new?devices=${ids.device}` },
    { name: 'lines of a device', path: () => `/metrics?show=devices&devices=${ids.device}&span=1h` },
    { name: 'what a device is watched by', path: () => `/policies/devices/${ids.device}` },
    { name: 'a site', path: () => `/sites/${ids.site}` },
    { name: 'a person, and why they may', path: () => `/people/${ids.person}?verb=device.read` },
    ...(IS_FULL ? DEVICE_TABS : DEVICE_TABS.slice(0, 2)).map((tab) => ({
      name: `a device, ${tab}`,
      path: () => `/devices/${ids.device}?tab=${tab}`,
    })),
  ]);

/** A page has come when it has a heading and no placeholder stands any more. */
async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor({ state: 'attached', timeout: 20_000 });
  await page.locator('.skeleton, [aria-busy=true]').first().waitFor({ state: 'detached', timeout: 20_000 });
  await page.evaluate('document.fonts.ready.then(() => undefined)');
}

const slug = (name: string) => name.replaceAll(/\W+/g, '-').replaceAll(/^-|-$/g, '') || 'overview';

/** One by rule, signed as the command line does: it fits the lab's devices and more than it may. */
async function standingByRule(
  { api, data }: RunningUp,
  place?: { siteId: SiteId; relayId: RelayId | null },
): Promise<string> {
  if (place === undefined || place.relayId === null) throw new Error('the lab has no relay');
  const charter = await readCharter((await api.sites.charter({ id: place.siteId })).signed);
  const ask: StandingAsk = {
    reach: { rule: { text: 'system:linux hostname:*', atMost: 20 }, site: place.siteId, relay: place.relayId },
    ...{ name: 'cron again', trigger: { type: 'daily', minuteUtc: 210 }, reason: 'it hangs each night' },
    action: { name: 'service.restart', arguments: { service: 'cron' } },
    ...{ timeoutMs: 60_000, outputBytes: 1_024, concurrency: 5, coolDownMs: 3_600_000, standsMs: 10 * 86_400_000 },
  };
  const key = await importSigningKey(readPrivateFile(signerFile(data)) ?? '');
  const order = draftStanding(ask, charter.version, systemClock.now());
  return (await api.standing.put({ signed: await signStanding(order, [key]) })).id;
}

beforeAll(async () => {
  up = await startUp(folder.path, ['--lab', String(DEVICES)]);
  await untilUp(up.api, DEVICES + 1);
  const { items } = await up.api.devices.list({ q: 'simulated:yes', limit: 1, names: 'none' });
  Object.assign(ids, { device: items[0]?.id, site: items[0]?.siteId });
  ids.standing = await standingByRule(up, items[0]);
  const { person } = await up.api.people.create({
    name: 'Ada',
    grants: [{ role: 'viewer', over: { kind: 'everything' } }],
  });
  ids.person = person.id;
  browser = await openBrowser();
  context = await signIn(browser, up.link);
}, START_MS + 180_000);

afterAll(async () => {
  await browser?.close();
  await up?.stop();
  await folder[Symbol.asyncDispose]();
});

// Side by side: a page mostly waits, for its answers and for what may still move.
describe.concurrent.each(LOOKS)('in $scheme on a $size', ({ scheme, size, viewport }) => {
  test.for(views)('$name', async ({ name, path }, { expect, onTestFinished }) => {
    const { page, faults } = await watchedPage(context, onTestFinished);
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme: scheme });
    await watchShifts(page);
    await page.goto(new URL(path(), up.link).href);
    await settled(page);
    // Two looks of the live feed: what moves when numbers come moves within them.
    await page.waitForTimeout(IS_FULL ? 2_500 : 1_000);
    await shot(page, `${slug(name)}-${size}-${scheme}`);
    const isMissing = (await page.getByText(NOT_FOUND).count()) > 0;
    expect(isMissing).toBe(path() === NO_PAGE);
    expect(await brokenLaws(page)).toEqual(NOTHING_BROKEN);
    const shifts = await shiftsOf(page);
    expect(shifts.total, shifts.what.join(', ')).toBeLessThan(MAX_SHIFT);
    expect(await axeViolations(page)).toEqual([]);
    expect(faults).toEqual([]);
  });
});

test('a font that comes late moves nothing', async ({ onTestFinished }) => {
  const { page } = await watchedPage(context, onTestFinished);
  await page.setViewportSize(VIEWPORTS.phone);
  await watchShifts(page);
  // Past the wait of `font-display`, within the time in which the text still changes to it.
  await page.route('**/*.woff2', async (route) => {
    await page.waitForTimeout(1_500);
    await route.continue();
  });
  const came = page.waitForResponse('**/*.woff2');
  await page.goto(new URL('/groups', up.link).href);
  await came;
  await settled(page);
  // Two frames: the text is drawn anew in the first, and its shift is told after it.
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
  const shifts = await shiftsOf(page);
  expect(shifts.total, shifts.what.join(', ')).toBeLessThan(MAX_SHIFT);
});

describe.concurrent('in German', () => {
  let context: BrowserContext;

  beforeAll(async () => {
    const { url } = await up.api.session.createLink();
    context = await signIn(browser, url);
  });

  const some = IS_FULL ? views : views.filter((_, n) => n % 3 === 1);
  test.for(some)('$name', async ({ name, path }, { expect, onTestFinished }) => {
    const { page, faults } = await watchedPage(context, onTestFinished);
    await page.addInitScript({ content: "localStorage.setItem('rmm-language', 'de')" });
    await page.setViewportSize(VIEWPORTS.phone);
    await page.goto(new URL(path(), up.link).href);
    await settled(page);
    await shot(page, `${slug(name)}-phone-german`);
    expect(await page.evaluate('document.documentElement.lang')).toBe('de');
    expect(await brokenLaws(page)).toEqual(NOTHING_BROKEN);
    expect(faults).toEqual([]);
  });
});
