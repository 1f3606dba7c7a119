// Faults of a machine: what each number and subcode means to us and to people.
import { expect, test } from 'vitest';
import { envelopeOf, faultOf } from '#test/fixtures/wsman-double.ts';
import { readAnswer } from './envelope-read.ts';
import { readFault } from './fault.ts';

function read(body: string) {
  const fault = readAnswer(envelopeOf(body, 'uuid:1'), 'uuid:1');
  if (fault === undefined) throw new Error('no fault');
  return readFault(fault);
}

test.each([
  [2150858793, 'not-yet', 'timed-out'],
  [2150858843, 'gone', 'lost'],
  [995, 'stopped', 'lost'],
  [2150859173, 'crowded', 'refused'],
  [2150859174, 'crowded', 'refused'],
  [2150859179, 'crowded', 'refused'],
  [5, 'denied', 'denied'],
  [0x80070005, 'denied', 'denied'],
  [0x80041003, 'denied', 'denied'],
  [0x80041010, 'missing', 'unsupported'],
  [0x8004100e, 'missing', 'unsupported'],
  [0x80041017, 'missing', 'unsupported'],
])('fault %i is %s, for people %s', (code, kind, reason) => {
  expect(read(faultOf(code))).toMatchObject({ kind, reason });
});

test.each([
  ['w:AccessDenied', 'denied'],
  ['w:QuotaLimit', 'crowded'],
  ['w:EncodingLimit', 'too-large'],
  ['wsman:TimedOut', 'not-yet'],
  ['w:InvalidSelectors', 'gone'],
  ['a:DestinationUnreachable', 'missing'],
])('a fault with an unknown number is known by its subcode %s', (subcode, kind) => {
  expect(read(faultOf(4_000_000_000, subcode)).kind).toBe(kind);
});

test('a fault nobody knows keeps its number and the words of the machine', () => {
  expect(read(faultOf(1726))).toEqual({ kind: 'other', reason: 'refused', words: 'fault 1726: words of the machine' });
});

test('the code of a provider inside counts more than that of the service around it', () => {
  const body = faultOf(2150858752).replace(
    '<f:Message>words</f:Message>',
    '<f:Message><f:ProviderFault provider="WMI"><f:WSManFault Code="2147749904"/></f:ProviderFault></f:Message>',
  );
  expect(read(body)).toMatchObject({ kind: 'missing', words: 'this machine has no such class' });
});

test('a WMI error is read from its HRESULT', () => {
  const error = `<p:MSFT_WmiError xmlns:p="urn:p"><p:CIMStatusCode>2</p:CIMStatusCode><p:error_Code>${0x80041003}</p:error_Code></p:MSFT_WmiError>`;
  expect(read(faultOf(1).replace(/<f:WSManFault.*<\/f:WSManFault>/, error)).kind).toBe('denied');
});
