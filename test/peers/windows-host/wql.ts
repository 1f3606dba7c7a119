// WQL as far as a relay speaks it: SELECT of properties or all FROM one class, WHERE with comparisons, LIKE, IS NULL, AND, OR, NOT.
import { type CimRow, type CimValue, isCimTime } from './cim-value.ts';

export interface WqlQuery {
  from: string;
  /** Undefined: all of the class. */
  select: readonly string[] | undefined;
  /** Names the condition reads. */
  reads: readonly string[];
  matches: (row: CimRow) => boolean;
}

type Test = (row: CimRow) => boolean;
type Literal = string | number | bigint | boolean | null;

const TOKEN =
  /\s*(?:('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(<=|>=|<>|!=|[=<>(),*])|(-?\d+(?:\.\d+)?)|([A-Za-z_][A-Za-z0-9_.]*))/gy;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  let end = 0;
  const whole = text.trimEnd();
  while (end < whole.length) {
    TOKEN.lastIndex = end;
    const match = TOKEN.exec(whole);
    if (match === null) throw new Error(`unexpected text at ${end}`);
    tokens.push(match[0].trim());
    end = TOKEN.lastIndex;
  }
  return tokens;
}

/** `%` any run, `_` one character, `[a-c]` and `[^a-c]` one of a set (LIKE of WQL). */
function likePattern(pattern: string): RegExp {
  const source = pattern.replace(/\[(\^?)([^\]]*)\]|[\s\S]/g, (one, negated?: string, set?: string) => {
    if (set !== undefined) return `[${negated ?? ''}${set.replaceAll('\\', '\\\\')}]`;
    if (one === '%') return '[\\s\\S]*';
    return one === '_' ? '[\\s\\S]' : one.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 'i');
}

/** CIM datetime of WMI: yyyymmddHHMMSS.mmmmmm and the offset in minutes (DSP0004, 5.5.1). */
export function datetimeMs(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.(\d{6})([+-]\d{3})$/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, micros = 0, offset = 0] = match
    .slice(1)
    .map(Number);
  return Date.UTC(year, month - 1, day, hour, minute - offset, second) + micros / 1_000;
}

/** Below, equal, above; undefined where the two do not compare, and every comparison fails as with NULL. */
function compare(value: CimValue | undefined, literal: Literal): number | undefined {
  if (value === null || value === undefined || literal === null || Array.isArray(value)) return undefined;
  const [left, right] = comparable(value, literal);
  if (left === undefined || right === undefined) return undefined;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

type Comparable = string | number | bigint | undefined;

function comparable(value: CimValue, literal: Exclude<Literal, null>): [Comparable, Comparable] {
  if (isCimTime(value)) return [value.at, typeof literal === 'string' ? datetimeMs(literal) : undefined];
  if (typeof value === 'boolean')
    return [Number(value), Number(String(literal).toLowerCase() === 'true' || literal === 1)];
  if (typeof value === 'string') return [value.toLowerCase(), String(literal).toLowerCase()];
  if (typeof value === 'bigint') return [value, BigInt(String(literal))];
  return [Number(value), Number(literal)];
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '>': (order) => order > 0,
  '<=': (order) => order <= 0,
  '>=': (order) => order >= 0,
};

class Parser {
  readonly reads = new Set<string>();
  readonly #tokens: string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  query(): WqlQuery {
    this.#expect('select');
    const select = this.#names();
    this.#expect('from');
    const from = this.#next();
    const matches = this.#takes('where') ? this.#either() : () => true;
    if (this.#at < this.#tokens.length) throw new Error(`unexpected ${this.#tokens[this.#at]}`);
    return { from, select, reads: [...this.reads], matches };
  }

  #names(): string[] | undefined {
    if (this.#takes('*')) return undefined;
    const names = [this.#next()];
    while (this.#takes(',')) names.push(this.#next());
    return names;
  }

  #either(): Test {
    let test = this.#all();
    while (this.#takes('or')) {
      const [left, right] = [test, this.#all()];
      test = (row) => left(row) || right(row);
    }
    return test;
  }

  #all(): Test {
    let test = this.#one();
    while (this.#takes('and')) {
      const [left, right] = [test, this.#one()];
      test = (row) => left(row) && right(row);
    }
    return test;
  }

  #one(): Test {
    if (this.#takes('not')) {
      const test = this.#one();
      return (row) => !test(row);
    }
    if (!this.#takes('(')) return this.#comparison();
    const test = this.#either();
    this.#expect(')');
    return test;
  }

  #comparison(): Test {
    const name = this.#next().toLowerCase();
    this.reads.add(name);
    const held = (row: CimRow) => row.get(name);
    const isNull: Test = (row) => (held(row) ?? null) === null;
    const word = this.#next().toLowerCase();
    if (word === 'is') {
      const isNegated = this.#takes('not');
      this.#expect('null');
      return (row) => isNull(row) !== isNegated;
    }
    const literal = this.#literal();
    if (word === 'like') {
      const pattern = likePattern(String(literal));
      return (row) => typeof held(row) === 'string' && pattern.test(String(held(row)));
    }
    if (literal === null) return (row) => isNull(row) === (word === '=');
    const fits = COMPARISONS[word];
    if (fits === undefined) throw new Error(`unexpected ${word}`);
    return (row) => {
      const order = compare(held(row), literal);
      return order !== undefined && fits(order);
    };
  }

  #literal(): Literal {
    const token = this.#next();
    if (/^['"]/.test(token)) return token.slice(1, -1).replace(/\\(.)/g, '$1');
    if (/^-?\d/.test(token))
      return Number.isSafeInteger(Number(token)) || token.includes('.') ? Number(token) : BigInt(token);
    const word = token.toLowerCase();
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    throw new Error(`unexpected ${token}`);
  }

  #next(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new Error('unexpected end');
    this.#at += 1;
    return token;
  }

  #takes(word: string): boolean {
    if (this.#tokens[this.#at]?.toLowerCase() !== word) return false;
    this.#at += 1;
    return true;
  }

  #expect(word: string): void {
    if (!this.#takes(word)) throw new Error(`${word} expected`);
  }
}

/** Throws an Error that says what is wrong with the query. */
export const parseWql = (text: string): WqlQuery => new Parser(text).query();
