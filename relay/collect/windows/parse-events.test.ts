// What a machine tells of its event logs becomes records that every reader takes, whatever numbers it tells.
import { expect, test } from 'vitest';
import { EVENT_FILTERS, type EventFilter } from '#relay/collect/event-log.ts';
import { succeed } from '#shared/base/outcome.ts';
import { EventRecord } from '#shared/model/record.ts';
import { sampleDevice } from '#test/fixtures/sample-trust.ts';
import { parseEvents } from './parse-events.ts';

const [filter] = EVENT_FILTERS;
const filters: EventFilter[] = filter === undefined ? [] : [filter];
const MOST = Number.MAX_SAFE_INTEGER;
const entry = { Log: 'System', At: MOST, Source: 's', Code: MOST, Level: MOST, Keywords: 2n ** 65n, Message: 'm' };
const nothing = { Oldest: undefined, LastAt: undefined, Cleared: undefined, More: undefined, Failed: undefined };

/** The rows of the two questions, as a machine may tell them. */
const told = (state: object, ...entries: object[]) =>
  ({
    entries: succeed(entries.map((row) => ({ ...entry, ...row }))),
    logs: succeed([{ Log: 'System', Newest: MOST, ...nothing, ...state }]),
  }) as Parameters<typeof parseEvents>[0]; // a test writes the members that count

test('a sum of what was passed over stays a number that a record may hold, reading after reading', () => {
  const state = { First: MOST, Last: 1, Oldest: -MOST, Cleared: true };
  let { marks } = parseEvents(told(state), filters, { System: { entry: 0, dropped: MOST } });
  ({ marks } = parseEvents(told(state), filters, marks));
  expect(Number.isSafeInteger(marks['System']?.dropped)).toBe(true);
  const { entries } = parseEvents(told(state, { Entry: MOST }), filters, marks);
  expect(entries).toHaveLength(1);
  for (const one of entries)
    expect(EventRecord.safeParse({ type: 'event', device: sampleDevice(1), ...one }).success).toBe(true);
});
