// Frames of a tunnel come out as they went in, however the stream was cut, and what is no frame ends it.
import { expect, test } from 'vitest';
import { creditOf, encodeCredit, encodeFrame, FrameReader, MAX_PAYLOAD_BYTES } from './tunnel-frame.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('the bytes of each kind are these', () => {
  expect(hex(encodeFrame('open', 1))).toBe('000000000100000000');
  expect(hex(encodeFrame('data', 2, Uint8Array.of(0xab)))).toBe('010000000200000001ab');
  expect(hex(encodeCredit(3, 65_536))).toBe('02000000030000000400010000');
  expect(hex(encodeFrame('end', 4))).toBe('030000000400000000');
  expect(hex(encodeFrame('reset', 0xffff_ffff))).toBe('04ffffffff00000000');
  expect(hex(encodeFrame('leave', 0))).toBe('050000000000000000');
});

test.each([1, 5, 9, 10, 1_000, 100_000])('in pieces of %i bytes', (size) => {
  const payloads = [0, 1, 100, MAX_PAYLOAD_BYTES].map((length) => new Uint8Array(length).fill(length));
  const whole = Buffer.concat(payloads.map((payload, at) => encodeFrame('data', at, payload)));
  const reader = new FrameReader();
  const found = [];
  for (let at = 0; at < whole.length; at += size)
    for (const frame of reader.push(whole.subarray(at, at + size)))
      found.push({ ...frame, payload: hex(frame.payload) });
  expect(found).toEqual(payloads.map((payload, connection) => ({ kind: 'data', connection, payload: hex(payload) })));
});

test('what is no frame is refused by its head', () => {
  const push = (text: string) => () => [...new FrameReader().push(Buffer.from(text, 'hex'))];
  expect(push('060000000100000000')).toThrow('no frame of a tunnel');
  expect(push('0100000001ffffffff')).toThrow('no frame of a tunnel');
  expect(() => creditOf({ kind: 'credit', connection: 1, payload: new Uint8Array(3) })).toThrow('four bytes');
});
