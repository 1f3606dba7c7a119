// Walks over the text of a filter: words, quotes and wildcards, with the place of whatever does not read.
import type { Pattern } from './filter.ts';
import { FilterFault } from './filter-faults.ts';

/** What ends a bare word; a comma too, where values stand in a list. */
const WORD_END = /[\s"()*]/;
const VALUE_END = /[\s"()*,]/;
const KEYWORD = /(and|or|not)(?=[\s()]|$)/iy;
/** What parts a field from its value; the longer ones first. */
export const OPERATORS = ['!=', '<=', '>=', ':', '=', '<', '>'] as const;
export type Operator = (typeof OPERATORS)[number];
const FIELD = /([a-z][a-z0-9-]*)(!=|<=|>=|[:=<>])/iy;
const COMPARISON = /<=|>=|[<>=]/y;

export class FilterReader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  skipSpace(): void {
    while (/\s/.test(this.text.charAt(this.at))) this.at += 1;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The next character, '' at the end. */
  get next(): string {
    return this.text.charAt(this.at);
  }

  take(char: string): boolean {
    if (this.next !== char) return false;
    this.at += 1;
    return true;
  }

  /** Only where the whole word is one: "order" is no "or". */
  peekKeyword(): string | undefined {
    return this.#match(KEYWORD)?.[1]?.toLowerCase();
  }

  takeKeyword(word: string): boolean {
    if (this.peekKeyword() !== word) return false;
    this.at += word.length;
    return true;
  }

  takeField(): { name: string; op: Operator } | undefined {
    const [whole, name, op] = this.#match(FIELD) ?? [];
    const known = OPERATORS.find((one) => one === op);
    if (whole === undefined || name === undefined || known === undefined) return undefined;
    this.at += whole.length;
    return { name, op: known };
  }

  takeComparison(): Operator | undefined {
    const [found] = this.#match(COMPARISON) ?? [];
    this.at += found?.length ?? 0;
    return OPERATORS.find((one) => one === found);
  }

  /** Bare and quoted pieces until space or parenthesis; only a bare star is a wildcard. */
  takePattern(where: 'word' | 'value'): Pattern {
    const end = where === 'word' ? WORD_END : VALUE_END;
    const pieces = [''];
    const add = (text: string) => pieces.push((pieces.pop() ?? '') + text);
    while (!this.isAtEnd) {
      if (this.next === '"') add(this.#takeQuoted());
      else if (this.next === '*') this.#takeStars(pieces);
      else if (end.test(this.next)) break;
      else add(this.#takeBare(end));
    }
    return pieces;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text);
  }

  #takeBare(end: RegExp): string {
    const from = this.at;
    while (!this.isAtEnd && !end.test(this.next)) this.at += 1;
    return this.text.slice(from, this.at);
  }

  /** Many stars in a row mean what one means. */
  #takeStars(pieces: string[]): void {
    while (this.take('*'));
    pieces.push('');
  }

  #takeQuoted(): string {
    const from = this.at;
    let text = '';
    this.at += 1;
    while (!this.isAtEnd) {
      if (this.take('"')) return text;
      this.take('\\');
      text += this.next;
      this.at += 1;
    }
    throw new FilterFault('quote-open', {}, { from, to: this.text.length });
  }
}
