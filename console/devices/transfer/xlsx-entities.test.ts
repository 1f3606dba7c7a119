// A spreadsheet is an archive of XML: what that XML declares of itself opens no file and grows to no size.
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { readXlsx } from './xlsx.ts';

const u16 = (value: number) => Buffer.from([value & 0xff, value >> 8]);
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

/** An archive whose parts are stored as they are. */
function archiveOf(parts: Readonly<Record<string, string>>): Uint8Array {
  const bodies: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(parts)) {
    const data = Buffer.from(text);
    const path = Buffer.from(name);
    const about = Buffer.concat([
      ...[20, 0, 0, 0, 0].map(u16),
      ...[crc32(data), data.length, data.length].map(u32),
      ...[path.length, 0].map(u16),
    ]);
    const body = Buffer.concat([u32(0x04034b50), about, path, data]);
    entries.push(Buffer.concat([u32(0x02014b50), u16(20), about, ...[0, 0, 0].map(u16), u32(0), u32(at), path]));
    bodies.push(body);
    at += body.length;
  }
  const directory = Buffer.concat(entries);
  const count = entries.length;
  const end = [u32(0x06054b50), ...[0, 0, count, count].map(u16), u32(directory.length), u32(at), u16(0)];
  return Buffer.concat([...bodies, directory, ...end]);
}

const XMLNS = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const RELATED = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** A workbook of one sheet, whose first cell is `cell`, below a declaration of our choice. */
const workbook = (declaration: string, cell: string) =>
  archiveOf({
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels': `<Relationships xmlns="${RELATED}"><Relationship Id="r1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${XMLNS}" xmlns:r="${OFFICE}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${RELATED}"><Relationship Id="r1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<?xml version="1.0"?>${declaration}<worksheet xmlns="${XMLNS}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>${cell}</t></is></c></row></sheetData></worksheet>`,
  });

test('the archive of this test is read as a workbook', async () => {
  expect((await readXlsx(workbook('', 'name'), 10)).heading).toEqual(['name']);
});

test('an entity that names a file is not opened', async () => {
  const declaration = '<!DOCTYPE worksheet [<!ENTITY secret SYSTEM "file:///etc/passwd">]>';
  const read = await readXlsx(workbook(declaration, 'a&secret;b'), 10).catch((error: Error) => error.message);
  expect(JSON.stringify(read)).not.toMatch(/root:/);
});

test('entities that double each other stay as they are written', async () => {
  const entities = Array.from({ length: 30 }, (_, at) => `<!ENTITY e${at + 1} "&e${at};&e${at};">`).join('');
  const declaration = `<!DOCTYPE worksheet [<!ENTITY e0 "boom">${entities}]>`;
  const read = await readXlsx(workbook(declaration, '&e30;'), 10).catch((error: Error) => error.message);
  expect(JSON.stringify(read).length).toBeLessThan(200);
});
