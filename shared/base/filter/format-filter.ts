// Writes a filter as text again: the shortest usual form, which reads back as the same filter.
import type { Fields, Filter, Pattern } from './filter.ts';
import { formatQuantity } from './quantity.ts';

export function formatFilter(filter: Filter, fields: Fields): string {
  const write = (one: Filter): string => {
    switch (one.type) {
      case 'all':
        return one.of.map((member) => (member.type === 'any' ? `(${write(member)})` : write(member))).join(' ');
      case 'any':
        return one.of.map(write).join(' or ');
      case 'not':
        return one.of.type === 'all' || one.of.type === 'any' ? `-(${write(one.of)})` : `-${write(one.of)}`;
      case 'word':
        return wordText(one.pattern);
      case 'has':
        return `has:${one.field}`;
      case 'text': {
        const sign = one.match === 'has' || fields[one.field]?.kind !== 'text' ? ':' : '=';
        return `${one.field}${sign}${one.values.map((value) => patternText(value, VALUE_NEEDS_QUOTES)).join(',')}`;
      }
      case 'number':
      case 'age': {
        const field = fields[one.field];
        return `${one.field}${one.op}${field === undefined ? one.value : formatQuantity(one.value, field)}`;
      }
    }
  };
  return write(filter);
}

const VALUE_NEEDS_QUOTES = /[\s"()*,]/;
const WORD_NEEDS_QUOTES = /[\s"()*]|^(?:[-:=<>]|!=)/;
/** What would read as a field or as a word of the language. */
const READS_OTHERWISE = /^(?:[a-z][a-z0-9-]*(?:!=|[<>]=?|[:=])|(?:and|or|not)$)/i;

function wordText(pattern: Pattern): string {
  const text = patternText(pattern, WORD_NEEDS_QUOTES);
  if (!READS_OTHERWISE.test(text)) return text;
  const [first = '', ...rest] = pattern;
  return [quoted(first), ...rest.map((piece) => pieceText(piece, WORD_NEEDS_QUOTES))].join('*');
}

const patternText = (pattern: Pattern, special: RegExp): string =>
  pattern.map((piece) => pieceText(piece, special)).join('*');

const pieceText = (piece: string, special: RegExp): string => (special.test(piece) ? quoted(piece) : piece);

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
