// What a schema found wrong with an input, as the fields a person or a program can correct, in plain words.
import type { FieldFault } from '#shared/contract/problem.ts';

/** More than anybody corrects at once; a batch of a thousand devices may be wrong in each. */
const MAX_FAULTS = 100;
/** A field's name may come from the input itself. */
const MAX_FIELD = 200;

/** The parts of an issue that tell what is wrong; zod gives more with each kind. */
interface Issue {
  message: string;
  path?: ReadonlyArray<PropertyKey | { key: PropertyKey }> | undefined;
  code?: unknown;
  expected?: unknown;
  minimum?: unknown;
  maximum?: unknown;
  origin?: unknown;
  format?: unknown;
  values?: unknown;
  keys?: unknown;
  errors?: unknown;
}

/** "devices[3].address"; empty for the input as a whole. */
export function fieldOf(path: Issue['path']): string {
  const text = (path ?? []).reduce<string>((field, segment) => {
    const key = typeof segment === 'object' ? segment.key : segment;
    if (typeof key === 'number') return `${field}[${key}]`;
    return field === '' ? String(key) : `${field}.${String(key)}`;
  }, '');
  return text.slice(0, MAX_FIELD);
}

const NOUNS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a date',
};
const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'an id',
  url: 'an address that begins with http:// or https://',
  email: 'an e-mail address',
  base64: 'base64',
  base64url: 'base64url',
};

function sizeText(issue: Issue, word: 'least' | 'most', bound: unknown): string {
  const n = String(bound);
  switch (issue.origin) {
    case 'string':
      return bound === 1 && word === 'least' ? 'must not be empty' : `must have at ${word} ${n} characters`;
    case 'array':
    case 'set':
      return bound === 1 && word === 'least' ? 'must not be empty' : `must have at ${word} ${n} entries`;
    default:
      return `must be at ${word} ${n}`;
  }
}

function wordsOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.message.endsWith('received undefined')) return 'is missing';
      return `must be ${NOUNS[String(issue.expected)] ?? String(issue.expected)}`;
    case 'too_small':
      return sizeText(issue, 'least', issue.minimum);
    case 'too_big':
      return sizeText(issue, 'most', issue.maximum);
    case 'invalid_value':
      return `must be one of ${Array.isArray(issue.values) ? issue.values.map(String).join(', ') : 'the values it may have'}`;
    case 'invalid_format':
      return FORMATS[String(issue.format)] === undefined ? issue.message : `must be ${FORMATS[String(issue.format)]}`;
    case 'unrecognized_keys':
      return 'is not known here';
    case 'invalid_key':
      return 'is no name that may stand here';
    default:
      return issue.message;
  }
}

const isIssue = (value: unknown): value is Issue =>
  typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';

/** A union is judged by its last form, where ours put the one that people mean. */
function inner(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || !Array.isArray(issue.errors)) return [];
  const last: unknown = issue.errors.at(-1);
  return Array.isArray(last) ? last.filter(isIssue) : [];
}

function faultsOf(issue: Issue): FieldFault[] {
  const path = issue.path ?? [];
  const nested = inner(issue).flatMap((one) => faultsOf({ ...one, path: [...path, ...(one.path ?? [])] }));
  if (nested.length > 0) return nested;
  if (issue.code === 'unrecognized_keys' && Array.isArray(issue.keys))
    return issue.keys.map((key) => ({ field: fieldOf([...path, String(key)]), message: wordsOf(issue) }));
  return [{ field: fieldOf(path), message: wordsOf(issue) }];
}

/** At most a hundred; empty for anything that is no list of issues. */
export function fieldFaultsOf(issues: unknown): FieldFault[] {
  return Array.isArray(issues) ? issues.filter(isIssue).flatMap(faultsOf).slice(0, MAX_FAULTS) : [];
}
