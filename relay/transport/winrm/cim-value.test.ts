// Properties of CIM as Windows writes them, each kind with what is no value of it.
import { expect, test } from 'vitest';
import type { CimKind } from '#relay/transport/cim.ts';
import { readValue } from './cim-value.ts';
import { NS } from './namespaces.ts';
import { readXml } from './xml-read.ts';

const read = (kind: CimKind, ...inner: string[]) =>
  readValue(
    kind,
    readXml(
      `<r xmlns:xsi="${NS.instance}" xmlns:cim="${NS.cim}">${inner.map((each) => (each.startsWith('<P') ? each : `<P>${each}</P>`)).join('')}</r>`,
    ).children,
  );

test.each<[CimKind, string, unknown]>([
  ['text', 'C:', 'C:'],
  ['text', '', ''],
  ['text', '0409', '0409'],
  ['integer', '42', 42],
  ['integer', '-1', -1],
  ['integer', '9007199254740993', undefined],
  ['integer', '', undefined],
  ['integer', '4x', undefined],
  ['integer', '1e3', undefined],
  ['big', '18446744073709551615', 2n ** 64n - 1n],
  ['big', '-9223372036854775808', -(2n ** 63n)],
  ['big', '18446744073709551616', undefined],
  ['big', '', undefined],
  ['big', '0x10', undefined],
  ['real', '1.5E+2', 150],
  ['real', '-.5', -0.5],
  ['real', 'INF', undefined],
  ['real', 'NaN', undefined],
  ['boolean', 'true', true],
  ['boolean', 'FALSE', false],
  ['boolean', 'yes', undefined],
  ['time', '20260131235960.000000+000', undefined],
  ['time', '20260131120000.123456+060', Date.UTC(2026, 0, 31, 11, 0, 0, 123)],
  ['time', '20260131120000.123456-480', Date.UTC(2026, 0, 31, 20, 0, 0, 123)],
  ['time', '2026013112****.******+060', undefined],
  ['time', '00000000010000.000000:000', undefined],
  ['time', '20260230120000.000000+000', undefined],
  ['time', '16010101000000.000000+000', undefined],
  ['time', '<cim:Datetime>2026-01-31T12:00:00Z</cim:Datetime>', Date.UTC(2026, 0, 31, 12)],
  ['time', '<cim:Datetime>2026-01-31T12:00:00.1234567+05:30</cim:Datetime>', Date.UTC(2026, 0, 31, 6, 30, 0, 123)],
  ['time', '<cim:Datetime>2026-01-31T12:00:00</cim:Datetime>', undefined],
  ['time', '<cim:Interval>P1D</cim:Interval>', undefined],
  ['text', '<other>x</other>', undefined],
])('%s of "%s" is %s', (kind, inner, expected) => {
  expect(read(kind, inner)).toBe(expected);
});

test.each<CimKind>(['text', 'integer', 'big', 'real', 'boolean', 'time', 'texts', 'integers'])(
  'a %s that is NULL or missing is undefined, never empty and never zero',
  (kind) => {
    expect(read(kind, '<P xsi:nil="true"/>')).toBeUndefined();
    expect(read(kind)).toBeUndefined();
  },
);

test('an array is one element per member; one that cannot be read makes it unreadable, one that is NULL is left out', () => {
  expect(read('texts', 'a', 'b')).toEqual(['a', 'b']);
  expect(read('texts', 'a', '<P xsi:nil="true"/>')).toEqual(['a']);
  expect(read('integers', '1', '2')).toEqual([1, 2]);
  expect(read('integers', '1', 'two')).toBeUndefined();
  expect(read('integers', '7')).toEqual([7]);
  expect(read('integer', '1', '2')).toBeUndefined();
});
