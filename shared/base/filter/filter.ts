// The one filter of fleets as a value: what a person typed, understood; pure JSON, so that it can be stored and sent.
/**
 * How a field is asked. `text`: substring unless exact. `label`: a name given once and picked later (tag, group), always whole.
 * `choice` and `flag`: one of the listed words. `number` and `age` are compared; an age is a time in the past.
 */
export type FieldKind = 'text' | 'label' | 'choice' | 'flag' | 'number' | 'age';
export type FieldUnit = 'ratio' | 'bytes' | 'bytes-per-second' | 'duration' | 'count';

export interface Field {
  kind: FieldKind;
  /** Of a `number`. */
  unit?: FieldUnit;
  /** Of a `choice`. */
  choices?: readonly string[];
  isSortable: boolean;
  /** Several texts per row, like tags; one that matches is enough. */
  isMany?: boolean;
  /** Free words look here. */
  isSearched?: boolean;
}

/** By name: lower-case letters. */
export type Fields = Readonly<Record<string, Field>>;

/** A text with wildcards: what stands between the stars. One piece is a text without any. */
export type Pattern = readonly string[];
export type Comparison = '<' | '<=' | '>' | '>=' | '=';

export type Term =
  /** In any of the fields that are searched. */
  | { type: 'word'; pattern: Pattern }
  /** Any of the values; `has` is a substring, `is` the whole text. A value with a wildcard always means the whole text. */
  | { type: 'text'; field: string; match: 'has' | 'is'; values: readonly Pattern[] }
  /** In the field's own unit: a ratio of 1, bytes, milliseconds. */
  | { type: 'number'; field: string; op: Comparison; value: number }
  /** Milliseconds since the field's time. */
  | { type: 'age'; field: string; op: Comparison; value: number }
  | { type: 'has'; field: string; as: 'text' | 'number' };

export type Filter =
  /** Without members: everything. */
  { type: 'all'; of: readonly Filter[] } | { type: 'any'; of: readonly Filter[] } | { type: 'not'; of: Filter } | Term;

export const EVERYTHING: Filter = { type: 'all', of: [] };

/** Longer than people type, shorter than a URL may be (2,048 in the oldest proxies we meet). */
export const MAX_FILTER_LENGTH = 2_000;
/** Parentheses and negations inside each other: the reading and every walk over a filter recur this deep at most. */
export const MAX_FILTER_DEPTH = 16;
/** Terms and values: each is asked of every row, and 200 over 25,000 rows stay under a second. */
export const MAX_FILTER_TERMS = 200;

/** AND without needless nesting: the one form a meaning has. */
export function allOf(members: readonly Filter[]): Filter {
  const of = members.flatMap((member) => (member.type === 'all' ? member.of : [member]));
  return of.length === 1 && of[0] !== undefined ? of[0] : { type: 'all', of };
}

/** OR without needless nesting. */
export function anyOf(members: readonly Filter[]): Filter {
  const of = members.flatMap((member) => (member.type === 'any' ? member.of : [member]));
  return of.length === 1 && of[0] !== undefined ? of[0] : { type: 'any', of };
}

/** Its leaves, from left to right. */
export function termsOf(filter: Filter): Term[] {
  switch (filter.type) {
    case 'all':
    case 'any':
      return filter.of.flatMap(termsOf);
    case 'not':
      return termsOf(filter.of);
    default:
      return [filter];
  }
}

/** Stands in `fieldsOf` for free words, which read every searched field. */
export const ANY_SEARCHED_FIELD = '*';

/** Which fields its answer depends on. */
export const fieldsOf = (filter: Filter): ReadonlySet<string> =>
  new Set(termsOf(filter).map((term) => (term.type === 'word' ? ANY_SEARCHED_FIELD : term.field)));
