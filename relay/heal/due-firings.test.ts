// When each trigger is due, and what its cause is called.
import { expect, test } from 'vitest';
import { DeviceId } from '#shared/base/id.ts';
import type { StandingOrder, Trigger } from '#shared/model/standing-order.ts';
import { dueFirings, type Seen } from './due-firings.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const BEGIN = 20_000 * DAY;
const A = DeviceId.parse('00000000-0000-7000-8000-00000000000a');
const B = DeviceId.parse('00000000-0000-7000-8000-00000000000b');

// The members that are read.
const order = (trigger: Trigger, nbf = BEGIN): StandingOrder =>
  ({ trigger, nbf, exp: nbf + 30 * DAY, targets: [{ device: A }, { device: B }] }) as unknown as StandingOrder;
const seen = (down: Array<[DeviceId, number]> = [], returned: Array<[DeviceId, number]> = []): Seen => ({
  down: new Map(down),
  returned: new Map(returned),
});
const keys = (trigger: Trigger, now: number, at: Seen = seen(), floor = 0) =>
  dueFirings(order(trigger), at, { now, floor }).map(({ key, devices }) => [
    key,
    devices === 'all' ? 2 : devices.length,
  ]);

test('an interval is due once in each span that begins after it was signed', () => {
  const every: Trigger = { type: 'interval', everyMs: HOUR };
  expect(dueFirings(order(every, BEGIN + 1), seen(), { now: BEGIN + HOUR - 1, floor: 0 })).toEqual([]);
  expect(keys(every, BEGIN + HOUR)).toEqual([[`interval ${BEGIN + HOUR}`, 2]]);
  expect(keys(every, BEGIN + 2 * HOUR - 1)).toEqual([[`interval ${BEGIN + HOUR}`, 2]]);
});

test('a span that began before the journal did counts as done', () => {
  expect(keys({ type: 'interval', everyMs: HOUR }, BEGIN + 90 * 60_000, seen(), BEGIN + HOUR + 1)).toEqual([]);
});

test.each([
  [BEGIN + 23 * HOUR, []],
  [BEGIN + 23.5 * HOUR, [[`daily ${BEGIN + 23.5 * HOUR}`, 2]]],
  [BEGIN + DAY + 0.4 * HOUR, [[`daily ${BEGIN + 23.5 * HOUR}`, 2]]],
  [BEGIN + DAY + 0.5 * HOUR, []],
])('half past eleven at night is due for an hour, past midnight too: %d', (now, due) => {
  expect(keys({ type: 'daily', minuteUtc: 23 * 60 + 30 }, now)).toEqual(due);
});

test('a device that came back is due when it stayed, alone, and for an hour', () => {
  const back: Trigger = { type: 'device-returned', afterMs: 60_000 };
  const at = seen([], [[B, BEGIN]]);
  expect(keys(back, BEGIN + 59_999, at)).toEqual([]);
  expect(keys(back, BEGIN + 60_000, at)).toEqual([[`returned ${B} ${BEGIN}`, 1]]);
  expect(keys(back, BEGIN + 60_000 + HOUR, at)).toEqual([]);
});

test('a device that is down so long makes the order due on all its targets', () => {
  const gone: Trigger = { type: 'device-unreachable', device: A, forMs: 300_000 };
  expect(keys(gone, BEGIN + 299_999, seen([[A, BEGIN]]))).toEqual([]);
  expect(keys(gone, BEGIN + 300_000, seen([[A, BEGIN]]))).toEqual([[`down ${A} ${BEGIN}`, 2]]);
  expect(keys(gone, BEGIN + 300_000, seen([[B, BEGIN]]))).toEqual([]);
});

test('one that has ended is due no more, though it still stands', () => {
  const every: Trigger = { type: 'interval', everyMs: HOUR };
  expect(keys(every, BEGIN + 30 * DAY - 1)).toHaveLength(1);
  expect(keys(every, BEGIN + 30 * DAY)).toEqual([]);
});
