// Proves that the audit sees each way in which a stream can go wrong, and nothing where nothing did.
import { expect, test } from 'vitest';
import { deviceNo, HOUR, LaneWriter, pollNo } from '#test/fixtures/stream-kit.ts';
import { ackedEarly, auditStream, decodeStream, isDrained, NOTHING } from './stream-audit.ts';
import type { KeptBatch, LaneMark, StreamContent } from './stream-content.ts';

const EPOCH = 'e';
const batch = (seq: number, changes: Partial<KeptBatch> = {}): KeptBatch => ({
  epoch: EPOCH,
  lane: 2,
  seq,
  kind: 'samples',
  hour: HOUR,
  n: 10,
  data: Uint8Array.of(seq, 7),
  ...changes,
});
const mark = (lane: LaneMark['lane'], durable: number, next = durable + 1): LaneMark => ({
  epoch: EPOCH,
  lane,
  received: durable,
  durable,
  next,
});
const content = (batches: KeptBatch[], changes: Partial<StreamContent> = {}): StreamContent => ({
  batches,
  gaps: [],
  marks: [],
  ...changes,
});

test('the same batches on both sides are clean', () => {
  const both = content([batch(1), batch(2)]);
  expect(auditStream(both, both)).toEqual({ ...NOTHING, spooled: 20, stored: 20 });
});

test('a batch that is not stored is lost, unless a gap tells of it', () => {
  const spool = content([batch(1), batch(2)]);
  expect(auditStream(spool, content([batch(1)]))).toMatchObject({ stored: 10, lost: 10, gaps: 0 });
  const told = content([batch(1)], { gaps: [{ epoch: EPOCH, lane: 2, from: 2, to: 2, n: 10 }] });
  expect(auditStream(spool, told)).toMatchObject({ stored: 10, lost: 0, gaps: 10 });
});

test('a batch stored again under another number is a double', () => {
  const stored = content([batch(1), batch(99, { data: batch(1).data })]);
  expect(auditStream(content([batch(1)]), stored)).toMatchObject({ stored: 10, lost: 0, dup: 10, foreign: 0 });
});

test('other bytes under a number are foreign, and the spooled ones are lost', () => {
  const stored = content([batch(1, { data: Uint8Array.of(0) })]);
  expect(auditStream(content([batch(1)]), stored)).toMatchObject({ stored: 0, lost: 10, dup: 0, foreign: 10 });
});

test('records count as stored up to the watermark of their lane and epoch', () => {
  const records = [1, 2].map((seq) => batch(seq, { lane: 0, kind: 'records', n: 3 }));
  const spool = content(records, { marks: [mark(0, 1, 3)] });
  expect(auditStream(spool, content([], { marks: [mark(0, 1)] }))).toMatchObject({ stored: 3, lost: 3 });
  expect(auditStream(spool, content([], { marks: [{ ...mark(0, 2), epoch: 'other' }] }))).toMatchObject({ lost: 6 });
});

test('what a relay calls durable and the console does not have was acknowledged too early', () => {
  expect(ackedEarly([mark(2, 5)], [mark(2, 5)])).toBe(0);
  expect(ackedEarly([mark(2, 5)], [mark(2, 3)])).toBe(2);
  expect(ackedEarly([mark(2, 5)], [])).toBe(5);
});

test('a stream is drained when the console has the last number of each lane', () => {
  const spool = [mark(1, 0, 1), mark(2, 3, 5)];
  expect(isDrained(spool, [mark(2, 3)])).toBe(false);
  expect(isDrained(spool, [mark(2, 4)])).toBe(true);
});

test('a chain decodes in the order of its numbers; a batch that is there twice does not', () => {
  const writer = new LaneWriter();
  const device = deviceNo(1);
  const frames = [1, 2, 3].map((n) => {
    const { seq, data } = writer.next([pollNo(device, n)]);
    return batch(seq, { data });
  });
  expect(decodeStream(frames.toReversed()).polls.map(({ values }) => values[0])).toEqual([1, 2, 3]);
  const twice = decodeStream([...frames, batch(4, { data: frames[1]?.data ?? new Uint8Array() })]);
  expect(twice.undecodable + twice.disordered).toBeGreaterThan(0);
});
