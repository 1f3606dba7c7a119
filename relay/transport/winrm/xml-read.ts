// Reads a small XML document of a device into elements, strictly and within bounds; what is meant by a prefix is its namespace.
import { SaxesParser, type SaxesTagNS } from 'saxes';

export interface XmlElement {
  readonly uri: string;
  readonly local: string;
  /** Those without a namespace by their name, others as "namespace name". */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All text directly inside, joined. */
  readonly text: string;
}

/** The message says what is wrong and never what was read. */
export class XmlFault extends Error {
  override readonly name = 'XmlFault';
}

// A million characters: twice the largest envelope that was asked for.
const MAX_LENGTH = 1_048_576;
// 24: an embedded CIM object in a fault in an envelope is half as deep.
const MAX_DEPTH = 24;
// 40,000: an envelope of the largest size is full of properties of 13 bytes then.
const MAX_ELEMENTS = 40_000;
// 40: the root of a Windows answer declares nine namespaces.
const MAX_ATTRIBUTES = 40;

interface Building {
  uri: string;
  local: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  text: string;
}

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

class TreeBuilder {
  root: XmlElement | undefined;
  readonly #open: Building[] = [];
  #elements = 0;
  #attributes = 0;

  attribute(): void {
    this.#attributes += 1;
    if (this.#attributes > MAX_ATTRIBUTES) throw new XmlFault('too many attributes');
  }

  open({ uri, local, attributes }: SaxesTagNS): void {
    this.#elements += 1;
    this.#attributes = 0;
    if (this.#elements > MAX_ELEMENTS) throw new XmlFault('too many elements');
    if (this.#open.length >= MAX_DEPTH) throw new XmlFault('elements nest too deep');
    const own = Object.values(attributes).filter((each) => each.prefix !== 'xmlns' && each.name !== 'xmlns');
    const element: Building = {
      uri,
      local,
      attributes:
        own.length === 0
          ? NO_ATTRIBUTES
          : new Map(own.map((each) => [each.uri === '' ? each.local : `${each.uri} ${each.local}`, each.value])),
      children: [],
      text: '',
    };
    this.#open.at(-1)?.children.push(element);
    this.root ??= element;
    this.#open.push(element);
  }

  close(): void {
    this.#open.pop();
  }

  text(text: string): void {
    const element = this.#open.at(-1);
    if (element !== undefined) element.text += text;
  }
}

/** Throws `XmlFault` for what is not well-formed, is larger than any answer may be, or declares a document type. */
export function readXml(text: string): XmlElement {
  if (text.length > MAX_LENGTH) throw new XmlFault(`longer than ${MAX_LENGTH} characters`);
  const builder = new TreeBuilder();
  const parser = new SaxesParser({ xmlns: true, position: false });
  parser.on('error', () => {
    throw new XmlFault('not well-formed');
  });
  parser.on('doctype', () => {
    throw new XmlFault('declares a document type');
  });
  parser.on('processinginstruction', () => {
    throw new XmlFault('holds a processing instruction');
  });
  parser.on('attribute', () => builder.attribute());
  parser.on('opentag', (tag) => builder.open(tag));
  parser.on('closetag', () => builder.close());
  parser.on('text', (part) => builder.text(part));
  parser.on('cdata', (part) => builder.text(part));
  parser.write(text).close();
  if (builder.root === undefined) throw new XmlFault('empty');
  return builder.root;
}

export const childOf = (element: XmlElement | undefined, uri: string, local: string): XmlElement | undefined =>
  element?.children.find((child) => child.local === local && child.uri === uri);

export const childrenOf = (element: XmlElement | undefined, uri: string, local: string): XmlElement[] =>
  element?.children.filter((child) => child.local === local && child.uri === uri) ?? [];
