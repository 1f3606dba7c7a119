// Canonical JSON, the subset of RFC 8785 that is signed: one value has one text, so a hash of the text is a hash of the value.
import { AppError, type ErrorCode } from '#shared/base/errors.ts';

// Our deepest document (a manifest) nests 4 levels; the bound keeps a hostile text from exhausting the stack.
const MAX_DEPTH = 32;

const LONE_SURROGATE = /\p{Surrogate}/u;

function refuse(what: string): never {
  throw new AppError('internal', `canonical JSON: ${what}`);
}

function textOf(value: string): string {
  if (LONE_SURROGATE.test(value)) refuse('a string with a lone surrogate has no UTF-8 form');
  return JSON.stringify(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * `whole` unless a document says otherwise: integers have one decimal form in every language. Limits of checks are fractions,
 * `finite`: written as ECMAScript and RFC 8785 say, the shortest text that reads as the same number.
 */
export type Numbers = 'whole' | 'finite';

function numberText(value: number, numbers: Numbers): string {
  if (numbers === 'finite' && Number.isFinite(value)) return JSON.stringify(value);
  if (!Number.isSafeInteger(value)) refuse(`the number ${value} is no safe integer`);
  return String(value);
}

function write(value: unknown, numbers: Numbers, depth: number): string {
  if (depth > MAX_DEPTH) refuse(`nested deeper than ${MAX_DEPTH}`);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return textOf(value);
  if (typeof value === 'number') return numberText(value, numbers);
  if (Array.isArray(value)) return `[${Array.from(value, (item) => write(item, numbers, depth + 1)).join(',')}]`;
  if (typeof value !== 'object' || !isPlain(value)) refuse(`a value of type ${typeof value} is not plain data`);
  // Sorted by UTF-16 code units, as the standard says and as sort() does.
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${textOf(key)}:${write(member, numbers, depth + 1)}`).join(',')}}`;
}

/** The one text of `value`: numbers, strings, booleans, null, arrays and plain objects; anything else throws. */
export function canonicalJson(value: unknown, numbers: Numbers = 'whole'): string {
  return write(value, numbers, 0);
}

/** The value of a canonical text. Another spelling of the same value (spaces, key order, `1.0`, a key twice) throws `code`. */
export function parseCanonical(
  text: string,
  code: ErrorCode = 'manifest-invalid',
  numbers: Numbers = 'whole',
): unknown {
  let value: unknown;
  let canonical: string;
  try {
    value = JSON.parse(text);
    canonical = canonicalJson(value, numbers);
  } catch (cause) {
    throw new AppError(code, 'the text is not canonical JSON', { cause });
  }
  if (canonical !== text) throw new AppError(code, 'the text is JSON, but not in its canonical form');
  return value;
}
