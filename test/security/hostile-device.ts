// Ten thousand hostile texts through every field of devices, relays, imports and people into a real browser: none runs, loads or hides.
import path from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { buildWebIfChanged } from '#console/cli/up/web-build.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { SiteId } from '#shared/base/id.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { type Estate, startEstate } from '#test/e2e/composed-site.ts';
import { HOSTILE_MANY, MANY } from '#test/fixtures/hostile-many.ts';
import { openBrowser } from '#test/web/browser.ts';
import { fillHostile, type HostileText, hostileDevice } from '#test/web/hostile-estate.ts';
import { signedInCookie } from './csrf.ts';
import { Ending } from './ending.ts';
import { fillByPeople, planImport } from './hostile-people.ts';
import { unguardedRuns, Walk } from './hostile-walk.ts';
import type { Attack } from './security.ts';

/** What a list of a thousand is scrolled by, until its end. */
const SCROLL_STEPS = { full: 400, quick: 1 };
const PLACES = ['/sites', '/customers', '/groups', '/tags', '/relays', '/people', '/audit', '/profile', '/approvals'];
const TABS = ['software', 'services', 'disks', 'network', 'users', 'hardware', 'timeline', 'overview', 'notes'];
const SETTLE_MS = { full: 350, quick: 120 };
/** Each shows what the others show: a few hundred take all texts that the lists do not. */
const DEVICES = 250;
const WORDS = ['script', 'onerror', 'javascript', 'constructor', 'srv-'];

/** A prime that does not divide their number: all in turn, neighbours far apart, as those of one kind stand together. */
const STRIDE = 7_919;

/** Each place takes the next texts of the ten thousand, so that together they take them all. */
function inTurn(): { textOf: HostileText; next: () => string } {
  let at = 0;
  const next = () => {
    at += 1;
    return HOSTILE_MANY[(at * STRIDE) % MANY] ?? '';
  };
  return { textOf: () => next(), next };
}

async function openContext(
  estate: Estate,
  ending: Ending,
  isQuick: boolean,
): Promise<{ context: BrowserContext; runs: number }> {
  const browser = await openBrowser();
  ending.add(() => browser.close());
  // A few out of all: among them the common ways to write markup.
  const runs = await unguardedRuns(
    browser,
    HOSTILE_MANY.filter((_text, n) => n % (isQuick ? 1_600 : 400) === 0),
  );
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const cookie = await signedInCookie(estate);
  await context.addCookies([{ name: 'rmm', value: cookie, url: estate.url, httpOnly: true, sameSite: 'Strict' }]);
  return { context, runs };
}

async function walkFleet(walk: Walk, steps: number): Promise<void> {
  await walk.visit('/fleet?sort=name', 1_000);
  const rows = walk.page.locator('[data-row]');
  await rows.first().waitFor({ timeout: 20_000 });
  let former = '';
  for (let step = 0; step < steps; step += 1) {
    const last = (await rows.last().getAttribute('data-row')) ?? '';
    if (last === former) return;
    former = last;
    await rows.last().scrollIntoViewIfNeeded();
    await walk.page.waitForTimeout(40);
    await walk.look(`/fleet at ${last}`);
  }
}

async function walkAll(walk: Walk, isQuick: boolean, planned: string | undefined): Promise<void> {
  const settleMs = isQuick ? SETTLE_MS.quick : SETTLE_MS.full;
  await walkFleet(walk, isQuick ? SCROLL_STEPS.quick : SCROLL_STEPS.full);
  const places = planned === undefined ? PLACES : [...PLACES, `/import?id=${planned}`];
  for (const place of isQuick ? places.slice(0, 2) : places) await walk.visit(place, settleMs);
  const devices = isQuick ? [0] : Array.from({ length: DEVICES }, (_, n) => n);
  for (const n of devices)
    for (const tab of n === 0 && !isQuick ? TABS : TABS.slice(0, n === 0 ? 2 : 0).concat(n === 0 ? [] : ['hardware']))
      await walk.visit(`/devices/${hostileDevice(n)}?tab=${tab}`, n === 0 ? settleMs : 60);
  await walk.visit('/', settleMs);
  for (const word of isQuick ? WORDS.slice(0, 1) : WORDS) {
    await walk.page.keyboard.press('Control+k');
    await walk.page.keyboard.type(word);
    await walk.page.waitForTimeout(settleMs);
    await walk.look(`the search for ${word}`);
    await walk.page.keyboard.press('Escape');
    await walk.page.keyboard.press('Escape');
  }
  await walk.settled();
}

/** A page of ours takes no text as markup: the browser itself refuses. */
const REFUSES_MARKUP = `(() => { try { document.createElement('p').innerHTML = '<b>x</b>'; return 0 } catch { return 1 } })()`;

export const attackHostileDevice: Attack = async ({ isQuick, say }) => {
  const begin = systemClock.monotonic();
  await using ending = new Ending();
  // A console finds its web beside its program; this one's program is a command.
  await buildWebIfChanged(PROJECT);
  process.argv[1] = path.join(PROJECT, 'rmm.ts');
  const { textOf, next } = inTurn();
  const estate = await startEstate([], ending.add, (data) => fillHostile(data, systemClock.now(), textOf));
  const people = await fillByPeople(estate.api, next, isQuick ? 3 : 60);
  const [place] = (await estate.api.sites.list({})).items;
  const planned =
    place === undefined ? undefined : await planImport(estate.api, place.id as SiteId, next, isQuick ? 20 : 400);
  say(`people filled ${people.taken} places, and were refused ${people.refused}`);
  const { context, runs } = await openContext(estate, ending, isQuick);
  const walk = await Walk.open(context, estate.url, ending.add);
  await walkAll(walk, isQuick, planned);
  for (const fault of walk.faults.slice(0, 20)) say(fault);
  const refusesMarkup: number = await walk.page.evaluate(REFUSES_MARKUP);
  const figures = {
    ...{ texts: MANY, given: walk.given.size, drawn: walk.drawn.size, pages: walk.pages, byPeople: people.taken },
    ...{ faults: walk.faults.length, refusesMarkup, unguarded: runs },
  };
  return { name: 'security hostile-device', figures, durationMs: systemClock.monotonic() - begin };
};
