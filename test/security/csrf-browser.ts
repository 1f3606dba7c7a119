// A page of elsewhere in a real browser whose person is signed in: everything a page can send without asking, and what it gets to read.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OnEnd } from '#test/fixtures/console-kit.ts';
import { openBrowser } from '#test/web/browser.ts';
import { inPage } from '#test/web/page-laws.ts';

/** Serves an empty page on every address of loopback; its host decides whether it is another site or only another port. */
async function foreignPort(onEnd: OnEnd): Promise<number> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>elsewhere</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port; // a TCP server that listens
}

/** What the same person's own page does. */
const OWN_CHANGE = `fetch('/api/customers', { method: 'POST', headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ name: 'own page' }) }).then((answer) => answer.ok)`;

export interface BrowserFindings {
  /** Things a foreign page could read. */
  read: string[];
  /** 1 when the same person's own page makes the change. */
  ownPage: number;
}

/** `cookie` is the value of the session's; the console's plain port is asked as localhost. */
export async function attackInBrowser(url: string, cookie: string, onEnd: OnEnd): Promise<BrowserFindings> {
  const port = await foreignPort(onEnd);
  const browser = await openBrowser();
  onEnd(() => browser.close());
  const context = await browser.newContext();
  await context.addCookies([{ name: 'rmm', value: cookie, url, httpOnly: true, sameSite: 'Strict' }]);
  const page = await context.newPage();
  const code = await inPage('forge-changes.ts');
  const read: string[] = [];
  // Another site, and another port of the same one, to which the browser gives the cookie.
  for (const host of ['127.0.0.1', 'localhost']) {
    await page.goto(`http://${host}:${port}/`);
    await page.evaluate(code);
    const found: string[] = await page.evaluate(`rmmAttack(${JSON.stringify(new URL(url).origin)})`);
    read.push(...found);
  }
  await page.goto(url);
  const isDone: boolean = await page.evaluate(OWN_CHANGE);
  const ownPage = isDone ? 1 : 0;
  return { read, ownPage };
}
