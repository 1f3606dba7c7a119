// Walks the pages of a console that holds hostile texts, and gathers what went wrong and which of the texts came as far as the browser.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { OnEnd } from '#test/fixtures/console-kit.ts';
import { marksIn } from '#test/fixtures/hostile-many.ts';
import { inPage } from '#test/web/page-laws.ts';
import { follow, watchedPage } from '#test/web/signed-in-page.ts';

export class Walk {
  /** Marks in answers that the page was given, and in what it draws. */
  readonly given = new Set<number>();
  readonly drawn = new Set<number>();
  readonly faults: string[] = [];
  pages = 0;
  readonly #page: Page;
  readonly #pageFaults: string[];
  readonly #injected: string;
  readonly #reading = new Set<Promise<unknown>>();

  private constructor(page: Page, pageFaults: string[], injected: string) {
    this.#page = page;
    this.#pageFaults = pageFaults;
    this.#injected = injected;
    page.on('response', (response) => {
      if (!response.url().includes('/api/') || response.url().includes('/api/changes')) return;
      const reading = response.text().then(
        (text) => this.#given(text),
        () => undefined, // a page that is left takes its answers along
      );
      this.#reading.add(reading);
      void reading.finally(() => this.#reading.delete(reading));
    });
  }

  static async open(context: BrowserContext, start: string, onEnd: OnEnd): Promise<Walk> {
    const { page, faults } = await watchedPage(context, onEnd);
    const walk = new Walk(page, faults, await inPage('injected.ts'));
    await page.goto(start);
    await page.locator('main h1').first().waitFor({ timeout: 20_000 });
    return walk;
  }

  get page(): Page {
    return this.#page;
  }

  /** A view of the one page, without a reload. */
  async visit(place: string, settleMs: number): Promise<void> {
    await follow(this.#page, place);
    await this.#page.locator('main').first().waitFor({ timeout: 20_000 });
    await this.#page.waitForTimeout(settleMs);
    await this.look(place);
  }

  /** Nothing ran, nothing was loaded, nothing was put into the page, no policy was broken. */
  async look(place: string): Promise<void> {
    this.pages += 1;
    await this.#page.evaluate(this.#injected);
    const seen: { injected: string[]; hasRun: boolean; text: string } = await this.#page.evaluate(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a program for the page, which fills the template there
      "({ injected: rmmInjected(), hasRun: 'pwned' in window, text: document.body.innerText + [...document.querySelectorAll('[title],[aria-label]')].map((one) => `${one.getAttribute('title')} ${one.getAttribute('aria-label')}`).join(' ') })",
    );
    for (const mark of marksIn(seen.text)) this.drawn.add(mark);
    if (seen.hasRun) this.faults.push(`${place}: code ran`);
    for (const element of seen.injected) this.faults.push(`${place}: ${element.slice(0, 120)}`);
    for (const fault of this.#pageFaults.splice(0)) this.faults.push(`${place}: ${fault.slice(0, 200)}`);
  }

  /** What is still on its way. */
  async settled(): Promise<void> {
    await Promise.all(this.#reading);
  }

  #given(text: string): void {
    for (const mark of marksIn(text)) this.given.add(mark);
  }
}

/** What the same texts do where a page takes them as markup, without a policy: how many ways ran or loaded something. */
export async function unguardedRuns(browser: Browser, texts: readonly string[]): Promise<number> {
  const context = await browser.newContext();
  let runs = 0;
  // Nothing leaves this machine; what tries to is counted.
  await context.route('**/*', (route) => {
    if (route.request().url().includes('evil.example')) runs += 1;
    return route.abort();
  });
  const page = await context.newPage();
  page.on('dialog', (dialog) => {
    runs += 1;
    void dialog.dismiss();
  });
  for (const text of texts) {
    await page.setContent(`<p>${text}`, { timeout: 1_000 }).catch(() => undefined); // it may have left the page
    runs += (await page.evaluate("'pwned' in window").catch(() => false)) === true ? 1 : 0;
  }
  await context.close();
  return runs;
}
