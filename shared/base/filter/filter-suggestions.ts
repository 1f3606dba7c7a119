// What may stand where a person types in a filter: field names, operators and values, for the web and the command line.
import type { Field, Fields } from './filter.ts';
import { quantityHelp } from './quantity.ts';

export interface FilterSuggestion {
  kind: 'field' | 'operator' | 'value';
  /** What replaces the text between `from` and `to`, quoted where it must be. */
  text: string;
}

export interface FilterSuggestions {
  from: number;
  to: number;
  items: readonly FilterSuggestion[];
}

/** Values of a field that begin with or contain what is typed; the caller knows the fleet. Best first. */
export type ValuesOf = (field: string, typed: string) => readonly string[];

/** More than a list that people look through, less than a fleet. */
const MAX_ITEMS = 20;
const TERM = /^(?<field>[a-z][a-z0-9-]*)(?<op>!=|<=|>=|[:=<>])(?<typed>.*)$/is;

/** For the word that ends at the caret. */
export function filterSuggestions(text: string, caret: number, fields: Fields, valuesOf: ValuesOf): FilterSuggestions {
  const begin = wordBegin(text.slice(0, caret));
  const typed = text.slice(begin, caret);
  const { field = '', op = '', typed: value = '' } = TERM.exec(typed)?.groups ?? {};
  if (op === '') return { from: begin, to: caret, items: fieldItems(typed.toLowerCase(), fields) };
  const from = caret - lastValue(value).length;
  const name = field.toLowerCase();
  return { from, to: caret, items: valueItems(name, lastValue(value), fields, valuesOf).slice(0, MAX_ITEMS) };
}

/** After the last space or parenthesis outside quotation marks, and after a minus. */
function wordBegin(before: string): number {
  let begin = 0;
  let isQuoted = false;
  for (let at = 0; at < before.length; at += 1) {
    const char = before.charAt(at);
    if (char === '\\' && isQuoted) at += 1;
    else if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && /[\s()]/.test(char)) begin = at + 1;
  }
  while (before.charAt(begin) === '-') begin += 1;
  return begin;
}

/** What stands after the last comma outside quotation marks. */
const lastValue = (values: string): string => /(?:"(?:[^"\\]|\\.)*"?|[^",])*$/s.exec(values)?.[0] ?? '';

function fieldItems(typed: string, fields: Fields): FilterSuggestion[] {
  if (typed.startsWith('"')) return [];
  const field = Object.hasOwn(fields, typed) ? fields[typed] : undefined;
  const operators = field === undefined ? [] : operatorsOf(field).map((op) => `${typed}${op}`);
  const names = Object.entries(fields)
    .filter(([name]) => name.startsWith(typed) && name !== typed)
    .map(([name, one]) => `${name}${operatorsOf(one)[0]}`);
  const has = 'has:'.startsWith(typed) ? ['has:'] : [];
  return [
    ...operators.map((text) => ({ kind: 'operator' as const, text })),
    ...[...names, ...has].map((text) => ({ kind: 'field' as const, text })),
  ];
}

function operatorsOf({ kind }: Field): readonly string[] {
  if (kind === 'number' || kind === 'age') return ['>', '>=', '<', '<=', '='];
  return kind === 'text' ? [':', '='] : [':'];
}

function valueItems(name: string, raw: string, fields: Fields, valuesOf: ValuesOf): FilterSuggestion[] {
  const typed = raw.replace(/^"/, '').replace(/"$/, '').replaceAll(/\\(.)/gs, '$1').toLowerCase();
  const asItems = (values: readonly string[]) =>
    values.map((text) => ({ kind: 'value' as const, text: valueText(text) }));
  const starting = (values: readonly string[]) => values.filter((value) => value.toLowerCase().startsWith(typed));
  if (name === 'has') return asItems(starting(Object.keys(fields)));
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field === undefined) return [];
  if (field.kind === 'number' || field.kind === 'age') return asItems(quantityItems(raw, field));
  if (field.kind === 'flag') return asItems(starting(['yes', 'no']));
  return asItems(field.choices === undefined ? valuesOf(name, typed) : starting(field.choices));
}

/** The units for a number that has none yet. */
function quantityItems(typed: string, field: Field): string[] {
  const { example, units } = quantityHelp(field);
  if (typed === '') return [example];
  return /^\d+(\.\d+)?$/.test(typed) ? units.map((unit) => `${typed}${unit}`) : [];
}

const valueText = (text: string): string => (/[\s"()*,]/.test(text) ? `"${text.replaceAll(/["\\]/g, '\\$&')}"` : text);
