// Writes the envelopes of WS-Management requests: headers, escaping, and a message id of its own for each.
import type { RandomBytes } from '#shared/base/id.ts';
import { NS } from './namespaces.ts';

export interface WsmanRequest {
  action: string;
  resource: string;
  selectors?: Readonly<Record<string, string>>;
  options?: Readonly<Record<string, string>>;
  /** XML of the body, with the prefixes that `writeEnvelope` declares; every text in it went through `xmlText`. */
  body: string;
  /** How long the machine may take before it answers with a fault. */
  operationTimeoutMs: number;
}

// 512,000: what a Windows host of today accepts and answers at most (MaxEnvelopeSizekb 500).
const MAX_ENVELOPE_BYTES = 512_000;
// 60 s: MaxTimeoutms of a Windows host; who asks for more is refused.
const MAX_OPERATION_MS = 60_000;
/** Nothing reads it, and it says nothing of the network: Windows looks at the port it listens on (DSP0226 5.4.2). */
const TO = 'http://localhost:5985/wsman';
const ANONYMOUS = 'http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous';

/** Characters that XML 1.0 cannot carry at all, not even as a reference (XML 1.0, 2.2); halves of pairs among them. */
const UNWRITABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

export const isWritable = (text: string): boolean => !UNWRITABLE.test(text);

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A reader turns a literal CR into LF (XML 1.0, 2.11).
  '\r': '&#xD;',
};

/** Text inside an element or between double quotes. */
export const xmlText = (text: string): string => text.replaceAll(/[&<>"\r]/g, (sign) => ESCAPES[sign] ?? sign);

/** A message id that no other request has (RFC 4122 4.4, WS-Addressing 3.3), in the letters Windows itself uses. */
export function newMessageId(random: RandomBytes): string {
  const bytes = Buffer.from(random(new Uint8Array(16)));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex').toUpperCase();
  return `uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** xs:duration in seconds, a millisecond exact. */
const duration = (ms: number): string => `PT${(Math.max(1, Math.min(ms, MAX_OPERATION_MS)) / 1_000).toFixed(3)}S`;

function namedSet(set: 'SelectorSet' | 'OptionSet', values: Readonly<Record<string, string>> = {}): string {
  const item = set === 'SelectorSet' ? 'Selector' : 'Option';
  const items = Object.entries(values).map(
    ([name, value]) => `<w:${item} Name="${xmlText(name)}">${xmlText(value)}</w:${item}>`,
  );
  if (items.length === 0) return '';
  const must = set === 'OptionSet' ? ' s:mustUnderstand="true"' : '';
  return `<w:${set}${must}>${items.join('')}</w:${set}>`;
}

const NAMESPACES = [
  `xmlns:s="${NS.soap}"`,
  `xmlns:a="${NS.addressing}"`,
  `xmlns:w="${NS.wsman}"`,
  `xmlns:p="${NS.microsoft}"`,
  `xmlns:n="${NS.enumeration}"`,
  `xmlns:rsp="${NS.shell}"`,
].join(' ');

/** English is asked for, so that the words of a fault are the same on every machine; nothing is judged by them. */
const LOCALE =
  '<w:Locale xml:lang="en-US" s:mustUnderstand="false"/><p:DataLocale xml:lang="en-US" s:mustUnderstand="false"/>';

/** The whole envelope (DSP0226 5 and 6, MS-WSMV 2.2.4.19). */
export function writeEnvelope(request: WsmanRequest, messageId: string): string {
  const { action, resource, selectors, options, body, operationTimeoutMs } = request;
  return (
    `<s:Envelope ${NAMESPACES}><s:Header>` +
    `<a:To>${TO}</a:To>` +
    `<w:ResourceURI s:mustUnderstand="true">${xmlText(resource)}</w:ResourceURI>` +
    `<a:ReplyTo><a:Address s:mustUnderstand="true">${ANONYMOUS}</a:Address></a:ReplyTo>` +
    `<a:Action s:mustUnderstand="true">${xmlText(action)}</a:Action>` +
    `<w:MaxEnvelopeSize s:mustUnderstand="true">${MAX_ENVELOPE_BYTES}</w:MaxEnvelopeSize>` +
    `<a:MessageID>${messageId}</a:MessageID>${LOCALE}` +
    `<w:OperationTimeout>${duration(operationTimeoutMs)}</w:OperationTimeout>` +
    `${namedSet('SelectorSet', selectors)}${namedSet('OptionSet', options)}` +
    `</s:Header><s:Body>${body}</s:Body></s:Envelope>`
  );
}

/** Asks who is there; it has no headers at all (DSP0226 11). */
export const IDENTIFY = `<s:Envelope xmlns:s="${NS.soap}" xmlns:i="${NS.identity}"><s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>`;
