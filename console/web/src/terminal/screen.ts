// The screen of a terminal, by xterm: drawn as plain elements within the policy of pages, with nothing in it that a device could make happen.
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import type { WindowSize } from '#shared/model/session.ts';
import { type PageKey, pageKey } from './keys.ts';
import { styleElements } from './styled-elements.ts';
import '@xterm/xterm/css/xterm.css';

/** Lines above the screen: an hour of a log; some megabytes of memory at most. */
const SCROLLBACK = 5_000;
/** Bytes that wait to be drawn before more is asked for: some screens full, a part of the line's window. */
const MAX_WAITING = 64 * 1024;

export interface ScreenOptions {
  /** Where it is drawn; it fills it. */
  place: HTMLElement;
  label: string;
  isReadAloud: boolean;
  onType: (bytes: Uint8Array) => void;
  onResize: (size: WindowSize) => void;
  onKey: (key: PageKey) => void;
}

export class Screen {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #watch: ResizeObserver;
  readonly #unstyle = styleElements();
  #waiting = 0;

  constructor({ place, label, isReadAloud, onType, onResize, onKey }: ScreenOptions) {
    this.#terminal = new Terminal({
      ...lookOf(place),
      scrollback: SCROLLBACK,
      cursorBlink: false,
      screenReaderMode: isReadAloud,
      // Programs choose their colours for a black screen; here they can be read on any.
      minimumContrastRatio: 4.5,
      // A device's text leads nowhere.
      linkHandler: { activate: () => undefined },
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.open(place);
    this.#terminal.textarea?.setAttribute('aria-label', label);
    this.#fit.fit();
    const bytes = new TextEncoder();
    this.#terminal.onData((text) => onType(bytes.encode(text)));
    // What is no text: reports of the mouse in the old form, a byte a character.
    this.#terminal.onBinary((text) => onType(Uint8Array.from(text, (one) => one.charCodeAt(0))));
    this.#terminal.onResize(({ cols, rows }) => onResize({ cols, rows }));
    this.#terminal.attachCustomKeyEventHandler((event) => {
      const key = pageKey(event, this.#terminal.hasSelection());
      if (key === undefined) return true;
      // A paste comes by itself; the others are no longer the browser's.
      if (key !== 'paste') event.preventDefault();
      if (event.type === 'keydown') onKey(key);
      return false;
    });
    this.#watch = new ResizeObserver(() => this.#fit.fit());
    this.#watch.observe(place);
  }

  get size(): WindowSize {
    return { cols: this.#terminal.cols, rows: this.#terminal.rows };
  }

  get selected(): string {
    return this.#terminal.getSelection();
  }

  get hasApplicationKeys(): boolean {
    return this.#terminal.modes.applicationCursorKeysMode;
  }

  /** Resolves at once while little waits to be drawn, and else when it is drawn. */
  show(bytes: Uint8Array): void | Promise<void> {
    this.#waiting += bytes.length;
    const drawn = new Promise<void>((resolve) => {
      this.#terminal.write(bytes, () => {
        this.#waiting -= bytes.length;
        resolve();
      });
    });
    return this.#waiting > MAX_WAITING ? drawn : undefined;
  }

  /** A line of the page's own, apart from what the device says. */
  note(text: string): void {
    this.#terminal.write(`\r\n\u001b[0;7m ${text} \u001b[0m\r\n`);
  }

  paste(text: string): void {
    this.#terminal.paste(text);
  }

  type(text: string): void {
    this.#terminal.input(text);
  }

  unselect(): void {
    this.#terminal.clearSelection();
  }

  focus(): void {
    this.#terminal.focus();
  }

  readAloud(isOn: boolean): void {
    this.#terminal.options.screenReaderMode = isOn;
  }

  /** After the page's colours have changed. */
  recolour(): void {
    const place = this.#terminal.element?.parentElement;
    if (place != null) this.#terminal.options.theme = lookOf(place).theme;
  }

  close(): void {
    this.#watch.disconnect();
    this.#terminal.dispose();
    this.#unstyle();
  }
}

/** Of the page's own tokens. */
function lookOf(place: HTMLElement) {
  const { color, backgroundColor, fontFamily, fontSize } = getComputedStyle(place);
  const [foreground, background] = [hexOf(color), hexOf(backgroundColor)];
  return {
    fontFamily,
    fontSize: Number.parseFloat(fontSize),
    theme: {
      ...{ foreground, background, cursor: foreground, cursorAccent: background },
      ...{ selectionBackground: `${foreground}40`, selectionInactiveBackground: `${foreground}26` },
    },
  };
}

/** The library reads few notations of a colour; a canvas knows all that the page's styles do. */
function hexOf(colour: string): string {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (context === null) return '#000000';
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
