// A line of CSV after RFC 4180, as spreadsheets read it; a text that a spreadsheet would run as a formula is shielded.

/** What begins a formula in Excel, LibreOffice or Google Sheets, the wide forms of East Asia included. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;
/** One apostrophe more than it had: spreadsheets show text, and reading takes the same one away again. */
const shield = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);
export const unshield = (text: string): string => (text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text);

const quote = (text: string): string => (/[",;\r\n\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Numbers are written as they are: a minus makes no formula of them. */
export const csvLine = (cells: ReadonlyArray<string | number>): string =>
  `${cells.map((cell) => (typeof cell === 'number' ? String(cell) : quote(shield(cell)))).join(',')}\r\n`;

/** Excel takes a file for UTF-8 only with this in front. */
export const BYTE_ORDER_MARK = '\ufeff';
