// A small XML reader of the fake Windows host: a tree of elements by namespace and name, and the escaping of what it writes.

export interface XmlNode {
  ns: string;
  name: string;
  /** By local name: no attribute of WS-Management needs its namespace told. */
  attributes: ReadonlyMap<string, string>;
  children: XmlNode[];
  /** All character data directly inside. */
  text: string;
}

const TOKEN =
  /<\?[^>]*\?>|<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<(\/?)([^\s/>]+)((?:\s+[^\s=>]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|[^<]+/gy;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Deeper than any request of WS-Management. */
const MAX_DEPTH = 64;

const unescapeXml = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_all, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    const known = NAMED[name ?? ''];
    if (known === undefined) throw new Error(`unknown entity ${name}`);
    return known;
  });

/** A literal CR would be read as LF (XML 1.0, 2.11); controls that XML cannot hold become U+FFFD, as a careful host writes them. */
export const escapeXml = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 forbids exactly these.
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#xD;');

type Scope = ReadonlyMap<string, string>;

interface Open {
  node: XmlNode;
  scope: Scope;
  raw: string;
}

function qualified(raw: string, scope: Scope): { ns: string; name: string } {
  const colon = raw.indexOf(':');
  const prefix = colon === -1 ? '' : raw.slice(0, colon);
  const ns = scope.get(prefix);
  if (ns === undefined && prefix !== '') throw new Error(`prefix ${prefix} is not declared`);
  return { ns: ns ?? '', name: raw.slice(colon + 1) };
}

function readAttributes(raw: string, outer: Scope): { attributes: Map<string, string>; scope: Scope } {
  const attributes = new Map<string, string>();
  const scope = new Map(outer);
  for (const [, name = '', double, single] of raw.matchAll(ATTRIBUTE)) {
    const value = unescapeXml(double ?? single ?? '');
    if (name === 'xmlns') scope.set('', value);
    else if (name.startsWith('xmlns:')) scope.set(name.slice(6), value);
    else attributes.set(name.slice(name.indexOf(':') + 1), value);
  }
  return { attributes, scope };
}

/** Throws for what is no XML, and for a doctype. */
export function parseXml(text: string): XmlNode {
  const root: XmlNode = { ns: '', name: '', attributes: new Map(), children: [], text: '' };
  const open: Open[] = [{ node: root, scope: new Map(), raw: '' }];
  TOKEN.lastIndex = 0;
  let end = text.startsWith('\ufeff') ? 1 : 0;
  while (end < text.length) {
    TOKEN.lastIndex = end;
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`not XML at ${end}`);
    end = TOKEN.lastIndex;
    take(match, open);
  }
  const [top] = root.children;
  if (open.length !== 1 || top === undefined || root.children.length !== 1) throw new Error('not one closed element');
  return top;
}

function take(match: RegExpExecArray, open: Open[]): void {
  const [token, slash, raw, attributeText = '', selfClosing] = match;
  const top = open.at(-1);
  if (top === undefined) throw new Error('closed too often');
  if (raw === undefined) {
    if (token.startsWith('<![CDATA[')) top.node.text += token.slice(9, -3);
    else if (!token.startsWith('<')) top.node.text += unescapeXml(token.replaceAll('\r\n', '\n'));
    return;
  }
  if (slash === '/') {
    if (top.raw !== raw) throw new Error(`${raw} closes ${top.raw}`);
    open.pop();
    return;
  }
  const { attributes, scope } = readAttributes(attributeText, top.scope);
  const node: XmlNode = { ...qualified(raw, scope), attributes, children: [], text: '' };
  top.node.children.push(node);
  if (selfClosing === '/') return;
  if (open.length > MAX_DEPTH) throw new Error('nested too deep');
  open.push({ node, scope, raw });
}

export const childOf = (node: XmlNode | undefined, ns: string, name: string): XmlNode | undefined =>
  node?.children.find((child) => child.ns === ns && child.name === name);

export const childrenOf = (node: XmlNode | undefined, ns: string, name: string): XmlNode[] =>
  node?.children.filter((child) => child.ns === ns && child.name === name) ?? [];

export const textOf = (node: XmlNode | undefined): string | undefined => node?.text.trim();
