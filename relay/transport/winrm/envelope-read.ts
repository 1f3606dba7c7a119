// Reads the envelope of a WS-Management answer: that it is one, that it answers what was asked, and what its body holds.
import { NS } from './namespaces.ts';
import { childOf, readXml, type XmlElement, XmlFault } from './xml-read.ts';

/** The first element of the body; undefined where the body is empty. Throws `XmlFault` for anything but an answer to `messageId`. */
export function readAnswer(text: string, messageId: string | undefined): XmlElement | undefined {
  const envelope = readXml(text);
  if (envelope.local !== 'Envelope' || envelope.uri !== NS.soap) throw new XmlFault('no SOAP envelope');
  const body = childOf(envelope, NS.soap, 'Body');
  if (body === undefined) throw new XmlFault('an envelope without a body');
  const [content] = body.children;
  const relatesTo = childOf(childOf(envelope, NS.soap, 'Header'), NS.addressing, 'RelatesTo')?.text.trim();
  // A machine that could not read who asked says so in a fault that relates to nobody.
  const isNobodys = relatesTo === undefined && content !== undefined && isFault(content);
  if (messageId !== undefined && relatesTo !== messageId && !isNobodys)
    throw new XmlFault('the answer to another request');
  return content;
}

export const isFault = (content: XmlElement): boolean => content.local === 'Fault' && content.uri === NS.soap;
