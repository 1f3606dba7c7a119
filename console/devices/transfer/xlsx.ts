// XLSX: text cells only, never a formula; an archive that would unpack to more than it may is refused before it is unpacked.
import { readSheet } from 'read-excel-file/universal';
import writeXlsxFile from 'write-excel-file/node';
import { type Cell, checkSize, FileFault, type Sheet } from './sheet.ts';

/** 10,000 rows with long notes unpack to some 40 MB; twenty times their archive is usual, a thousand times is an attack. */
const MAX_UNPACKED = 128 * 1024 * 1024;
const MAX_ENTRIES = 1_000;

const DIRECTORY_END = 0x06054b50;
const WIDE_DIRECTORY = 0x07064b50;
const DIRECTORY_ENTRY = 0x02014b50;

/** Bytes that the archive's directory promises: the unpacker makes room for exactly as many, and writes no further. */
export function unpackedSize(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = directoryEnd(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  // Of an archive that says two things of itself, the unpacker may believe the other one.
  const isOne = view.getUint16(end + 8, true) === count && !hasWideDirectory(view, end);
  if (!isOne || count > MAX_ENTRIES) throw noXlsx();
  let size = 0;
  for (let entry = 0; entry < count; entry += 1) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== DIRECTORY_ENTRY) throw noXlsx();
    const entrySize = view.getUint32(at + 24, true);
    // The mark of an archive of more than 4 GB.
    if (entrySize === 0xffffffff) return Number.POSITIVE_INFINITY;
    size += entrySize;
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return size;
}

/** The mark of a second directory, for archives of more than 4 GB, stands right before the end of the first. */
const hasWideDirectory = (view: DataView, end: number): boolean =>
  end >= 20 && view.getUint32(end - 20, true) === WIDE_DIRECTORY;

const noXlsx = () => new FileFault('this is no XLSX file');

function directoryEnd(view: DataView): number {
  // The last 22 bytes, before which a comment of at most 64 KiB may stand.
  for (let at = view.byteLength - 22; at >= 0 && at >= view.byteLength - 65_600; at -= 1)
    if (view.getUint32(at, true) === DIRECTORY_END) return at;
  throw noXlsx();
}

const FIRST_ROW = 2;

/** The first sheet. Throws FileFault. */
export async function readXlsx(bytes: Uint8Array, maxRows: number): Promise<Sheet> {
  const size = unpackedSize(bytes);
  if (size > MAX_UNPACKED)
    throw new FileFault(`the file unpacks to more than ${MAX_UNPACKED / 1024 / 1024} MiB: import it in parts`);
  const [heading = [], ...rows] = await sheetOf(bytes);
  checkSize(heading, rows.length, maxRows, FIRST_ROW);
  return { heading: heading.map(textOf), rows: rows.map((row): Cell[] => row.map(textOf)), firstRow: FIRST_ROW };
}

async function sheetOf(bytes: Uint8Array): Promise<ReadonlyArray<readonly unknown[]>> {
  try {
    // Numbers stay the text that the file holds: an address or a serial number is no number.
    return await readSheet(new Uint8Array(bytes).buffer, { trim: false, parseNumber: (text: string) => text });
  } catch (cause) {
    if (cause instanceof RangeError) throw new FileFault('the file is too large to be read: import it in parts');
    throw noXlsx();
  }
}

function textOf(cell: unknown): string {
  if (typeof cell === 'string') return cell;
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '' : cell.toISOString();
  return String(cell);
}

/** What XML cannot hold, and what would be read as such an escape: "_x0041_" is "A" to a spreadsheet. */
const ESCAPED = /_(?=x[0-9A-Fa-f]{4}_)|(?![\n\t])[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/gu;
const escapeSign = (sign: string): string =>
  Array.from({ length: sign.length }, (_, at) => sign.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0'))
    .map((code) => `_x${code}_`)
    .join('');

function escapeCell(text: string): string {
  // The writer looks texts up in a plain object, where these names are something else already.
  if (text in Object.prototype) return escapeSign(text.slice(0, 1)) + text.slice(1);
  return text.replaceAll(ESCAPED, escapeSign);
}

/** As many signs as a cell of a spreadsheet holds. */
const MAX_CELL = 32_767;

export async function writeXlsx(sheet: string, heading: readonly string[], rows: ReadonlyArray<readonly string[]>) {
  const text = (value: string) =>
    value === '' ? null : { value: escapeCell(value).slice(0, MAX_CELL), type: String as StringConstructor };
  const head = heading.map((value) => ({ value, type: String, fontWeight: 'bold' as const }));
  const columns = heading.map(() => ({ width: 22 }));
  const file = await writeXlsxFile([head, ...rows.map((row) => row.map(text))], {
    sheet,
    columns,
    stickyRowsCount: 1,
  });
  return file.toBuffer();
}
