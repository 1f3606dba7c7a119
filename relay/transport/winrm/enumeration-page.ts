// What a question to the CIM repository looks like on the wire, and what a page of its answer says (DSP0226 8, MS-WSMV 3.1.4.1.4).
import type { CimProperties } from '#relay/transport/cim.ts';
import { type CimValue, readValue } from './cim-value.ts';
import { xmlText } from './envelope-write.ts';
import { NS, WQL } from './namespaces.ts';
import { childOf, type XmlElement } from './xml-read.ts';

/** Properties by name; one that is undefined could not be read. */
export type Row = Readonly<Record<string, CimValue | undefined>>;

// 1,000 a page: a Windows host answers some 75 KB at a time whatever is asked, and refuses more than its MaxBatchItems of 32,000.
const PAGE_INSTANCES = 1_000;
// 4,096 characters: Windows gives "uuid:" and 36; what is longer is no context but a load.
const MAX_CONTEXT_LENGTH = 4_096;

export const enumerateBody = (wql: string): string =>
  `<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>${PAGE_INSTANCES}</w:MaxElements>` +
  `<w:Filter Dialect="${WQL}">${xmlText(wql)}</w:Filter></n:Enumerate>`;

export const pullBody = (context: string): string =>
  `<n:Pull><n:EnumerationContext>${xmlText(context)}</n:EnumerationContext><n:MaxElements>${PAGE_INSTANCES}</n:MaxElements></n:Pull>`;

export const releaseBody = (context: string): string =>
  `<n:Release><n:EnumerationContext>${xmlText(context)}</n:EnumerationContext></n:Release>`;

interface Page {
  items: readonly XmlElement[];
  context: string | undefined;
  isLast: boolean;
}

/** Items and the end stand in the namespace of WS-Management in the first answer, in that of enumeration in the later ones. */
export function readPage(content: XmlElement | undefined): Page | undefined {
  const isPage = content?.uri === NS.enumeration && /^(Enumerate|Pull)Response$/.test(content.local);
  if (content === undefined || !isPage) return undefined;
  const either = (local: string) => childOf(content, NS.wsman, local) ?? childOf(content, NS.enumeration, local);
  const context = childOf(content, NS.enumeration, 'EnumerationContext')?.text.trim();
  if (context !== undefined && context.length > MAX_CONTEXT_LENGTH) return undefined;
  return {
    items: either('Items')?.children ?? [],
    context: context === '' ? undefined : context,
    isLast: either('EndOfSequence') !== undefined,
  };
}

/**
 * A whole instance has its properties in the namespace of its class, an XmlFragment in none; a name stands once in either, so
 * only names are compared, in any case, as WMI does.
 */
export function rowOf(item: XmlElement, select: CimProperties): Row {
  const found = new Map<string, XmlElement[]>();
  for (const child of item.children) {
    const name = child.local.toLowerCase();
    const same = found.get(name);
    if (same === undefined) found.set(name, [child]);
    else same.push(child);
  }
  return Object.fromEntries(
    Object.entries(select).map(([name, kind]) => [name, readValue(kind, found.get(name.toLowerCase()) ?? [])]),
  );
}
