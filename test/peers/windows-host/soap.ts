// SOAP envelopes of the fake Windows host: what a request says, and how an answer is written (DSP0226, 5 and 6).
import { FAULTS } from './wsman-fault.ts';
import { NS } from './wsman-names.ts';
import { childOf, childrenOf, escapeXml, parseXml, textOf, type XmlNode } from './xml-tree.ts';

export interface SoapRequest {
  kind: 'request';
  action: string;
  messageId: string;
  resourceUri: string;
  selectors: ReadonlyMap<string, string>;
  options: ReadonlyMap<string, string>;
  /** Absent: the host's own. */
  timeoutMs: number | undefined;
  maxEnvelopeBytes: number | undefined;
  body: XmlNode;
}

export interface IdentifyRequest {
  kind: 'identify';
}

/** xs:duration with time parts alone, which is all that clients of WinRM send. */
export function durationMs(text: string): number | undefined {
  const match = /^P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(text);
  if (match === null) return undefined;
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = match;
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1_000;
}

function named(set: XmlNode | undefined, item: string): Map<string, string> {
  return new Map(
    childrenOf(set, NS.wsman, item).map((node) => [node.attributes.get('Name') ?? '', textOf(node) ?? '']),
  );
}

/** Throws a fault for what no host accepts. */
export function readRequest(xml: string): SoapRequest | IdentifyRequest {
  const envelope = parsed(xml);
  if (envelope.ns !== NS.soap || envelope.name !== 'Envelope') throw FAULTS.badEnvelope('no SOAP envelope');
  const body = childOf(envelope, NS.soap, 'Body');
  if (body === undefined) throw FAULTS.badEnvelope('no body');
  if (childOf(body, NS.identity, 'Identify') !== undefined) return { kind: 'identify' };
  const header = childOf(envelope, NS.soap, 'Header');
  const text = (ns: string, name: string) => textOf(childOf(header, ns, name));
  const action = text(NS.addressing, 'Action');
  const messageId = text(NS.addressing, 'MessageID');
  if (action === undefined || !/^(urn:)?uuid:[0-9a-f-]{36}$/i.test(messageId ?? ''))
    throw FAULTS.badEnvelope('no action or message id');
  const timeout = text(NS.wsman, 'OperationTimeout');
  const size = text(NS.wsman, 'MaxEnvelopeSize');
  return {
    kind: 'request',
    action,
    messageId: messageId ?? '',
    resourceUri: text(NS.wsman, 'ResourceURI') ?? '',
    selectors: named(childOf(header, NS.wsman, 'SelectorSet'), 'Selector'),
    options: named(childOf(header, NS.wsman, 'OptionSet'), 'Option'),
    timeoutMs: timeout === undefined ? undefined : durationMs(timeout),
    maxEnvelopeBytes: size === undefined ? undefined : Number(size),
    body,
  };
}

function parsed(xml: string): XmlNode {
  try {
    return parseXml(xml);
  } catch (error) {
    throw FAULTS.badEnvelope(error instanceof Error ? error.message : 'not XML');
  }
}

const PREFIXES = [
  `xmlns:s="${NS.soap}"`,
  `xmlns:a="${NS.addressing}"`,
  `xmlns:n="${NS.enumeration}"`,
  `xmlns:e="${NS.enumeration}"`,
  `xmlns:x="${NS.transfer}"`,
  `xmlns:w="${NS.wsman}"`,
  `xmlns:rsp="${NS.shell}"`,
  `xmlns:p="${NS.microsoft}"`,
].join(' ');

export interface Answer {
  action: string;
  relatesTo: string;
  messageId: string;
  body: string;
}

/** The prefixes are those a Windows host uses; a client may rely on none of them. */
export const writeAnswer = ({ action, relatesTo, messageId, body }: Answer): string =>
  `<s:Envelope xml:lang="en-US" ${PREFIXES}><s:Header><a:Action>${action}</a:Action><a:MessageID>uuid:${messageId}</a:MessageID><a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To><a:RelatesTo>${escapeXml(relatesTo)}</a:RelatesTo></s:Header><s:Body>${body}</s:Body></s:Envelope>`;

/** Identify (DSP0226, 11): to one who is not logged in the versions are blank, as Windows has them. */
export const writeIdentity = (osVersion: string | undefined): string =>
  `<s:Envelope xml:lang="en-US" xmlns:s="${NS.soap}"><s:Header/><s:Body><wsmid:IdentifyResponse xmlns:wsmid="${NS.identity}"><wsmid:ProtocolVersion>http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</wsmid:ProtocolVersion><wsmid:ProductVendor>Microsoft Corporation</wsmid:ProductVendor><wsmid:ProductVersion>OS: ${osVersion ?? '0.0.0'} SP: 0.0 Stack: 3.0</wsmid:ProductVersion></wsmid:IdentifyResponse></s:Body></s:Envelope>`;
