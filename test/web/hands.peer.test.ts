// That the hands on the keys notice what they are there for: a pointer, a lost focus, a focus nobody sees, a way that leads nowhere.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { Hands } from './keyboard.ts';

const ADDRESS = 'http://hands.example/';
const PAGE = `<!doctype html><html lang="en"><title>Faulty</title><style>#bare:focus { outline: none }</style>
<main><button>Sound</button><button id="bare">Bare</button>
<div style="position: relative"><button>Covered</button><div style="position: absolute; inset: 0; background: white"></div></div>
<button onclick="this.remove()">Fleeting</button></main></html>`;

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

async function handsOnPage(): Promise<Hands> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  const hands = await Hands.on(page);
  await page.route(ADDRESS, (route) => route.fulfill({ contentType: 'text/html', body: PAGE }));
  await page.goto(ADDRESS);
  return hands;
}

test('a focus without a ring and one that is covered are told, a sound one is not', async () => {
  const hands = await handsOnPage();
  await hands.tabTo('Sound', { max: 1 });
  await hands.tabTo('Fleeting', { max: 3 });
  expect(hands.faults).toEqual([
    '/: nothing shows the focus on button "Bare"',
    '/: the focus is out of sight on button "Covered"',
  ]);
});

test('a focus that falls to nowhere is told', async () => {
  const hands = await handsOnPage();
  await hands.tabTo('Fleeting');
  hands.faults.length = 0;
  await hands.press('Enter');
  await expect.poll(() => hands.faults).toEqual(['/: the focus was lost after button "Fleeting"']);
});

test('a pointer is told, and the click that a key makes is not', async () => {
  const hands = await handsOnPage();
  await hands.tabTo('Sound');
  await hands.press('Enter Space');
  expect(hands.faults).toEqual([]);
  await hands.page.getByRole('button', { name: 'Sound' }).click();
  await expect
    .poll(() => hands.faults)
    .toEqual(['pointerdown on button "Sound"', 'mousedown on button "Sound"', 'click on button "Sound"']);
});

test('a way by Tab that leads nowhere fails and says what it passed', async () => {
  const hands = await handsOnPage();
  await expect(hands.tabTo('Nothing', { max: 2 })).rejects.toThrow(/within 2 stops.*\n.*"Sound"\n.*"Bare"/);
});
