// Debian's Chromium, driven by playwright-core, in a profile of its own that is gone afterwards.
import { type Browser, chromium } from 'playwright-core';

const CHROMIUM = process.env['RMM_CHROMIUM'] ?? '/usr/bin/chromium';

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
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
