// Debian's Chromium as its headless shell, driven by playwright-core, in a profile of its own that is gone afterwards.
import { type Browser, chromium } from 'playwright-core';

/** The same engine without the browser's own windows and menus: a page costs it 0.6 of the processor. Another Chromium is taken by its path. */
const CHROMIUM = process.env['RMM_CHROMIUM'] ?? '/usr/bin/chromium-headless-shell';

// Nothing but the page under test may speak to a network, and no part of the browser may update itself.
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** playwright gives each browser it starts a fresh user-data-dir and removes it at the end. */
export const openBrowser = (more: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, headless: true, args: [...FLAGS, ...more] });
