// The terminal as rows of text: only rows that changed are written, so that a slow line carries little.

export interface Size {
  columns: number;
  rows: number;
}

/** The alternate screen, so that what was there comes back; no cursor while lists are shown. */
const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[0m\u001b[?25h\u001b[?1049l';
const REST_OF_LINE = '\u001b[0m\u001b[K';

export class Screen {
  readonly #write: (text: string) => void;
  #shown: readonly string[] = [];

  constructor(deps: { write: (text: string) => void }) {
    this.#write = deps.write;
  }

  enter(): void {
    this.#write(ENTER);
    this.forget();
  }

  leave(): void {
    this.#write(LEAVE);
  }

  /** What is on the terminal is unknown: it was resized, or something else wrote on it. */
  forget(): void {
    this.#shown = [];
    this.#write('\u001b[2J');
  }

  /** Rows from the top; their text may hold colours and is no wider than the terminal. */
  draw(rows: readonly string[]): void {
    const parts: string[] = [];
    rows.forEach((row, index) => {
      if (row !== this.#shown[index]) parts.push(`\u001b[${index + 1};1H${row}${REST_OF_LINE}`);
    });
    for (let index = rows.length; index < this.#shown.length; index += 1)
      parts.push(`\u001b[${index + 1};1H${REST_OF_LINE}`);
    this.#shown = rows;
    if (parts.length > 0) this.#write(parts.join(''));
  }
}
