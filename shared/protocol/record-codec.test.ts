// Records of every kind pass; one bad record refuses the batch and is named by its place and member.
import { expect, test } from 'vitest';
import type { SpoolRecord } from '#shared/model/record.ts';
import { SAMPLE_RECORDS } from '#test/fixtures/sample-frames.ts';
import { MAX_BATCH_BYTES } from './batch.ts';
import { packMsgpack } from './msgpack.ts';
import { decodeRecords, encodeRecords } from './record-codec.ts';
import records11 from './vectors/records-11.json' with { type: 'json' };

const all: SpoolRecord[] = Object.values(SAMPLE_RECORDS);

test('records of every kind come back as they were', () => {
  expect(decodeRecords(encodeRecords(all))).toEqual({ ok: true, records: all });
});

test.each(all)(
  'a $type record with a strange member, or without one it needs, is refused by place and name',
  (record) => {
    const surplus = decodeRecords(packMsgpack([record, { ...record, surplus: 1 }]));
    expect(surplus).toMatchObject({ ok: false, code: 'frame-malformed' });
    expect(surplus.ok ? '' : surplus.message).toMatch(/^records: 1: .*surplus/);
    const { at: _at, ...timeless } = record;
    const missing = decodeRecords(packMsgpack([timeless]));
    expect(missing.ok ? '' : missing.message).toMatch(/^records: 0\.at: /);
  },
);

test.each([
  ['no array', packMsgpack({}), 'frame-malformed'],
  ['a record nobody knows', packMsgpack([{ type: 'rumour' }]), 'frame-malformed'],
  ['a cut batch', encodeRecords(all).subarray(0, 100), 'frame-malformed'],
  ['too many bytes', new Uint8Array(MAX_BATCH_BYTES + 1), 'frame-oversized'],
  ['nothing', new Uint8Array(), 'frame-malformed'],
])('%s is refused', (_what, data, code) => {
  expect(decodeRecords(data)).toMatchObject({ ok: false, code });
});

test('records that do not fit one batch are not encoded', () => {
  const large = { ...SAMPLE_RECORDS.fact, body: 'x'.repeat(MAX_BATCH_BYTES) };
  expect(() => encodeRecords([large])).toThrow(/^1 records of 262\d\d\d bytes, more than 262144/);
});

test('a device that waits is written as protocol 11 wrote it, and read', () => {
  const waiting: SpoolRecord = {
    ...SAMPLE_RECORDS.outcome,
    state: 'waiting',
    reason: 'unreachable',
    attempt: { n: 2, class: 'device', nextAt: 1_764_000_300_000 },
  };
  const bytes = encodeRecords([waiting]);
  expect(Buffer.from(bytes).toString('hex')).toBe(records11.waiting);
  expect(decodeRecords(bytes)).toEqual({ ok: true, records: [waiting] });
});
