// What happened is sorted by kind and day, and an edit reads as what it changed.
import { expect, test } from 'vitest';
import type { TimelineItem } from './device-data.ts';
import { daysOf, editParts, keyOf, kindOf } from './timeline.ts';

const change = (at: number): TimelineItem => ({ type: 'change', at, by: 'ada', verb: 'device.update', detail: {} });
const event = (type: string): TimelineItem => ({
  type: 'event',
  at: 1,
  event: { seq: 7, at: 1, receivedAt: 2, deviceId: null, type, severity: 'info', code: null, detail: '' },
});

test.each([
  [event('state'), 'state'],
  [event('identity'), 'relay'],
  [change(1), 'change'],
])('%j is of kind %s', (item, kind) => expect(kindOf(item)).toBe(kind));

test('each thing has a key of its own', () => {
  expect(keyOf(event('state'))).toBe('event 7');
  expect(keyOf(change(5))).not.toBe(keyOf(change(6)));
});

test('days follow each other as the items do, each once', () => {
  const days = daysOf([change(25), change(21), change(9)], (at) => String(Math.floor(at / 10)));
  expect(days.map(({ at, items }) => [at, items.length])).toEqual([
    [25, 2],
    [9, 1],
  ]);
});

test.each([
  [{ 'name.from': 'a', 'name.to': 'b' }, [{ member: 'name', from: 'a', to: 'b' }]],
  [
    { 'port.from': null, 'port.to': 22, notes: 'changed' },
    [
      { member: 'port', from: '', to: '22' },
      { member: 'notes', from: '', to: 'changed' },
    ],
  ],
  [null, []],
  ['text', []],
])('the edit %j is %j', (detail, parts) => expect(editParts(detail)).toEqual(parts));
