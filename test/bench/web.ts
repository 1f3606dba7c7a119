// `bench -- web`: the web console in a real Chromium before a real console with ten thousand live devices: how soon it can be used, and what it costs.
import type { ChildProcess } from 'node:child_process';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { buildWebIfChanged } from '#console/cli/up/web-build.ts';
import { systemClock } from '#shared/base/clock.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { openBrowser } from '#test/web/browser.ts';
import { inPage } from '#test/web/page-laws.ts';
import { signIn, VIEWPORTS } from '#test/web/signed-in-page.ts';
import { webSizes } from '#test/web/sizes.ts';
import type { Bench } from './bench.ts';
import { startChild, stopChild } from './console-child.ts';
import { processUse } from './process-meter.ts';
import { median, percentile, rounded } from './statistics.ts';
import type { WebRequest } from './web-message.ts';
import { type Busy, slowDown, ThreadMeter } from './web-meter.ts';
import { type Tick, tickCosts } from './web-ticks.ts';

interface Size {
  devices: number;
  loads: number;
  bursts: number;
  /** Rounds over all columns that sort, and over the filters. */
  rounds: number;
  filters: number;
  /** Sets of columns: no table shows more of them than people see at once. */
  tables: readonly string[];
  /** Pages that must ask nobody but the console, beside the fleet. */
  pages: readonly string[];
}

/** Each device every 10 s. */
const POLLS_EVERY_S = 10;
/** A page that is not there by then is broken. */
const DEADLINE_MS = 60_000;

/** What this browser answers by itself; software and services are the console's to know. */
const FILTERS = [
  'web',
  'db-0',
  '10.0.1',
  'status:down',
  'site:berlin',
  'tag:sql',
  'memory>70%',
  'name:mail-*',
  'os:debian -status:down',
  'tag:web,shop (site:paris or os:ubuntu)',
];
const USUAL = 'status,name,site,address,cpu,memory,disk,load,rx,tx,uptime,polled';
const OTHERS = 'name,customer,hostname,type,system,os,serial,user,relay,transport,added';

const FULL: Size = {
  devices: 10_000,
  loads: 5,
  bursts: 60,
  rounds: 2,
  filters: FILTERS.length,
  tables: [USUAL, OTHERS],
  pages: ['/sites', '/customers', '/relays', '/reference'],
};
const QUICK: Size = { devices: 500, loads: 1, bursts: 3, rounds: 1, filters: 3, tables: [USUAL], pages: [] };

interface Usable {
  shownMs: number;
  usableMs: number;
  keyMs: number;
  numbersMs: number;
}

interface Scene {
  origin: string;
  browser: Browser;
  signedIn: BrowserContext;
  size: Size;
  script: string;
  /** Addresses asked for that are not the console's. */
  elsewhere: Set<string>;
}

/** A page as a person has it who never was here but for the session; `act` has it to itself. */
async function onFreshPage<T>(scene: Scene, act: (page: Page) => Promise<T>): Promise<T> {
  const storageState = await scene.signedIn.storageState();
  const context = await scene.browser.newContext({ viewport: VIEWPORTS.desk, storageState });
  context.on('request', (request) => {
    const { origin, protocol, href } = new URL(request.url());
    if (origin !== scene.origin && protocol !== 'blob:') scene.elsewhere.add(href);
  });
  try {
    await context.addInitScript({ content: scene.script });
    return await act(await context.newPage());
  } finally {
    await context.close();
  }
}

const coldLoad = (scene: Scene): Promise<Usable> =>
  onFreshPage(scene, async (page) => {
    await slowDown(page);
    await page.goto(`${scene.origin}/fleet`, { waitUntil: 'commit' });
    return page.evaluate<Usable>(`rmmFleet.usable(${scene.size.devices})`);
  });

/** The largest thing of a page stands, in ms since the navigation; cold and slow as well. */
const coldPage = (scene: Scene, path: string): Promise<number> =>
  onFreshPage(scene, async (page) => {
    await slowDown(page);
    await page.goto(`${scene.origin}${path}`, { waitUntil: 'commit' });
    await page.locator('main h1').first().waitFor({ timeout: DEADLINE_MS });
    return page.evaluate<number>('rmmFleet.largest()');
  });

/** Each sortable column in both directions. */
async function sortTimes(page: Page, rounds: number): Promise<Busy[]> {
  const meter = await ThreadMeter.of(page);
  const heads = await page.evaluate<number>('rmmFleet.heads()');
  const times: Busy[] = [];
  for (let n = 0; n < heads * rounds * 2; n += 1) {
    let wallMs = Number.NaN;
    const { cpuMs } = await meter.during(async () => {
      wallMs = await page.evaluate<number>(`rmmFleet.sort(${Math.floor(n / 2) % heads})`);
    });
    times.push({ wallMs, cpuMs });
    await systemClock.sleep(50);
  }
  return times;
}

/** Each filter put in at once, and taken away at once. */
async function filterTimes(page: Page, { rounds, filters, devices }: Size): Promise<Busy[]> {
  const meter = await ThreadMeter.of(page);
  const times: Busy[] = [];
  const asked = FILTERS.slice(0, filters).flatMap((filter) => [filter, '']);
  for (const text of Array.from({ length: rounds }, () => asked).flat()) {
    let found = { ms: Number.NaN, fitting: 0 };
    const { cpuMs } = await meter.during(async () => {
      found = await page.evaluate(`rmmFleet.filter(${JSON.stringify(text)})`);
    });
    // A filter that changes nothing would measure nothing.
    if (found.fitting < 1 || found.fitting < devices === (text === ''))
      throw new Error(`the filter "${text}" left ${found.fitting} of ${devices} devices`);
    times.push({ wallMs: found.ms, cpuMs });
    // Until the text stands in the URL.
    await systemClock.sleep(400);
  }
  return times;
}

const of = (times: readonly Busy[], ratio: number) => ({
  cpuMs: rounded(percentile(times.map(({ cpuMs }) => cpuMs), ratio)), // biome-ignore format: one thought
  wallMs: rounded(percentile(times.map(({ wallMs }) => wallMs), ratio)), // biome-ignore format: the same
});

const tickAt = (ticks: readonly Tick[], ratio: number, part: keyof Tick): number =>
  rounded(
    percentile(
      ticks.map((tick) => tick[part]),
      ratio,
    ),
  );

/** At the full speed of this machine, on pages that have been there for a while. */
async function warmTimes(scene: Scene, child: ChildProcess) {
  const { size } = scene;
  return await onFreshPage(scene, async (page) => {
    const sorts: Busy[] = [];
    for (const columns of size.tables) {
      await warmFleet(page, scene, `?columns=${columns}`);
      sorts.push(...(await sortTimes(page, size.rounds)));
    }
    await warmFleet(page, scene, '');
    const filters = await filterTimes(page, size);
    return { sorts, filters, ticks: await tickCosts(scene.browser, page, child, size.bursts) };
  });
}

/** Past what a page does once: its code is compiled, its fonts and texts are there. */
async function warmFleet(page: Page, { origin, size }: Scene, search: string): Promise<void> {
  await page.goto(`${origin}/fleet${search}`);
  await page.evaluate(`rmmFleet.usable(${size.devices})`);
  await page.evaluate("rmmFleet.filter('')");
  await systemClock.sleep(2_000);
}

async function measure(scene: Scene, child: ChildProcess, say: (line: string) => void) {
  const loads: Usable[] = [];
  // The first visitor of a console has its files compressed for him, and Chromium starts: neither is the page's.
  await coldPage(scene, '/fleet');
  for (let n = 0; n < scene.size.loads; n += 1) {
    const load = await coldLoad(scene);
    say(`usable after ${Math.round(load.usableMs)} ms, ${Math.round(load.keyMs)} ms for its letter`);
    loads.push(load);
  }
  const overviewMs = await coldPage(scene, '/');
  for (const path of scene.size.pages) await coldPage(scene, path);
  const { filters, sorts, ticks } = await warmTimes(scene, child);
  return { loads, overviewMs, filters, sorts, ticks };
}

export const benchWeb: Bench = async ({ isQuick, say }) => {
  const begin = systemClock.monotonic();
  await buildWebIfChanged(PROJECT);
  const size = isQuick ? QUICK : FULL;
  say(`writing ${size.devices} devices`);
  const start = { op: 'start', devices: size.devices, changesPerSecond: size.devices / POLLS_EVERY_S } as const;
  const { child, reply } = await startChild('web-console.ts', start satisfies WebRequest);
  const { origin, link } = reply as { origin: string; link: string }; // our own child speaks our own form
  const browser = await openBrowser();
  try {
    const signedIn = await signIn(browser, link);
    const script = await inPage('fleet-times.ts');
    const scene: Scene = { origin, browser, signedIn, size, script, elsewhere: new Set() };
    const { loads, overviewMs, filters, sorts, ticks } = await measure(scene, child, say);
    for (const href of scene.elsewhere) say(`asked elsewhere: ${href}`);
    const sizes = webSizes();
    return {
      name: 'bench web',
      durationMs: systemClock.monotonic() - begin,
      figures: {
        ...Object.fromEntries(Object.entries(sizes).map(([name, value]) => [name, rounded(value)])),
        elsewhere: scene.elsewhere.size,
        usableMs: Math.round(median(loads.map(({ usableMs }) => usableMs))),
        keyMs: Math.round(median(loads.map(({ keyMs }) => keyMs))),
        tickMs: tickAt(ticks, 0.5, 'ownMs'),
        tickPaintedMs: tickAt(ticks, 0.5, 'paintedMs'),
        sortMs: of(sorts, 0.5).cpuMs,
        filterMs: of(filters, 0.5).cpuMs,
      },
      details: {
        devices: size.devices,
        shownMs: Math.round(median(loads.map(({ shownMs }) => shownMs))),
        numbersMs: Math.round(median(loads.map(({ numbersMs }) => numbersMs))),
        slowestUsableMs: Math.round(Math.max(...loads.map(({ usableMs }) => usableMs))),
        overviewMs: Math.round(overviewMs),
        tickP95Ms: tickAt(ticks, 0.95, 'ownMs'),
        tickPaintedP95Ms: tickAt(ticks, 0.95, 'paintedMs'),
        tickWallMs: tickAt(ticks, 0.5, 'wallMs'),
        sortWorstMs: of(sorts, 1).cpuMs,
        sortWallMs: of(sorts, 0.5).wallMs,
        sortWorstWallMs: of(sorts, 1).wallMs,
        filterWorstMs: of(filters, 1).cpuMs,
        filterWallMs: of(filters, 0.5).wallMs,
        filterWorstWallMs: of(filters, 1).wallMs,
        consoleRssMb: processUse(child.pid ?? 0).rssMb,
      },
    };
  } finally {
    await browser.close();
    await stopChild(child);
  }
};
