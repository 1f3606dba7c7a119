// Envelopes: what a request says, what is escaped, and which answers are taken.
import { expect, test } from 'vitest';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { envelopeOf, faultOf } from '#test/fixtures/wsman-double.ts';
import { readAnswer } from './envelope-read.ts';
import { isWritable, newMessageId, writeEnvelope, xmlText } from './envelope-write.ts';
import { ACTION, NS, wmiResource } from './namespaces.ts';
import { childOf, readXml } from './xml-read.ts';

const WMI = 'http://schemas.microsoft.com/wbem/wsman/1/wmi/';
const ID = newMessageId(seededBytes(1));

function written(over: { timeoutMs?: number; body?: string } = {}) {
  return readXml(
    writeEnvelope(
      {
        action: ACTION.enumerate,
        resource: wmiResource('root\\cimv2'),
        selectors: { ShellId: '<&">\r' },
        options: { WINRS_CODEPAGE: '65001' },
        body: over.body ?? '',
        operationTimeoutMs: over.timeoutMs ?? 20_000,
      },
      ID,
    ),
  );
}

const headerOf = (envelope = written()) => childOf(envelope, NS.soap, 'Header');

test('a request names its resource, its limits and itself', () => {
  const header = headerOf();
  const text = (uri: string, local: string) => childOf(header, uri, local)?.text;
  expect(text(NS.wsman, 'ResourceURI')).toBe(`${WMI}root/cimv2/*`);
  expect(text(NS.addressing, 'Action')).toBe('http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate');
  expect(text(NS.wsman, 'MaxEnvelopeSize')).toBe('512000');
  expect(text(NS.wsman, 'OperationTimeout')).toBe('PT20.000S');
  expect(text(NS.addressing, 'MessageID')).toBe(ID);
  expect(childOf(childOf(header, NS.wsman, 'OptionSet'), NS.wsman, 'Option')?.text).toBe('65001');
  expect(childOf(header, NS.wsman, 'Locale')?.attributes.get(`${NS.xml} lang`)).toBe('en-US');
});

test('no machine is asked to take longer than a minute over one operation', () => {
  const header = headerOf(written({ timeoutMs: 3_600_000 }));
  expect(childOf(header, NS.wsman, 'OperationTimeout')?.text).toBe('PT60.000S');
});

test('text comes back as it was, the carriage return too', () => {
  const text = 'a\r\n<b attribute="c">&amp;\'ü\u{1f600}';
  expect(readXml(`<a k="${xmlText(text.replace('\n', ''))}">${xmlText(text)}</a>`).text).toBe(text);
  expect(childOf(childOf(headerOf(), NS.wsman, 'SelectorSet'), NS.wsman, 'Selector')?.text).toBe('<&">\r');
});

test.each(['\0', 'a\u0001', '\ufffe', '\ud800'])(
  'a character that XML cannot carry is known before it is sent',
  (text) => {
    expect(isWritable(text)).toBe(false);
  },
);

test('message ids are UUIDs of version 4 and no two alike', () => {
  const random = seededBytes(7);
  const ids = Array.from({ length: 100 }, () => newMessageId(random));
  expect(new Set(ids).size).toBe(100);
  for (const id of ids)
    expect(id).toMatch(/^uuid:[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/);
});

test('an answer is read when it relates to what was asked', () => {
  expect(readAnswer(envelopeOf('<rsp:SendResponse/>', ID), ID)?.local).toBe('SendResponse');
  expect(readAnswer(envelopeOf('', ID), ID)).toBeUndefined();
});

test.each([
  ['to another request', envelopeOf('<rsp:SendResponse/>', 'uuid:0'), 'another request'],
  ['to nobody', envelopeOf('<rsp:SendResponse/>', undefined), 'another request'],
  ['a fault to another request', envelopeOf(faultOf(5), 'uuid:0'), 'another request'],
  ['no envelope', '<html xmlns="http://www.w3.org/1999/xhtml"/>', 'no SOAP envelope'],
  ['an envelope of SOAP 1.1', '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>', 'no SOAP envelope'],
  ['no body', `<s:Envelope xmlns:s="${NS.soap}"/>`, 'without a body'],
])('an answer is refused that is %s', (_, text, what) => {
  expect(() => readAnswer(text, ID)).toThrow(what);
});

test('a fault that relates to nobody is read: the machine could not know who asked', () => {
  expect(readAnswer(envelopeOf(faultOf(5), undefined), ID)?.local).toBe('Fault');
});
