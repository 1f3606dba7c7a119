// Fills a template: texts are put into the strings of a JSON tree that is read first, so that no text of a device adds a member to it.
import { AppError } from '#shared/base/errors.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What placeholders may name; a list is for `$for`. */
export type Values = Readonly<Record<string, string | number | ReadonlyArray<Readonly<Record<string, string>>>>>;

/** Words for words, such as a severity in another service's terms: `{{severity|map:theirs}}`. */
export type Maps = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface Fill {
  values: Values;
  maps?: Maps;
  /** Behind a placeholder's own filters. */
  escape?: (text: string) => string;
}

/** `{{title}}`, `{{title|cut:80|slack}}`. */
const PLACEHOLDER = /\{\{([a-zA-Z][a-zA-Z0-9.]*)((?:\|[a-z]+(?::[a-zA-Z0-9]+)?)*)\}\}/g;
/** Deeper is no message of anybody's. */
const MAX_DEPTH = 32;

const FILTERS: Readonly<Record<string, (text: string, by: string, maps: Maps) => string>> = {
  cut: (text, by) => cut(text, Number(by)),
  /** Slack reads these three, and what stands between the latter two as a link or a call to everybody. */
  slack: (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  /** What Markdown reads as more than itself. */
  md: (text) => text.replaceAll(/[\\`*_{}[\]()#+!|~<>@]/g, String.raw`\$&`),
  upper: (text) => text.toUpperCase(),
  map: (text, by, maps) => maps[by]?.[text] ?? text,
};

/** Never between the halves of a character. */
export function cut(text: string, most: number): string {
  if (!(most > 0) || text.length <= most) return text;
  const short = text.slice(0, most - 1);
  return `${/[\ud800-\udbff]$/.test(short) ? short.slice(0, -1) : short}\u2026`;
}

export function fillText(text: string, fill: Fill): string {
  return text.replaceAll(PLACEHOLDER, (_whole, name: string, filters: string) => {
    const value = fill.values[name];
    if (value === undefined || typeof value === 'object')
      throw new AppError('bad-request', `a template names ${name}, which there is not`);
    const filtered = filters
      .split('|')
      .filter((one) => one !== '')
      .reduce((rest, one) => filterOf(one)(rest, fill.maps ?? {}), String(value));
    return fill.escape?.(filtered) ?? filtered;
  });
}

function filterOf(text: string): (value: string, maps: Maps) => string {
  const [name = '', by = ''] = text.split(':');
  const filter = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
  if (filter === undefined)
    throw new AppError('bad-request', `a template names the filter ${name}, which there is not`);
  return (value, maps) => filter(value, by, maps);
}

/**
 * `{"$if": "ackLink", "show": ...}` stays where the value is not empty; `{"$for": "facts", "each": ...}` inside a list is
 * repeated with the members of each; `"{{at}}"` alone is a number where its value is one.
 */
export function fillJson(tree: Json, fill: Fill): Json {
  const filled = filledOf(tree, fill, 0);
  return filled ?? null;
}

function filledOf(node: Json, fill: Fill, depth: number): Json | undefined {
  if (depth > MAX_DEPTH) throw new AppError('bad-request', 'a template is too deep');
  if (typeof node === 'string') return filledString(node, fill);
  if (typeof node !== 'object' || node === null) return node;
  if (isList(node)) return node.flatMap((one) => spread(one, fill, depth + 1));
  const condition = node['$if'];
  if (typeof condition === 'string') {
    const shown = node['show'];
    return isEmpty(fill.values[condition]) || shown === undefined ? undefined : filledOf(shown, fill, depth + 1);
  }
  const members = Object.entries(node).flatMap(([key, member]) => {
    const filled = filledOf(member, fill, depth + 1);
    return filled === undefined ? [] : [[key, filled] as const];
  });
  return Object.fromEntries(members);
}

const isList = (node: Json): node is readonly Json[] => Array.isArray(node);
const isEmpty = (value: Values[string] | undefined): boolean =>
  value === undefined || value === '' || (typeof value === 'object' && value.length === 0);

function spread(node: Json, fill: Fill, depth: number): Json[] {
  if (typeof node === 'object' && node !== null && !isList(node)) {
    const name = node['$for'];
    const each = node['each'];
    const list = typeof name === 'string' ? fill.values[name] : undefined;
    if (typeof name === 'string') {
      if (typeof list !== 'object' || each === undefined)
        throw new AppError('bad-request', `a template repeats ${name}, which is no list`);
      return list.flatMap((one) => {
        const filled = filledOf(each, { ...fill, values: { ...fill.values, ...one } }, depth);
        return filled === undefined ? [] : [filled];
      });
    }
  }
  const filled = filledOf(node, fill, depth);
  return filled === undefined ? [] : [filled];
}

function filledString(text: string, fill: Fill): Json {
  const name = /^\{\{([a-zA-Z]+)\}\}$/.exec(text)?.[1];
  const value = name === undefined ? undefined : fill.values[name];
  return typeof value === 'number' ? value : fillText(text, fill);
}
