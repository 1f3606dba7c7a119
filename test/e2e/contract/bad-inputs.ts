// Wrong inputs made from a schema and a good input: each names the field that is wrong, or says that anything but a fault of ours may come.
import { newId } from '#shared/base/id.ts';
import type { Input } from './good-inputs.ts';

interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  maxItems?: number;
  format?: string;
  enum?: unknown[];
}

export interface BadInput {
  what: string;
  input: Input;
  /** The field that the refusal must name; absent where the input may be taken. */
  field?: string;
}

/** What people and programs send to break things, none of which may reach anything as more than text. */
const HOSTILE = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\u202egnp.exe',
  '\u001b[2J\u001b]0;owned\u0007',
  "'; drop table device; --",
  '<img src=x onerror=alert(1)>',
  '../../../../etc/passwd',
  '%2e%2e%2f%00',
  '=cmd|calc!A0',
  '__proto__',
  'constructor',
  'NaN',
  '9'.repeat(400),
  '💥'.repeat(100),
  'x'.repeat(50_000),
];
const NUMBERS = [-1, 0, 0.5, 1e308, -1e308, 2 ** 53 + 2, -(2 ** 53)];

const isText = (schema: Schema) => schema.type === 'string';
const isNumber = (schema: Schema) => schema.type === 'integer' || schema.type === 'number';

/** Values that the schema cannot take, whatever text a query or a path makes of them. */
function wrongValues(schema: Schema, isWords: boolean): Array<[string, unknown]> {
  const wrong: Array<[string, unknown]> = [];
  if (isText(schema)) {
    if (!isWords) wrong.push(['a number', 7], ['a list', []], ['an object', {}], ['null', null]);
    if (schema.maxLength !== undefined && schema.maxLength < 100_000)
      wrong.push(['too long', 'a'.repeat(schema.maxLength + 1)]);
    if (schema.format === 'uuid') wrong.push(['no id', 'not-an-id'], ['half an id', newId(1).slice(0, 20)]);
    if (schema.enum !== undefined) wrong.push(['another word', 'nonsense']);
  }
  if (isNumber(schema)) {
    wrong.push(['a word', 'abc'], ['huge', 1e308]);
    if (!isWords) wrong.push(['an object', {}]);
    if (schema.minimum !== undefined && schema.minimum > -(2 ** 53)) wrong.push(['too small', schema.minimum - 1]);
    if (schema.maximum !== undefined && schema.maximum < 2 ** 53) wrong.push(['too large', schema.maximum + 1]);
  }
  if (schema.type === 'boolean') wrong.push(['a word', 'perhaps']);
  if (schema.type === 'array' && !isWords) wrong.push(['a text', 'text'], ['an object', {}]);
  if (schema.type === 'object' && !isWords) wrong.push(['a text', 'text'], ['a list', []]);
  return wrong;
}

/** Node itself answers 431 to a request whose first lines are longer than 16 KiB; escaped, a sign has up to twelve. */
const MAX_IN_URL = 1_000;

/** `inUrl`: the fields that travel in a URL, where everything is text. */
export function badInputs(schema: Schema, good: Input, inUrl: (name: string) => boolean): BadInput[] {
  const bad: BadInput[] = [];
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const { [name]: _left, ...without } = good;
    const isWords = inUrl(name);
    if (schema.required?.includes(name) === true && name in good)
      bad.push({ what: `${name} missing`, input: without, field: name });
    for (const [what, value] of wrongValues(field, isWords))
      bad.push({ what: `${name} ${what}`, input: { ...good, [name]: value }, field: name });
    if (field.format === 'uuid') bad.push({ what: `${name} unknown`, input: { ...good, [name]: newId(2) } });
    if (isText(field))
      for (const text of isWords ? HOSTILE.filter(({ length }) => length <= MAX_IN_URL) : HOSTILE)
        bad.push({ what: `${name} ${JSON.stringify(text.slice(0, 20))}`, input: { ...good, [name]: text } });
    if (isNumber(field))
      for (const number of NUMBERS) bad.push({ what: `${name} ${number}`, input: { ...good, [name]: number } });
    if (name === 'cursor')
      for (const key of ['[]', '[1,2,3]', '{}', '["a"]', '[null,{}]', '[1e999]', '["a","b","c"]', 'null'])
        bad.push({
          what: `cursor ${key}`,
          input: { ...good, cursor: Buffer.from(key).toString('base64url') },
        });
    if (!isWords) bad.push(...insideOf(name, field, good));
  }
  return bad;
}

/** One step down: the members of an object, and those of the first entry of a list. */
function insideOf(name: string, field: Schema, good: Input): BadInput[] {
  const inBody = () => false;
  const value = good[name];
  if (field.type === 'object' && field.properties !== undefined && isInput(value))
    return badInputs(field, value, inBody).map((bad) => ({
      what: `${name}: ${bad.what}`,
      input: { ...good, [name]: bad.input },
      ...(bad.field === undefined ? {} : { field: `${name}.${bad.field}` }),
    }));
  const items = field.items;
  if (field.type !== 'array' || items === undefined || !Array.isArray(value)) return [];
  const [first] = value;
  const inside: BadInput[] = isInput(first)
    ? badInputs(items, first, inBody).map((bad) => ({
        what: `${name}[0]: ${bad.what}`,
        input: { ...good, [name]: [bad.input] },
        ...(bad.field === undefined ? {} : { field: `${name}[0].${bad.field}` }),
      }))
    : wrongValues(items, false).map(([what, wrong]) => ({
        what: `${name}[0] ${what}`,
        input: { ...good, [name]: [wrong] },
        field: `${name}[0]`,
      }));
  if (field.maxItems !== undefined && field.maxItems <= 2_000 && first !== undefined)
    inside.push({
      what: `${name} too many`,
      input: { ...good, [name]: Array.from({ length: field.maxItems + 1 }, () => first) },
      field: name,
    });
  return inside;
}

const isInput = (value: unknown): value is Input =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const DEPTH = 20_000;
/** Bodies that are no input at all; undefined means that nothing but a fault of ours is ruled out. */
export const BAD_BODIES: ReadonlyArray<[what: string, body: string, mustRefuse: boolean]> = [
  ['broken', '{"a":', true],
  ['text', 'hello', true],
  ['two values', '{} {}', true],
  ['a lone quote', '"', true],
  ['deep', `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`, false],
  ['deep objects', `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`, false],
  ['a list', '[]', false],
  ['null', 'null', false],
  ['a number', '1e999', false],
  ['a text', '"x"', false],
  ['prototype keys', '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"x":1}},"toString":1}', false],
];
