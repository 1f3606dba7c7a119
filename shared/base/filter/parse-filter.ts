// Reads a filter as people type it: free words and field:value terms, joined by AND, with or, not and parentheses.
import {
  allOf,
  anyOf,
  type Field,
  type Fields,
  type Filter,
  MAX_FILTER_DEPTH,
  MAX_FILTER_LENGTH,
  MAX_FILTER_TERMS,
  type Pattern,
  type Term,
} from './filter.ts';
import { type FaultValues, FilterFault, type FilterFaultCode, faultMessage } from './filter-faults.ts';
import { FilterReader, type Operator } from './filter-reader.ts';
import { quantityHelp, readQuantity } from './quantity.ts';

export type ParsedFilter =
  | { ok: true; filter: Filter }
  /** The message names the word; from and to are its place in the text. */
  | { ok: false; message: string; code: FilterFaultCode; values: FaultValues; from: number; to: number };

/** AND binds tighter than or: `a b or c` is `(a b) or c`. An empty text is everything. */
export function parseFilter(text: string, fields: Fields): ParsedFilter {
  if (text.length > MAX_FILTER_LENGTH)
    return { ok: false, ...said('too-long', { count: String(MAX_FILTER_LENGTH) }), from: 0, to: text.length };
  try {
    return { ok: true, filter: new FilterParser(text, fields).parse() };
  } catch (error) {
    if (!(error instanceof FilterFault)) throw error;
    const { message, code, values, from, to } = error;
    return { ok: false, message, code, values, from, to };
  }
}

const said = (code: FilterFaultCode, values: FaultValues) => ({ message: faultMessage(code, values), code, values });

class FilterParser {
  readonly #reader: FilterReader;
  readonly #fields: Fields;
  #depth = 0;
  #terms = 0;

  constructor(text: string, fields: Fields) {
    this.#reader = new FilterReader(text);
    this.#fields = fields;
  }

  parse(): Filter {
    const filter = this.#any();
    if (!this.#reader.isAtEnd) throw this.#fault('parenthesis-lone', {}, this.#reader.at);
    return filter ?? allOf([]);
  }

  /** Undefined where nothing stands. */
  #any(): Filter | undefined {
    const first = this.#all();
    const members = first === undefined ? [] : [first];
    for (let at = this.#reader.at; this.#reader.takeKeyword('or'); at = this.#reader.at) {
      const next = this.#all();
      if (members.length === 0 || next === undefined) throw this.#fault('both-sides', { word: 'or' }, at, 2);
      members.push(next);
    }
    return members.length === 0 ? undefined : anyOf(members);
  }

  #all(): Filter | undefined {
    const reader = this.#reader;
    const members: Filter[] = [];
    for (;;) {
      reader.skipSpace();
      const word = reader.peekKeyword();
      if (reader.isAtEnd || reader.next === ')' || word === 'or') break;
      const at = reader.at;
      const isAnd = reader.takeKeyword('and');
      reader.skipSpace();
      const isLast =
        reader.isAtEnd || reader.next === ')' || (isAnd && /^(?:and|or)$/.test(reader.peekKeyword() ?? ''));
      if (isAnd && (members.length === 0 || isLast)) throw this.#fault('both-sides', { word: 'and' }, at, 3);
      members.push(this.#one());
    }
    return members.length === 0 ? undefined : allOf(members);
  }

  #one(): Filter {
    const reader = this.#reader;
    const at = reader.at;
    if (reader.takeKeyword('not') || reader.take('-')) {
      reader.skipSpace();
      if (reader.isAtEnd || reader.next === ')' || reader.peekKeyword() === 'or')
        throw this.#fault('nothing-follows', { word: reader.text.slice(at, reader.at).trim() }, at);
      return { type: 'not', of: this.#deeper(at, () => this.#one()) };
    }
    if (reader.next !== '(') return this.#term();
    return this.#deeper(at, () => {
      reader.take('(');
      const inside = this.#any();
      if (!reader.take(')')) throw this.#fault('parenthesis-open', {}, at);
      if (inside === undefined) throw this.#fault('parenthesis-empty', {}, at, 2);
      return inside;
    });
  }

  #deeper(at: number, read: () => Filter): Filter {
    this.#depth += 1;
    if (this.#depth > MAX_FILTER_DEPTH) throw this.#fault('too-deep', { count: String(MAX_FILTER_DEPTH) }, at);
    const filter = read();
    this.#depth -= 1;
    return filter;
  }

  #term(): Filter {
    const at = this.#reader.at;
    const head = this.#reader.takeField();
    if (head === undefined && /^(?:[:=<>]|!=)/.test(this.#reader.text.slice(at, at + 2)))
      throw this.#fault('spaced-sign', {}, at, 1);
    if (head === undefined) return { type: 'word', pattern: this.#pattern('word', 'a word', at) };
    const name = head.name.toLowerCase();
    if (name === 'has') return this.#has(at);
    // Own members only: "constructor" is a word that people may type.
    const field = Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
    if (field === undefined) throw this.#unknownField(head.name, at);
    if (field.kind === 'number' || field.kind === 'age') return this.#compared(name, field, head.op, at);
    return this.#textual(name, field, head.op, at);
  }

  #has(at: number): Term {
    const from = this.#reader.at;
    const [name = '', ...more] = this.#reader.takePattern('value');
    const field = Object.hasOwn(this.#fields, name.toLowerCase()) ? this.#fields[name.toLowerCase()] : undefined;
    if (more.length > 0 || field === undefined) throw this.#unknownField(name, from);
    this.#count(at);
    const isNumber = field.kind === 'number' || field.kind === 'age';
    return { type: 'has', field: name.toLowerCase(), as: isNumber ? 'number' : 'text' };
  }

  #compared(name: string, field: Field, op: Operator, at: number): Filter {
    const { example, units } = quantityHelp(field);
    const sign = op === ':' ? this.#reader.takeComparison() : op;
    if (sign === undefined || sign === ':') throw this.#fault('is-compared', { field: name, example }, at);
    const from = this.#reader.at;
    const [text = '', ...more] = this.#reader.takePattern('word');
    const value = more.length > 0 ? undefined : readQuantity(text, field);
    if (value === undefined) {
      const values = { word: this.#since(from), field: name, units: units.join(', '), example };
      throw this.#fault(units.length === 0 ? 'no-number' : 'no-quantity', values, from);
    }
    this.#count(at);
    const type = field.kind === 'age' ? 'age' : 'number';
    if (sign === '!=') return { type: 'not', of: { type, field: name, op: '=', value } };
    return { type, field: name, op: sign, value };
  }

  #textual(name: string, field: Field, op: Operator, at: number): Filter {
    if (op !== ':' && op !== '=' && op !== '!=') throw this.#fault('not-compared', { field: name }, at);
    const values: Pattern[] = [];
    do values.push(this.#value(name, field));
    while (this.#reader.take(','));
    const isWhole = op !== ':' || field.kind !== 'text';
    const term: Term = { type: 'text', field: name, match: isWhole ? 'is' : 'has', values };
    return op === '!=' ? { type: 'not', of: term } : term;
  }

  #value(name: string, field: Field): Pattern {
    const from = this.#reader.at;
    const pattern = this.#pattern('value', name, from);
    const choices = field.kind === 'flag' ? ['yes', 'no'] : field.choices;
    if (choices === undefined) return pattern;
    const word = pattern.join('*').toLowerCase();
    const asked = field.kind === 'flag' ? (FLAG_WORDS[word] ?? word) : word;
    const choice = choices.find((one) => one.toLowerCase() === asked);
    if (choice !== undefined) return [choice];
    throw this.#fault('no-choice', { word: this.#since(from), field: name, choices: choices.join(', ') }, from);
  }

  #pattern(where: 'word' | 'value', what: string, from: number): Pattern {
    const pattern = this.#reader.takePattern(where);
    if (pattern.length === 1 && pattern[0] === '') {
      // A parenthesis or a lone comma where a value should stand.
      const isQuoted = this.#reader.at > from;
      if (isQuoted) throw this.#fault('empty-text', {}, from);
      throw this.#fault(where === 'word' ? 'needs-word' : 'needs-value', { field: what }, from);
    }
    this.#count(from);
    return pattern;
  }

  #count(at: number): void {
    this.#terms += 1;
    if (this.#terms > MAX_FILTER_TERMS) throw this.#fault('too-many-terms', { count: String(MAX_FILTER_TERMS) }, at);
  }

  #since(from: number): string {
    return this.#reader.text.slice(from, this.#reader.at);
  }

  #unknownField(name: string, at: number): FilterFault {
    const known = Object.keys(this.#fields).join(', ');
    const place = { from: at, to: at + Math.max(1, name.length) };
    return new FilterFault('unknown-field', { word: name, known }, place);
  }

  #fault(code: FilterFaultCode, values: FaultValues, from: number, length?: number): FilterFault {
    const to = length === undefined ? Math.max(from + 1, this.#reader.at) : from + length;
    return new FilterFault(code, values, { from, to: Math.min(to, Math.max(this.#reader.text.length, from + 1)) });
  }
}

const FLAG_WORDS: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null), {
  true: 'yes',
  on: 'yes',
  '1': 'yes',
  false: 'no',
  off: 'no',
  '0': 'no',
});
