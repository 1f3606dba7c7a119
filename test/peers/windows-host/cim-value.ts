// Values and rows of the fake host's CIM repository, and how WS-Management writes them (DSP0230, MS-WSMV 2.2.4).
import { NS, WMI_RESOURCE } from './wsman-names.ts';
import { escapeXml } from './xml-tree.ts';

/** A point in time; a property of this type is written as `cim:Datetime`. */
export interface CimTime {
  at: number;
}

export type CimValue = string | number | bigint | boolean | CimTime | null | readonly (string | number)[];

/** By lower-case name: WMI does not tell `name` from `Name`. */
export type CimRow = ReadonlyMap<string, CimValue>;

/** A list has a method of that name. */
export const isCimTime = (value: CimValue): value is CimTime =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'at' in value;

export interface CimClass {
  /** Lower case with slashes, "root/cimv2". */
  namespace: string;
  name: string;
  properties: readonly string[];
  rows: () => readonly CimRow[];
}

function writeOne(tag: string, value: Exclude<CimValue, readonly (string | number)[]>): string {
  if (value === null) return `<${tag} xsi:nil="true"/>`;
  if (isCimTime(value)) return `<${tag}><cim:Datetime>${new Date(value.at).toISOString()}</cim:Datetime></${tag}>`;
  const text = escapeXml(String(value));
  return text === '' ? `<${tag}></${tag}>` : `<${tag}>${text}</${tag}>`;
}

const isList = (value: CimValue): value is readonly (string | number)[] => Array.isArray(value);

/** Arrays repeat their element; an empty one and NULL look the same on this wire. */
function writeProperty(tag: string, value: CimValue): string {
  if (!isList(value)) return writeOne(tag, value);
  return value.length === 0 ? writeOne(tag, null) : value.map((one) => writeOne(tag, one)).join('');
}

const byName = (a: string, b: string) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1);
const DECLARED = `xmlns:xsi="${NS.schema}" xmlns:cim="${NS.cim}"`;

/** What `SELECT a,b` gives: properties without namespace, in alphabetical order. */
export function writeFragment(row: CimRow, names: readonly string[]): string {
  const properties = [...names].sort(byName).map((name) => writeProperty(name, row.get(name.toLowerCase()) ?? null));
  return `<w:XmlFragment ${DECLARED}>${properties.join('')}</w:XmlFragment>`;
}

/** What `SELECT *` gives: the instance in the namespace of its class. */
export function writeInstance({ namespace, name, properties }: CimClass, row: CimRow): string {
  const uri = `${WMI_RESOURCE}${namespace}/${name}`;
  const written = [...properties]
    .sort(byName)
    .map((property) => writeProperty(`p:${property}`, row.get(property.toLowerCase()) ?? null));
  return `<p:${name} xmlns:p="${uri}" ${DECLARED} xsi:type="p:${name}_Type" xml:lang="en-US">${written.join('')}</p:${name}>`;
}
