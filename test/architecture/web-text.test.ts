// Every visible text of the web console comes from a catalogue, and every catalogue says the same in each language.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAst } from 'vite';
import { expect, test } from 'vitest';
import { PROJECT, sourceFiles } from './source-files.ts';

const SRC = 'console/web/src/';
/** The page of components exists in development builds only. */
const DEVELOPMENT = ['gallery'];
/** Names that are the same in every language, beside those that are all capitals: SSH, CSV. */
const NAMES = new Set(['KiB', 'Example GmbH']);
/** Attributes and properties that end up before somebody's eyes or ears. */
const SPOKEN =
  /^(title|alt|placeholder|label|hint|what|caption|body|text|summary|aria-(label|description|valuetext|roledescription|placeholder))$/;

const roomOf = (file: string): string => path.dirname(file.slice(SRC.length));
const areas = DEVELOPMENT;
const isLeftOut = (room: string) => areas.some((area) => room === area || room.startsWith(`${area}/`));

interface Node {
  type: string;
  start: number;
  [member: string]: unknown;
}
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
const nodesIn = (value: unknown): Node[] => (Array.isArray(value) ? value : [value]).filter(isNode);

function speaks(text: unknown): boolean {
  return (
    typeof text === 'string' && /\p{L}{2}/u.test(text) && !/^[\p{Lu}\d\s/+-]+$/u.test(text) && !NAMES.has(text.trim())
  );
}

/** The literals that an expression may turn out to be. */
function literalsOf(node: Node | undefined): string[] {
  if (node === undefined) return [];
  const both = (...names: string[]) => names.flatMap((name) => nodesIn(node[name]).flatMap(literalsOf));
  switch (node.type) {
    case 'Literal':
      return typeof node['value'] === 'string' ? [node['value']] : [];
    case 'TemplateLiteral':
      return nodesIn(node['quasis']).flatMap((part) => {
        // The form of a template's parts in every syntax tree of JavaScript.
        const { cooked } = part['value'] as { cooked: string };
        return cooked;
      });
    case 'ConditionalExpression':
      return both('consequent', 'alternate');
    case 'LogicalExpression':
      return both('left', 'right');
    case 'JSXExpressionContainer':
    case 'TSAsExpression':
      return both('expression');
    default:
      return [];
  }
}

/** Visible literals of a component's source, where they stand as text or as a spoken attribute. */
function visibleTexts(source: string): string[] {
  const found: string[] = [];
  const walk = (node: Node): void => {
    if (node.type === 'JSXText') found.push(String(node['value']));
    if (node.type === 'JSXElement' || node.type === 'JSXFragment')
      for (const child of nodesIn(node['children']))
        if (child.type === 'JSXExpressionContainer') found.push(...literalsOf(child));
    if (node.type === 'JSXAttribute') {
      const [name] = nodesIn(node['name']);
      if (SPOKEN.test(String(name?.['name']))) found.push(...nodesIn(node['value']).flatMap(literalsOf));
    }
    for (const member of Object.values(node)) for (const child of nodesIn(member)) walk(child);
  };
  for (const part of nodesIn(parseAst(source, { lang: 'tsx' }).body)) walk(part);
  return found.filter(speaks).map((text) => text.trim());
}

/** A key of a catalogue, or a word of the code. */
const isKey = (text: string): boolean => /^[a-z][A-Za-z0-9]*$/.test(text);
/** "Filter by status", "The fleet could not be read." */
const isSentence = (text: string): boolean => /^\p{Lu}\p{Ll}+ \p{L}/u.test(text);

/** Texts outside of markup: in the tables and lists that components are made from. Messages of errors are for logs. */
function looseTexts(source: string, lang: 'ts' | 'tsx' = 'tsx'): string[] {
  const found: string[] = [];
  const walk = (node: Node): void => {
    if (/^(ImportDeclaration|ThrowStatement|TSLiteralType|JSXAttribute)$/.test(node.type)) return;
    if (node.type === 'NewExpression' && nodesIn(node['callee']).some((one) => String(one['name']).endsWith('Error')))
      return;
    const [text] = node.type === 'Literal' ? literalsOf(node) : [];
    if (text !== undefined && isSentence(text)) found.push(text);
    if (node.type === 'Property' && nodesIn(node['key']).some((key) => SPOKEN.test(String(key['name']))))
      found.push(
        ...nodesIn(node['value'])
          .flatMap(literalsOf)
          .filter((literal) => !isKey(literal)),
      );
    for (const member of Object.values(node)) for (const child of nodesIn(member)) walk(child);
  };
  for (const part of nodesIn(parseAst(source, { lang }).body)) walk(part);
  return [...new Set(found.filter(speaks))];
}

const codeFiles = sourceFiles().filter(
  (file) => file.startsWith(SRC) && !/\.test\.tsx?$|\.d\.ts$|\/text\.(en|de)\.ts$/.test(file),
);
const textsOf = (file: string): string[] => {
  const source = readFileSync(path.join(PROJECT, file), 'utf8');
  const texts = file.endsWith('x') ? [...visibleTexts(source), ...looseTexts(source)] : looseTexts(source, 'ts');
  return [...new Set(texts)].map((text) => `${file}: ${text}`);
};

test('no room holds visible text of its own: all of it comes through a catalogue', () => {
  expect(codeFiles.filter((file) => !isLeftOut(roomOf(file))).flatMap(textsOf)).toEqual([]);
});

test.each([
  ['<p>Hello</p>', ['Hello']],
  ['<p title="Hello" className="panel" />', ['Hello']],
  ['<p>{isOn ? "On now" : t("off")}</p>', ['On now']],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the source under test is a template
  ['<p aria-label={`Chart of ${name}`}>{"–"} {t("text")} %</p>', ['Chart of']],
  ['<p>RMM</p>', []],
])('visible in %s is %j', (source, texts) => expect(visibleTexts(`const a = ${source};`)).toEqual(texts));

test.each([
  ["[{ key: 'cpu', title: 'Memory' }]", ['Memory']],
  ["[{ key: 'cpu', title: 'memoryTitle', name: 'SSH' }]", []],
  ["{ a: ['Filter the fleet'] }", ['Filter the fleet']],
  ["new Error('The page has no root')", []],
])('loose in %s is %j', (source, texts) => expect(looseTexts(`const a = ${source};`)).toEqual(texts));

type Texts = Record<string, string | { one: string; other: string }>;
const rooms = sourceFiles()
  .filter((file) => file.startsWith(SRC) && file.endsWith('/text.en.ts'))
  .map(roomOf);
const load = async (room: string, language: 'en' | 'de'): Promise<Texts> => {
  // Each room's file exports its texts under the language's name; the compiler holds them to it.
  const module = (await import(path.join(PROJECT, SRC, room, `text.${language}.ts`))) as Record<string, Texts>;
  return module[language] ?? {};
};
const formsOf = (message: Texts[string] | undefined): string[] =>
  typeof message === 'object' ? [message.one, message.other] : [message ?? ''];
const namesIn = (text: string): string[] => [...new Set(text.match(/\{[^}]*\}/g))].sort((a, b) => a.localeCompare(b));
const namesOf = (message: Texts[string] | undefined): string[] => namesIn(formsOf(message).join(' '));

test.each(rooms)(
  '%s says the same in every language: keys, placeholders, plural forms, no empty text',
  async (room) => {
    const [en, de] = [await load(room, 'en'), await load(room, 'de')];
    expect(new Set(Object.keys(de))).toEqual(new Set(Object.keys(en)));
    for (const [key, message] of Object.entries(en)) {
      const other = de[key];
      expect([key, namesOf(other)]).toEqual([key, namesOf(message)]);
      expect([key, typeof other]).toEqual([key, typeof message]);
      expect([key, [...formsOf(message), ...formsOf(other)].filter((text) => text.trim() === '')]).toEqual([key, []]);
      expect([key, namesOf(message).filter((name) => !/^\{[a-z]\w*\}$/.test(name))]).toEqual([key, []]);
    }
  },
);

test('each catalogue carries the name of its own folder, under which its translation is found', () => {
  for (const room of rooms) {
    const source = readFileSync(path.join(PROJECT, SRC, room, 'text.ts'), 'utf8');
    expect(source).toContain(`catalogue('${room}', en)`);
  }
});
