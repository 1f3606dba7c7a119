// Two hands on the keys of a real browser: they press, look where the focus is, and walk as a person would; no pointer anywhere.
import type { CDPSession, Page } from 'playwright-core';
import { expect } from 'vitest';
import { inPage } from './page-laws.ts';
import { axeViolations, SCHEMES } from './signed-in-page.ts';

/** What has the focus, as a screen reader says it. */
export interface Focus {
  role: string;
  name: string;
}

type Name = string | RegExp;

interface Way {
  /** Shift-Tab. */
  isBack?: boolean;
  /** How many stops a person puts up with. */
  max?: number;
}

/** More than this on the way to one control is a page one does not use by keys. */
const MAX_STOPS = 60;
/** Pages come from a machine that does other work too. */
const LAND_MS = 20_000;

const textOf = ({ role, name }: Focus): string => `${role} "${name}"`;
const isMeant = (focus: Focus, name: Name): boolean =>
  typeof name === 'string' ? focus.name === name : name.test(textOf(focus));

export class Hands {
  readonly page: Page;
  /** A pointer, a lost focus, a focus nobody sees. */
  readonly faults: string[] = [];
  readonly #devtools: CDPSession;
  #presses = 0;

  /** Before the page is opened. */
  static async on(page: Page): Promise<Hands> {
    const hands = new Hands(page, await page.context().newCDPSession(page));
    await page.exposeFunction('rmmTell', (fault: string) => void hands.faults.push(fault));
    await page.addInitScript({ content: await inPage('focus.ts') });
    // What fades is not there yet when one looks.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    return hands;
  }

  private constructor(page: Page, devtools: CDPSession) {
    this.page = page;
    this.#devtools = devtools;
  }

  get presses(): number {
    return this.#presses;
  }

  /** One after the other: "g f", "Control+k", "ArrowDown ArrowDown Enter". */
  async press(keys: string): Promise<void> {
    for (const key of keys.split(' ')) {
      await this.page.keyboard.press(key);
      this.#presses += 1;
    }
  }

  async space(): Promise<void> {
    await this.press('Space');
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
    this.#presses += text.length;
  }

  /** Over what a field holds already. */
  async retype(text: string): Promise<void> {
    await this.press('Control+a');
    await this.type(text);
  }

  /** What has the focus now; notes what a person could not see of it. */
  async focus(): Promise<Focus> {
    this.faults.push(...(await this.page.evaluate<string[]>('rmmLook()')));
    return this.#read();
  }

  /** Presses Tab until the focus is there. */
  async tabTo(name: Name, { isBack = false, max = MAX_STOPS }: Way = {}): Promise<void> {
    const passed: string[] = [];
    for (let stop = 0; stop < max; stop += 1) {
      await this.press(isBack ? 'Shift+Tab' : 'Tab');
      const focus = await this.focus();
      if (isMeant(focus, name)) return;
      passed.push(textOf(focus));
    }
    expect.fail(`Tab does not lead to ${name} within ${max} stops; it passed:\n${passed.join('\n')}`);
  }

  /** Waits until the focus is there by itself: after a dialog, a removal, a new page. */
  async lands(name: Name): Promise<void> {
    await expect
      .poll(async () => isMeant(await this.#read(), name) || textOf(await this.#read()), { timeout: LAND_MS })
      .toBe(true);
    await this.focus();
  }

  /** Walks a menu, a list of options or radio buttons until one of this name has the focus. */
  async arrowTo(name: Name, key = 'ArrowDown'): Promise<void> {
    const passed = [textOf(await this.focus())];
    for (let stop = 0; stop < MAX_STOPS && !isMeant(await this.focus(), name); stop += 1) {
      await this.press(key);
      passed.push(textOf(await this.#read()));
    }
    if (!isMeant(await this.focus(), name)) expect.fail(`${key} does not lead to ${name}:\n${passed.join('\n')}`);
  }

  /** Rules of access in both themes, for what lies on top or for the whole page. */
  async check(what: string, within?: string): Promise<void> {
    for (const colorScheme of SCHEMES) {
      await this.page.emulateMedia({ colorScheme });
      expect(await axeViolations(this.page, within), `${what}, ${colorScheme}`).toEqual([]);
    }
    await this.page.emulateMedia({ colorScheme: 'light' });
  }

  async #read(): Promise<Focus> {
    const { result } = await this.#devtools.send('Runtime.evaluate', { expression: 'document.activeElement' });
    if (result.objectId === undefined) return { role: 'nothing', name: '' };
    const { objectId } = result;
    try {
      const tree = await this.#devtools.send('Accessibility.getPartialAXTree', { objectId, fetchRelatives: false });
      const [node] = tree.nodes;
      return { role: String(node?.role?.value ?? ''), name: String(node?.name?.value ?? '') };
    } catch {
      // It was taken off the page between the two questions.
      return { role: 'nothing', name: '' };
    } finally {
      await this.#devtools.send('Runtime.releaseObject', { objectId });
    }
  }
}
