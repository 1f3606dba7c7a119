// JSON: a list of objects, one per row, whose members are the columns; lists stay lists.

import { decodeText } from './csv.ts';
import { formatLink } from './link-text.ts';
import { joinList } from './lists.ts';
import { type Cell, checkSize, FileFault, type Sheet } from './sheet.ts';

const FIRST_ROW = 2;

/** Throws FileFault. */
export function readJson(bytes: Uint8Array, maxRows: number): Sheet {
  const text = decodeText(bytes);
  const value = parsed(text);
  if (!Array.isArray(value)) throw new FileFault('the file is no list: it must begin with "["');
  const heading = new Map<string, number>();
  const rows = value.slice(0, maxRows + 1).map((entry: unknown, index) => {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
      throw new FileFault('each entry of the list must be an object', FIRST_ROW + index);
    const row: Cell[] = [];
    for (const [name, member] of Object.entries(entry)) {
      const at = heading.get(name) ?? heading.size;
      heading.set(name, at);
      row[at] = cellOf(member, FIRST_ROW + index, name);
    }
    checkSize([...heading.keys()], 0, maxRows, FIRST_ROW);
    return row;
  });
  const names = [...heading.keys()];
  checkSize(names, rows.length, maxRows, FIRST_ROW);
  return { heading: names, rows: rows.map((row) => names.map((_name, at) => row[at])), firstRow: FIRST_ROW };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const said = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    const at = said === undefined ? text.length : Number(said);
    const { row, column } = placeOf(text, at);
    const line = text.slice(0, at).split('\n').length;
    throw new FileFault(`this is no JSON: line ${line} is broken`, row, column);
  }
}

/** Which entry of the outer list a place lies in, and its member that was begun last. */
function placeOf(text: string, at: number): { row: number; column: string | null } {
  let depth = 0;
  let row = 1;
  let column: string | null = null;
  // A string that never closes is one token too: begun again at each of its quotation marks it would take minutes.
  for (const { 0: token, index } of text.slice(0, at).matchAll(/"(?:[^"\\]|\\.)*(?:"|\\?$)|[[\]{}]/gs)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (depth === 2 && /^\s*:/.test(text.slice(index + token.length, index + token.length + 20)))
      column = token.slice(1, -1).slice(0, 100);
    if (token === '{' && depth === 2) {
      row += 1;
      column = null;
    }
  }
  return { row, column };
}

function cellOf(member: unknown, row: number, name: string): string {
  if (member === null) return '';
  if (typeof member === 'string') return member;
  if (typeof member === 'number' || typeof member === 'boolean') return String(member);
  if (Array.isArray(member)) return joinList(member.map((entry: unknown) => entryOf(entry, row, name)));
  throw new FileFault('must be a text, a number or a list', row, name.slice(0, 100));
}

function entryOf(entry: unknown, row: number, name: string): string {
  if (typeof entry === 'string' || typeof entry === 'number') return String(entry);
  if (typeof entry === 'object' && entry !== null && 'label' in entry && 'url' in entry)
    return formatLink({ label: String(entry.label), url: String(entry.url) });
  throw new FileFault('each entry of the list must be a text', row, name.slice(0, 100));
}
