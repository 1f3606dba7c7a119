// One line of the palette: what it says, and what Enter does.
import type { ReactNode } from 'react';

export interface PaletteEntry {
  key: string;
  text: string;
  /** Said quieter, beside the text. */
  hint?: string;
  /** At the end of the line: keys, a kind. */
  note?: string;
  mark: ReactNode;
  /** True keeps the palette open. */
  run: () => unknown;
}

export interface PalettePart {
  title: string;
  entries: readonly PaletteEntry[];
}
