// Reads one property of a CIM instance as WS-Management writes it; what is NULL, missing or unreadable is undefined (DSP0230 7.2).
import type { CimKind } from '#relay/transport/cim.ts';
import { NS } from './namespaces.ts';
import type { XmlElement } from './xml-read.ts';

/** The values a property can have at all, before a query names its kind. */
export type CimValue = string | number | bigint | boolean | readonly string[] | readonly number[];

/** An array comes as one element per member, anything else as one element. */
export function readValue(kind: CimKind, elements: readonly XmlElement[]): CimValue | undefined {
  const texts = elements.map(plainText);
  if (kind === 'texts' || kind === 'integers') return readArray(kind, texts);
  const [text] = texts;
  return texts.length === 1 && text !== undefined ? READERS[kind](text) : undefined;
}

/** A member that cannot be read makes the array unreadable; one that is NULL is left out. */
function readArray(kind: 'texts' | 'integers', texts: readonly (string | undefined)[]): CimValue | undefined {
  const present = texts.filter((text) => text !== undefined);
  if (present.length === 0) return undefined;
  if (kind === 'texts') return present;
  const numbers = present.map(readInteger).filter((each) => each !== undefined);
  return numbers.length === present.length ? numbers : undefined;
}

const isNil = (element: XmlElement): boolean => /^(true|1)$/.test(element.attributes.get(`${NS.instance} nil`) ?? '');

/** Dates stand in an element of their own inside the property; any other element inside is an embedded object, which nobody asks for. */
const DATE_ELEMENTS = new Set(['Datetime', 'CIM_DateTime', 'Date', 'Time', 'Interval']);

function plainText(element: XmlElement): string | undefined {
  if (isNil(element)) return undefined;
  const [inner, ...more] = element.children;
  if (inner === undefined) return element.text;
  const isDate = more.length === 0 && inner.uri === NS.cim && DATE_ELEMENTS.has(inner.local);
  return isDate && !isNil(inner) ? inner.text : undefined;
}

const READERS: Readonly<Record<Exclude<CimKind, 'texts' | 'integers'>, (text: string) => CimValue | undefined>> = {
  text: (text) => text,
  integer: readInteger,
  big: readBig,
  real: readReal,
  boolean: readBoolean,
  time: readTime,
};

function readInteger(text: string): number | undefined {
  const value = /^\s*[+-]?\d{1,20}\s*$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

const MIN_BIG = -(2n ** 63n); // sint64
const MAX_BIG = 2n ** 64n - 1n; // uint64

function readBig(text: string): bigint | undefined {
  if (!/^\s*-?\d{1,20}\s*$/.test(text)) return undefined;
  const value = BigInt(text.trim());
  return value >= MIN_BIG && value <= MAX_BIG ? value : undefined;
}

function readReal(text: string): number | undefined {
  const value = /^\s*[+-]?(\d{1,40}\.?\d{0,40}|\.\d{1,40})([eE][+-]?\d{1,3})?\s*$/.test(text)
    ? Number(text)
    : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

function readBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' ? false : undefined;
}

/** DSP0004 5.5.1: yyyymmddHHMMSS.mmmmmm and the minutes that local time is ahead of UTC. Wildcards and intervals are no time. */
const CIM_TIME = /^\s*(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.(\d{3})\d{3}([+-]\d{3})\s*$/;
/** xs:dateTime with its zone; without one nobody knows which moment it is. */
const XS_TIME = /^\s*(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3})\d{0,9})?(Z|[+-]\d\d:\d\d)\s*$/;

function readTime(text: string): number | undefined {
  const match = CIM_TIME.exec(text) ?? XS_TIME.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const ms = Number((match[7] ?? '0').padEnd(3, '0'));
  const utc = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const read = new Date(utc);
  // A 30th of February would become a day of March.
  const isReal =
    read.getUTCMonth() === month - 1 && read.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  // Year 1601 stands for "never" in much of Windows, and is before anything a machine did.
  return isReal && year >= 1970 ? utc - zoneMinutes(match[8] ?? 'Z') * 60_000 : undefined;
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  if (!zone.includes(':')) return Number(zone);
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return zone.startsWith('-') ? -minutes : minutes;
}
