// The laws of every page, looked up in the page as it stands: nothing sticks out, nothing is cut without a way to read it, no two controls lie on each other, nothing jumps.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { transformWithOxc } from 'vite';
import { PROJECT } from '#test/architecture/source-files.ts';

export interface Broken {
  /** Pixels by which the page is wider than its window. */
  overflow: number;
  /** Texts that are cut, with no title, no scrolling and no name that tells the rest. */
  clipped: string[];
  /** Pairs of controls that cover each other. */
  overlapping: string[];
  /** Controls smaller than a pointer needs and too near to others: 24 px each way or around (WCAG 2.2, 2.5.8), those of sentences left out. */
  small: string[];
}

export const NOTHING_BROKEN: Broken = { overflow: 0, clipped: [], overlapping: [], small: [] };

/** A script of the folder in-page, without its types, in a scope of its own. */
export async function inPage(name: string): Promise<string> {
  const file = path.join(PROJECT, 'test/web/in-page', name);
  const { code } = await transformWithOxc(readFileSync(file, 'utf8'), file);
  return `(() => {${code}})()`;
}

export async function brokenLaws(page: Page): Promise<Broken> {
  await page.evaluate(await inPage('laws.ts'));
  return page.evaluate('rmmInspect()');
}

/** Counts what moves by itself from the next page on. */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript({ content: await inPage('shifts.ts') });
}

/** The sum of what moved since the page was opened, and what moved. */
export const shiftsOf = (page: Page): Promise<{ total: number; what: string[] }> => page.evaluate('rmmShifts');
