// A browser page signed in to a console, with ears for everything a page must not do.

import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { inPage } from './page-laws.ts';

/** Both ends of what people look at: a desk and a phone. */
export const VIEWPORTS = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
export const SCHEMES = ['light', 'dark'] as const;

/** `npm run test:web` names how many devices it shows, and looks at everything; `npm test` takes each size in one theme. */
export const IS_FULL = process.env['RMM_WEB_DEVICES'] !== undefined;

const everyLook = SCHEMES.flatMap((scheme) =>
  (['desk', 'phone'] as const).map((size) => ({ scheme, size, viewport: VIEWPORTS[size] })),
);
/** How a page is looked at: on a desk and a phone, light and dark. */
export const LOOKS = IS_FULL
  ? everyLook
  : everyLook.filter(({ scheme, size }) => (size === 'desk') === (scheme === 'light'));

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SHOTS = process.env['RMM_SHOTS'];

export interface Watched {
  page: Page;
  /** Errors, refused loads, dialogs, requests to elsewhere: empty on a page that behaves. */
  faults: string[];
  /** Everything it loaded, as "type path". */
  requests: string[];
}

/** It finds what never comes; three files of pages share two cores, and a page that is starved is not one that fails. */
const SHOWN_MS = 30_000;

/** Signs in by the one-time link, in a context whose cookie other pages of it share. */
export async function signIn(browser: Browser, link: string): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: VIEWPORTS.desk, timezoneId: 'Europe/Berlin' });
  const page = await context.newPage();
  await page.goto(link);
  await page.waitForURL((url) => url.pathname === '/', { timeout: SHOWN_MS });
  await page.close();
  return context;
}

/** Closed when the test ends, also a failed one: each page holds one of the six connections a browser gives a host. */
export async function watchedPage(
  context: BrowserContext,
  onFinished: (end: () => Promise<void>) => unknown,
): Promise<Watched> {
  const page = await context.newPage();
  onFinished(() => page.close());
  const faults: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // The policy's refusals come as errors of the console.
    if (message.type() === 'error' || message.type() === 'warning')
      faults.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    requests.push(`${request.resourceType()} ${url.pathname}`);
    if (url.protocol !== 'data:' && !/^(localhost|127\.0\.0\.1)$/.test(url.hostname))
      faults.push(`elsewhere: ${url.href}`);
  });
  return { page, faults, requests };
}

/** As a link of ours does, without a reload: for tests of what a page shows, not of how it comes. */
export const follow = (page: Page, place: string): Promise<void> =>
  page.evaluate(`history.pushState({}, '', ${JSON.stringify(place)})`);

/** Waits until the fleet shows a device, as a row or as a card. */
export const fleetShown = (page: Page) => page.locator('[data-row]').first().waitFor({ timeout: SHOWN_MS });

/** Waits until the charts of a device stand. */
export const chartsShown = (page: Page) => page.locator('.uplot canvas').first().waitFor({ timeout: SHOWN_MS });

/** Pixels by which the page is wider than its window, less the room that is kept for the scrollbar. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.body.offsetWidth');

/** Violations as "rule: selector", none on a page that everybody can use; `within` one part of it. */
export async function axeViolations(page: Page, within = 'html'): Promise<string[]> {
  // Colours on their way to another theme are no fault of it.
  await page.evaluate(await inPage('at-rest.ts'));
  await page.evaluate('rmmAtRest()');
  await page.evaluate(AXE);
  return page.evaluate(async (part) => {
    // axe was just put there, in the page's own world.
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    // Nothing is written of what is in order: that is a quarter of its time.
    const { violations } = await axe.run(part, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`),
    );
  }, within);
}

/** Kept only when somebody wants to look: RMM_SHOTS names the folder. */
export async function shot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  await mkdir(SHOTS, { recursive: true });
  // A page that grows for its picture is drawn without its letters at times, on a busy machine and for that one frame.
  await page.screenshot({ fullPage: true });
  await page.screenshot({ path: path.join(SHOTS, `${name}.png`), fullPage: true });
}
