// The wire does not change by accident: a dated history, a hash of all schemas per protocol, golden bytes per message and record.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { SpoolRecord } from '#shared/model/record.ts';
import { SAMPLE_FRAMES, SAMPLE_RECORDS } from '#test/fixtures/sample-frames.ts';
import { type Frame, MESSAGES, type MessageRule } from './frame.ts';
import { decodeRecords, encodeRecords } from './record-codec.ts';
import frames1 from './vectors/frames-1.json' with { type: 'json' };
import frames2 from './vectors/frames-2.json' with { type: 'json' };
import frames3 from './vectors/frames-3.json' with { type: 'json' };
import frames4 from './vectors/frames-4.json' with { type: 'json' };
import frames6 from './vectors/frames-6.json' with { type: 'json' };
import frames8 from './vectors/frames-8.json' with { type: 'json' };
import frames9 from './vectors/frames-9.json' with { type: 'json' };
import records1 from './vectors/records-1.json' with { type: 'json' };
import records4 from './vectors/records-4.json' with { type: 'json' };
import records7 from './vectors/records-7.json' with { type: 'json' };
import records9 from './vectors/records-9.json' with { type: 'json' };
import hashes from './vectors/schema-hashes.json' with { type: 'json' };
import { PROTOCOL, PROTOCOL_HISTORY, PROTOCOL_MIN } from './version.ts';
import { decodeFrame, encodeFrame } from './wire-codec.ts';

/** Each message as the protocol wrote it that brought it; nothing older is ever written again. */
const frames = { ...frames1, ...frames2, ...frames3, ...frames4, ...frames6, ...frames8, ...frames9 };
const records = { ...records1, ...records4, ...records7, ...records9 };

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));

test('the history is dated, ascends without holes and ends at the protocol we speak', () => {
  expect(PROTOCOL_HISTORY.map(({ number }) => number)).toEqual(PROTOCOL_HISTORY.map((_, i) => i + 1));
  const dates = PROTOCOL_HISTORY.map(({ date }) => date);
  for (const date of dates) expect(z.iso.date().safeParse(date).success).toBe(true);
  expect(dates).toEqual(dates.toSorted((a, b) => a.localeCompare(b)));
  for (const { change } of PROTOCOL_HISTORY) expect(change.length).toBeGreaterThan(20);
  expect(PROTOCOL_HISTORY.at(-1)?.number).toBe(PROTOCOL);
  expect(PROTOCOL_MIN).toBeGreaterThanOrEqual(1);
  expect(PROTOCOL_MIN).toBeLessThanOrEqual(PROTOCOL);
});

/** What two peers must agree on: rules and schemas of all messages, and of the records inside batches. */
function schemaHash(): string {
  // Bytes have no JSON schema: they count as "any", and the golden bytes watch over them.
  const describe = (schema: z.ZodType) => z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' });
  const messages = Object.entries<MessageRule>(MESSAGES).map(([type, { schema, from, states, maxBytes }]) => ({
    type,
    from,
    states,
    maxBytes,
    body: describe(schema),
  }));
  return createHash('sha256')
    .update(JSON.stringify({ messages, record: describe(SpoolRecord) }))
    .digest('hex');
}

test('the schemas are those of this protocol number', () => {
  const stored: Record<string, string> = hashes;
  expect(
    stored[String(PROTOCOL)],
    'A schema of the wire changed. Raise PROTOCOL, add a dated line to PROTOCOL_HISTORY, ' +
      'golden bytes and a test for the old peer, and put the new hash under its number in vectors/schema-hashes.json. ' +
      'Only a number that no release has spoken yet may keep its place with another hash.',
  ).toBe(schemaHash());
  expect(Object.keys(stored)).toEqual(PROTOCOL_HISTORY.map(({ number }) => String(number)));
});

test('every message type has golden bytes', () => {
  expect(new Set(Object.keys(frames))).toEqual(new Set(Object.keys(MESSAGES)));
});

test.each(Object.values<Frame>(SAMPLE_FRAMES))('$type is written as its first protocol wrote it, and read', (frame) => {
  const { from, states }: MessageRule = MESSAGES[frame.type];
  expect(hex(encodeFrame(frame))).toBe(frames[frame.type]);
  const expectation = { from: from[0] ?? 'relay', state: states[0] ?? 'open' };
  expect(decodeFrame(bytesOf(frames[frame.type]), expectation)).toEqual({ ok: true, frame });
});

test.each(Object.values<SpoolRecord>(SAMPLE_RECORDS))(
  'a $type record is written as its first protocol wrote it, and read',
  (record) => {
    expect(hex(encodeRecords([record]))).toBe(records[record.type]);
    expect(decodeRecords(bytesOf(records[record.type]))).toEqual({ ok: true, records: [record] });
  },
);
