// Values from JSON Schema by chance: some that fit, some that nearly do, and some that nobody would send.
import fc from 'fast-check';
import { below, pick, type Random } from './mutate.ts';

export interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  const?: unknown;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  contentEncoding?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

export interface Source {
  random: Random;
  /** Ids of things that are there. */
  ids: readonly string[];
}

/** Lists and texts beyond this cost time and show nothing more; the bounds themselves are tried by the near ones. */
const FEW = 4;
const WORDS = [
  'web-1',
  'a',
  'sql',
  'status:down',
  '10.0.0.7',
  'Frankfurt',
  'os:debian',
  'name',
  'true',
  '7',
  'device.*',
];
const ODD = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\u202egnp',
  '\u001b[2J',
  "' or 1=1 --",
  '<img src=x onerror=alert(1)>',
  '../../etc/passwd',
  '..\\..\\x',
  '%2e%2e%2f%00',
  '=cmd|calc!A0',
  '__proto__',
  'constructor',
  'toString',
  'NaN',
  '-0',
  '1e999',
  '9'.repeat(200),
  'x'.repeat(5_000),
  '\u{1f4a5}'.repeat(70),
  '((((((((((((((((((((a',
  'a:"b',
  'eyJhbGciOiJub25lIn0.e30.',
  '[]',
  '{}',
  '2024-13-45T99:99:99Z',
  'not (a or b) and not',
];
const NUMBERS = [0, -1, 1, 0.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, 1e15, 8.64e15, 8.64e15 + 1];

const patterns = new Map<string, readonly string[]>();

/** Twenty texts of a pattern, made once: drawing them anew costs more than the request. */
function fromPattern(pattern: string, random: Random): string {
  let known = patterns.get(pattern);
  if (known === undefined) {
    try {
      known = fc.sample(fc.stringMatching(new RegExp(pattern)), { numRuns: 20, seed: 7 });
    } catch {
      known = WORDS; // a pattern that no generator knows: most of them are then refused
    }
    patterns.set(pattern, known);
  }
  return pick(random, known);
}

function text(schema: Schema, { random, ids }: Source): string {
  if (schema.format === 'uuid') return random() < 0.9 ? pick(random, ids) : '01890000-0000-7000-8000-0000000000ff';
  if (schema.format === 'base64' || schema.contentEncoding === 'base64')
    return Buffer.from(pick(random, ['name,address\na,10.0.0.7\n', '[]', 'PK\u0003\u0004', 'x'])).toString('base64');
  if (schema.pattern !== undefined) return fromPattern(schema.pattern, random);
  const word = random() < 0.2 ? pick(random, ids) : pick(random, WORDS);
  return word.padEnd(schema.minLength ?? 0, 'a').slice(0, schema.maxLength ?? 200);
}

function number(schema: Schema, random: Random): number {
  const least = Math.max(schema.minimum ?? -10, -1e6);
  const most = Math.min(schema.maximum ?? 1e6, Math.max(least, 1e6));
  if (random() < 0.1) return schema.maximum ?? most;
  const value = least + random() * (most - least);
  return schema.type === 'integer' ? Math.round(value) : value;
}

/** A value that fits, as far as the schema says it. */
export function fitting(schema: Schema, source: Source, depth = 0): unknown {
  const { random } = source;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return pick(random, schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fitting(pick(random, choices), source, depth);
  if (schema.allOf !== undefined) return Object.assign({}, ...schema.allOf.map((one) => fitting(one, source, depth)));
  const type = Array.isArray(schema.type) ? pick(random, schema.type) : schema.type;
  if (type === 'string') return text(schema, source);
  if (type === 'integer' || type === 'number') return number(schema, random);
  if (type === 'boolean') return random() < 0.5;
  if (type === 'null') return null;
  if (type === 'array') {
    const size = Math.max(schema.minItems ?? 0, below(random, Math.min(schema.maxItems ?? FEW, FEW) + 1));
    return Array.from({ length: size }, () => fitting(schema.items ?? {}, source, depth + 1));
  }
  if (type === 'object' || schema.properties !== undefined) return object(schema, source, depth);
  return wild(random);
}

function object(schema: Schema, source: Source, depth: number): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(schema.properties ?? {}))
    if (schema.required?.includes(name) === true || source.random() < 0.5)
      made[name] = fitting(member, source, depth + 1);
  const more = schema.additionalProperties;
  if (typeof more === 'object' && depth < FEW) made[pick(source.random, WORDS)] = fitting(more, source, depth + 1);
  return made;
}

/** Anything that JSON can hold. */
export function wild(random: Random, depth = 0): unknown {
  const kind = below(random, depth > 2 ? 5 : 7);
  if (kind === 0) return null;
  if (kind === 1) return random() < 0.5;
  if (kind === 2) return pick(random, NUMBERS);
  if (kind <= 4) return pick(random, random() < 0.7 ? ODD : WORDS);
  if (kind === 5) return Array.from({ length: below(random, 5) }, () => wild(random, depth + 1));
  return Object.fromEntries(
    Array.from({ length: below(random, 5) }, () => [
      pick(random, [...ODD, ...WORDS, 'id', 'name']),
      wild(random, depth + 1),
    ]),
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One place of the value, somewhere inside, is another: gone, odd, of another kind, too long, too many. */
export function nearly(value: unknown, random: Random): unknown {
  if (isObject(value)) {
    const names = Object.keys(value);
    const name = pick(random, names);
    if (names.length === 0 || random() < 0.1) return { ...value, [pick(random, ODD.slice(2))]: wild(random) };
    if (random() < 0.15) return Object.fromEntries(Object.entries(value).filter(([one]) => one !== name));
    return { ...value, [name]: nearly(value[name], random) };
  }
  if (Array.isArray(value) && value.length > 0 && random() < 0.7) {
    const at = below(random, value.length);
    if (random() < 0.15) return Array.from({ length: 1 + below(random, 300) }, () => value[at]);
    return value.map((one, n) => (n === at ? nearly(one, random) : one));
  }
  if (typeof value === 'string' && random() < 0.6) return damagedText(value, random);
  if (typeof value === 'number' && random() < 0.6)
    return random() < 0.5 ? pick(random, NUMBERS) : value + (random() < 0.5 ? 1 : -1);
  return wild(random);
}

function damagedText(text: string, random: Random): string {
  const at = below(random, text.length + 1);
  const edits = [
    () => text.slice(0, at),
    () => text.slice(0, at) + pick(random, ODD) + text.slice(at),
    () => text.repeat(1 + below(random, 5)),
    () => text.toUpperCase(),
    () => pick(random, ODD),
    () => `${text} `,
    () => text.slice(0, at) + String.fromCharCode(below(random, 0x3000)) + text.slice(at + 1),
  ];
  return pick(random, edits)();
}
