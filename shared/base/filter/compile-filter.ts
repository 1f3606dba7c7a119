// Turns a filter into a question for one row; the store says how its rows are read.
import type { Comparison, Filter, Pattern } from './filter.ts';

type Ask<R> = (row: R) => boolean;
type TextTest = (lowerCase: string) => boolean;

/** How rows are read; a columnar store's row is a number. Each function is called once per term, what it returns once per row. */
export interface FieldAccess<R> {
  /**
   * Has the row a text in this field that passes? The texts given to `test` are lower-case, '' is unknown.
   * A store with a dictionary asks `test` once per entry here, and rows only look the answer up.
   */
  text(field: string, test: TextTest): Ask<R>;
  /** The same over every searched field: free words. */
  word(test: TextTest): Ask<R>;
  /** NaN is unknown and passes no comparison. Of an age: the time itself. */
  number(field: string): (row: R) => number;
}

/** `nowMs` is what ages count from. */
export function compileFilter<R>(filter: Filter, access: FieldAccess<R>, nowMs: number): Ask<R> {
  switch (filter.type) {
    case 'all':
      return every(filter.of.map((one) => compileFilter(one, access, nowMs)));
    case 'any':
      return some(filter.of.map((one) => compileFilter(one, access, nowMs)));
    case 'not': {
      const ask = compileFilter(filter.of, access, nowMs);
      return (row) => !ask(row);
    }
    case 'word':
      return access.word(patternTest(filter.pattern, 'has'));
    case 'text':
      return access.text(filter.field, anyTest(filter.values.map((value) => patternTest(value, filter.match))));
    case 'has': {
      if (filter.as === 'text') return access.text(filter.field, (text) => text !== '');
      const read = access.number(filter.field);
      return (row) => !Number.isNaN(read(row));
    }
    case 'number': {
      const isSo = COMPARE[filter.op];
      const read = access.number(filter.field);
      const { value } = filter;
      return (row) => isSo(read(row), value);
    }
    case 'age': {
      const isSo = COMPARE[filter.op];
      const read = access.number(filter.field);
      const { value } = filter;
      return (row) => isSo(nowMs - read(row), value);
    }
  }
}

const COMPARE: Readonly<Record<Comparison, (known: number, asked: number) => boolean>> = {
  '<': (known, asked) => known < asked,
  '<=': (known, asked) => known <= asked,
  '>': (known, asked) => known > asked,
  '>=': (known, asked) => known >= asked,
  '=': (known, asked) => known === asked,
};

function every<R>(asks: readonly Ask<R>[]): Ask<R> {
  return (row) => {
    for (const ask of asks) if (!ask(row)) return false;
    return true;
  };
}

function some<R>(asks: readonly Ask<R>[]): Ask<R> {
  return (row) => {
    for (const ask of asks) if (ask(row)) return true;
    return false;
  };
}

function anyTest(tests: readonly TextTest[]): TextTest {
  const [only] = tests;
  if (tests.length === 1 && only !== undefined) return only;
  return (text) => tests.some((test) => test(text));
}

/** A text with a wildcard is the whole text; without one, as `match` says. */
export function patternTest(pattern: Pattern, match: 'has' | 'is'): TextTest {
  const pieces = pattern.map((piece) => piece.toLowerCase());
  const [first = ''] = pieces;
  if (pieces.length > 1) return (text) => text !== '' && fits(text, pieces);
  return match === 'is' ? (text) => text === first : (text) => text.includes(first);
}

/** Piece by piece at its first place: linear in the text, whatever a person or a device wrote. */
function fits(text: string, pieces: readonly string[]): boolean {
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (let i = 1; i < pieces.length - 1; i += 1) {
    const piece = pieces[i] ?? '';
    const found = text.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}
