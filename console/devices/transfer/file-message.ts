// What the console and its file process say to each other: a file or rows one way, rows or a file the other.
import type { FileFormat, ImportFault } from '#shared/contract/import-contract.ts';
import type { Cell } from './sheet.ts';

export type FileOrder =
  | { do: 'read'; format: FileFormat; maxRows: number; bytes: Uint8Array }
  | { do: 'write'; sheet: string; heading: string[] }
  | { do: 'rows'; rows: string[][] }
  | { do: 'end' };

export type FileAnswer =
  | { is: 'heading'; heading: string[]; firstRow: number }
  | { is: 'rows'; rows: Cell[][] }
  | { is: 'end' }
  | { is: 'file'; bytes: Uint8Array }
  | { is: 'fault'; fault: ImportFault };

/** One message of so many rows is read within a few milliseconds. */
export const ROWS_AT_ONCE = 250;
