// A file as rows of text, whatever its format, and the one clear fault of a file that cannot be read.
import type { ImportFault } from '#shared/contract/import-contract.ts';

/** Undefined: the row says nothing about that column, which only JSON can. */
export type Cell = string | undefined;

export interface Sheet {
  heading: string[];
  rows: Cell[][];
  /** The row of `rows[0]` as a spreadsheet counts. */
  firstRow: number;
}

/** What people lay out by hand has twenty columns; a thousand are a mistake or an attack. */
export const MAX_COLUMNS = 200;

/** Thrown by readers alone; it becomes the one fault of its import. */
export class FileFault extends Error {
  readonly fault: ImportFault;

  constructor(message: string, row = 1, column: string | null = null) {
    super(message);
    this.name = 'FileFault';
    this.fault = { row, column, message };
  }
}

/** Refuses what is too large for an import, by the first row or column that is too many. */
export function checkSize(heading: readonly unknown[], rows: number, maxRows: number, firstRow: number): void {
  if (heading.length > MAX_COLUMNS)
    throw new FileFault(`the file has ${heading.length} columns, at most ${MAX_COLUMNS}`);
  if (rows > maxRows)
    throw new FileFault(
      `the file has more than ${maxRows.toLocaleString('en')} rows: import it in parts`,
      firstRow + maxRows,
    );
}
