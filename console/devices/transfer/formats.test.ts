// Proves that each format gives back exactly what was written, whatever the text, and that a broken file is one fault with its place.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BYTE_ORDER_MARK, csvLine } from '#shared/base/csv-line.ts';
import { MAX_IMPORT_ROWS } from '#shared/contract/import-contract.ts';
import { delimiterOf, readCsv } from './csv.ts';
import { readJson } from './json-rows.ts';
import { jsonRow } from './json-text.ts';
import { escapeIn, joinList, splitCells, splitList } from './lists.ts';
import { FileFault } from './sheet.ts';
import { readXlsx, unpackedSize, writeXlsx } from './xlsx.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const csv = (text: string) => readCsv(bytesOf(text), MAX_IMPORT_ROWS);

/** Texts that spreadsheets, parsers and XML are known to change. */
const HOSTILE = [
  '=1+1',
  '+49 30 123',
  '-5',
  '@SUM(A1)',
  '\t=1',
  "'=quoted",
  "''=twice",
  '＝wide',
  '=cmd|calc!A0',
  '"quoted"',
  'a,b;c\td',
  'line 1\nline 2',
  'line 1\r\nline 2',
  'lone \r return',
  '007',
  '123456789012345678901234567890',
  '1e5',
  '2024-01-01',
  '1/2',
  'TRUE',
  'null',
  ' both sides ',
  '_x0041_',
  '_x005F_x0041_',
  '<b>&amp;</b>',
  ']]>',
  '💥 Gerät ß',
  '\u202etxt.exe',
  'a\\;b\\\\',
  '__proto__',
  'constructor',
  'toString',
];
const cell = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 30 }));
const table = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 });
const HEADING = ['name', 'notes', 'links'];

test('CSV gives back every text, formulas and quotes and line ends included', () => {
  fc.assert(
    fc.property(table, (rows) => {
      const text = BYTE_ORDER_MARK + [HEADING, ...rows].map(csvLine).join('');
      expect(csv(text)).toEqual({ heading: HEADING, rows, firstRow: 2 });
    }),
  );
});

test.each(HOSTILE.filter((text) => /^[=+\-@\t\r＝]/.test(text)))(
  'no cell of a CSV begins as the formula %j',
  (text) => {
    expect(csvLine([text])).toMatch(/^"?'/);
  },
);

test('XLSX gives back every text as text', async () => {
  const rows = HOSTILE.map((text) => ['x', text, text]);
  const bytes = await writeXlsx('devices', HEADING, rows);
  expect(await readXlsx(bytes, MAX_IMPORT_ROWS)).toEqual({ heading: HEADING, rows, firstRow: 2 });
  const random = fc
    .sample(table, 20)
    .flat()
    .map((row) => ['x', ...row.slice(1)]);
  const back = (await readXlsx(await writeXlsx('devices', HEADING, random), MAX_IMPORT_ROWS)).rows;
  expect(back).toEqual(random);
});

test('JSON gives back every text', () => {
  fc.assert(
    fc.property(table, (rows) => {
      const lines = rows.map((row) => jsonRow('sites', HEADING, row)).join(',\n');
      expect(readJson(bytesOf(`[\n${lines}\n]\n`), MAX_IMPORT_ROWS)).toEqual({ heading: HEADING, rows, firstRow: 2 });
    }),
  );
});

test('lists inside a cell give back every entry', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc
          .string()
          .map((text) => text.trim())
          .filter((text) => text !== ''),
      ),
      (entries) => {
        expect(splitList(joinList(entries))).toEqual(entries);
        expect(splitCells(entries.map((entry) => escapeIn(entry, '|')).join('|'), '|')).toEqual(
          entries.length === 0 ? [''] : entries,
        );
      },
    ),
  );
});

test.each([
  ['name;site\r\na;b\r\n', ';'],
  ['name,site;x\n', ','],
  ['"a;b;c",d\n', ','],
  ['name\tsite\n', '\t'],
  ['name\n', ','],
])('the heading %j is parted by %j', (text, delimiter) => expect(delimiterOf(text)).toBe(delimiter));

test('a German CSV, one with a hint, one without a mark, and UTF-16 are read', () => {
  expect(csv('Name;Site\r\nGerät;Köln\r\n').rows).toEqual([['Gerät', 'Köln']]);
  expect(csv('sep=;\r\nName;Site\r\na;b\r\n')).toEqual({ heading: ['Name', 'Site'], rows: [['a', 'b']], firstRow: 3 });
  const wide = Buffer.from('\ufeffName\tSite\r\nä\tb\r\n', 'utf16le');
  expect(readCsv(wide, 10).rows).toEqual([['ä', 'b']]);
});

const faultOf = async (read: () => unknown) => {
  try {
    await read();
  } catch (error) {
    if (error instanceof FileFault) return error.fault;
    throw error;
  }
  return undefined;
};

test.each([
  ['an unclosed quote', 'name,site\na,b\nc,"d\n', { row: 3, column: 'site' }],
  ['text behind a quote', 'name,site\na,"b"c\n', { row: 2, column: 'site' }],
  ['a quote inside a cell', 'name,site\na,b"c\n', { row: 2, column: 'site' }],
])('a CSV with %s is refused at its row and column', async (_what, text, place) => {
  expect(await faultOf(() => csv(text))).toMatchObject(place);
});

test('bytes that are no UTF-8 are refused at their row', async () => {
  const bytes = Buffer.concat([bytesOf('name,site\na,b\n'), Buffer.from('K\xf6ln,c\n', 'latin1')]);
  expect(await faultOf(() => readCsv(bytes, 10))).toMatchObject({ row: 3, message: expect.stringContaining('UTF-8') });
});

test('too many rows and columns are refused before they are read', async () => {
  const rows = 'a,b\n'.repeat(MAX_IMPORT_ROWS + 2);
  expect(await faultOf(() => csv(`name,site\n${rows}`))).toMatchObject({ row: MAX_IMPORT_ROWS + 2 });
  expect(await faultOf(() => csv(`${'a,'.repeat(300)}b\n`))).toMatchObject({
    row: 1,
    message: expect.stringContaining('columns'),
  });
  const many = JSON.stringify(Array.from({ length: MAX_IMPORT_ROWS + 1 }, () => ({ name: 'a' })));
  expect(await faultOf(() => readJson(bytesOf(many), MAX_IMPORT_ROWS))).toMatchObject({ row: MAX_IMPORT_ROWS + 2 });
});

test.each([
  ['{"name":"a"}', { row: 1 }],
  ['[{"name":"a"},7]', { row: 3 }],
  ['[{"name":"a"},{"name":"b","tags":[{}]}]', { row: 3, column: 'tags' }],
  ['[{"name":"a"},{"name":"b","site":oops}]', { row: 3, column: 'site' }],
  ['[{"name":"a"', { row: 2, column: 'name' }],
  ['', { row: 1 }],
])('the JSON %s is refused at its place', async (text, place) => {
  expect(await faultOf(() => readJson(bytesOf(text), 10))).toMatchObject(place);
});

test('hostile members of JSON are columns like others, and touch no prototype', () => {
  const { heading } = readJson(bytesOf('[{"__proto__":"x","constructor":"y"}]'), 10);
  expect(heading).toEqual(['__proto__', 'constructor']);
  expect(({} as Record<string, unknown>)['x']).toBeUndefined();
});

test.each(['', 'PK', 'PK\u0003\u0004 no archive', '\0'.repeat(30)])('%j is no XLSX', async (text) => {
  expect(await faultOf(() => readXlsx(bytesOf(text), 10))).toMatchObject({ message: 'this is no XLSX file' });
});

test('a real archive cut anywhere is refused and never crashes', async () => {
  const bytes = await writeXlsx('devices', HEADING, [['a', 'b', 'c']]);
  for (let length = 0; length < bytes.length; length += 97)
    expect(await faultOf(() => readXlsx(bytes.subarray(0, length), 10))).toBeDefined();
});

test('an archive that promises to unpack to gigabytes is refused before it is unpacked', async () => {
  const bytes = Buffer.from(await writeXlsx('devices', HEADING, [['a', 'b', 'c']]));
  const entry = bytes.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  bytes.writeUInt32LE(3_000_000_000, entry + 24);
  expect(unpackedSize(bytes)).toBeGreaterThan(3_000_000_000);
  expect(await faultOf(() => readXlsx(bytes, 10))).toMatchObject({ message: expect.stringContaining('unpacks') });
});

test('an archive with a second directory, of which the first says nothing, is refused before it is unpacked', async () => {
  const plain = Buffer.from(await writeXlsx('devices', HEADING, [['a', 'b', 'c']]));
  const end = plain.length - 22;
  const bytes = (change: (archive: Buffer) => void) => {
    const archive = Buffer.concat([plain]);
    change(archive);
    return archive;
  };
  const counts = bytes((archive) => archive.writeUInt16LE(0, end + 10));
  const marker = Buffer.alloc(20);
  marker.writeUInt32LE(0x07064b50, 0);
  const wide = Buffer.concat([plain.subarray(0, end), marker, plain.subarray(end)]);
  for (const archive of [counts, wide])
    expect(await faultOf(() => unpackedSize(archive))).toMatchObject({ message: 'this is no XLSX file' });
});

test('the place of a fault in a text that never closes is found in one pass', async () => {
  const ends = ['', '\\'];
  for (const end of ends) {
    const text = `[{"a":"${'\\"'.repeat(60_000)}${end}`;
    const began = performance.now();
    expect(await faultOf(() => readJson(bytesOf(text), 10))).toMatchObject({ row: 2 });
    // Read anew from each quotation mark it would take many seconds; once takes milliseconds.
    expect(performance.now() - began).toBeLessThan(1_500);
  }
});
