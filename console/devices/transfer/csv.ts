// CSV after RFC 4180, as spreadsheets write and read it; a text that a spreadsheet would run as a formula is shielded, and read back as it was.
import { CsvError, parse } from 'csv-parse/sync';
import { unshield } from '#shared/base/csv-line.ts';
import { checkSize, FileFault, MAX_COLUMNS, type Sheet } from './sheet.ts';

/** The heading decides: whichever of them stands there most often, outside quotes. */
export function delimiterOf(text: string): string {
  const counts = new Map([',', ';', '\t'].map((sign) => [sign, 0]));
  let isQuoted = false;
  for (const sign of text.slice(0, 20_000)) {
    if (sign === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (sign === '\n' || sign === '\r')) break;
    else if (!isQuoted && counts.has(sign)) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  }
  return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}

/** Throws FileFault. */
export function readCsv(bytes: Uint8Array, maxRows: number): Sheet {
  const whole = decodeText(bytes);
  // Excel's own hint, which it writes as a line before the heading.
  const hint = /^sep=(.)\r?\n/.exec(whole);
  const text = hint === null ? whole : whole.slice(hint[0].length);
  const before = hint === null ? 0 : 1;
  const [heading = [], ...rows] = records(text, hint?.[1] ?? delimiterOf(text), maxRows, before);
  checkSize(heading, rows.length, maxRows, before + 2);
  return { heading, rows: rows.map((row) => row.map(unshield)), firstRow: before + 2 };
}

/** The longest line: a heading's worth of columns with notes of 10,000 signs. */
const MAX_RECORD = 1_000_000;

function records(text: string, delimiter: string, maxRows: number, before: number): string[][] {
  try {
    // Two more than may be, so that "too many" is seen and nothing beyond it is held.
    return parse(text, { delimiter, relaxColumnCount: true, maxRecordSize: MAX_RECORD, to: maxRows + 2 });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const row = Number(error['records'] ?? 0) + 1 + before;
    const at = Number(error['index'] ?? Number.NaN);
    throw new FileFault(textOf(error.code), row, Number.isNaN(at) ? null : columnAt(text, delimiter, at));
  }
}

function textOf(code: string): string {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quotation mark is opened and never closed';
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'after a closing quotation mark comes something else than the next cell';
    case 'INVALID_OPENING_QUOTE':
      return 'a quotation mark stands inside a cell that does not begin with one';
    case 'CSV_MAX_RECORD_SIZE':
      return `a row is longer than ${MAX_RECORD} characters`;
    default:
      return `this is no CSV (${code.toLowerCase().replaceAll('_', ' ')})`;
  }
}

/** The heading of the column at this place, as far as there is one. */
function columnAt(text: string, delimiter: string, at: number): string | null {
  const [line = ''] = text.split(/\r?\n/, 1);
  return line.split(delimiter).slice(0, MAX_COLUMNS)[at]?.replaceAll('"', '').trim() ?? null;
}

/** UTF-8, or UTF-16 where its mark stands in front, as Excel's "Unicode text" has it. */
export function decodeText(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  try {
    return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    const what = isUtf16 ? 'UTF-16' : 'UTF-8: save the file as "CSV UTF-8"';
    throw new FileFault(`the text is no ${what}`, isUtf16 ? 1 : badLine(bytes));
  }
}

const NEW_LINE = 10;

/** The first line that is no UTF-8, counted from 1. */
function badLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let from = 0, line = 1; from <= bytes.length; line += 1) {
    const end = bytes.indexOf(NEW_LINE, from);
    const to = end < 0 ? bytes.length : end;
    try {
      decoder.decode(bytes.subarray(from, to));
    } catch {
      return line;
    }
    from = to + 1;
  }
  return 1;
}
