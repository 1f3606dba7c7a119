// Pages of one browser on one fixture console, from before the first test of a file until after its last.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { buildWebIfChanged } from '#console/cli/up/web-build.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { openBrowser } from './browser.ts';
import { type FixtureConsole, startFixtureConsole } from './fixture-console.ts';
import { type LOOKS, signIn, watchedPage } from './signed-in-page.ts';

/** The first file of a run builds the web console, beside others that build what they need. */
const BUILD_MS = 200_000;
const SOON_MS = 20_000;

type Look = Partial<(typeof LOOKS)[number]>;

export interface FixturePages {
  readonly fixture: FixtureConsole;
  readonly browser: Browser;
  /** Signed in. */
  readonly context: BrowserContext;
  /** A page of its own with all its parts; `prepare` comes before it asks for anything. Closed when the test has finished. */
  opened(path: string, look?: Look, prepare?: (page: Page) => Promise<void>): ReturnType<typeof watchedPage>;
}

/** Every part has come. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor({ state: 'attached', timeout: SOON_MS });
  await expect.poll(() => page.locator('.skeleton, [aria-busy=true]').count(), { timeout: SOON_MS }).toBe(0);
}

export function fixturePages(size: Parameters<typeof startFixtureConsole>[0] = { devices: 48 }): FixturePages {
  let made: Pick<FixturePages, 'fixture' | 'browser' | 'context'> | undefined;
  const there = () => {
    if (made === undefined) throw new Error('the fixture console stands before the first test, not before that');
    return made;
  };
  beforeAll(async () => {
    await buildWebIfChanged(PROJECT);
    const fixture = await startFixtureConsole(size);
    const browser = await openBrowser();
    made = { fixture, browser, context: await signIn(browser, fixture.link) };
  }, BUILD_MS);
  afterAll(async () => {
    await made?.browser.close();
    await made?.fixture.stop();
  });
  return {
    get fixture() {
      return there().fixture;
    },
    get browser() {
      return there().browser;
    },
    get context() {
      return there().context;
    },
    async opened(path, look = {}, prepare) {
      const watched = await watchedPage(there().context, onTestFinished);
      if (look.viewport !== undefined) await watched.page.setViewportSize(look.viewport);
      await watched.page.emulateMedia({ colorScheme: look.scheme ?? 'light' });
      await prepare?.(watched.page);
      await watched.page.goto(there().fixture.origin + path);
      await settled(watched.page);
      return watched;
    },
  };
}
