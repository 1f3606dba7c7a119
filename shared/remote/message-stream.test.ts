// Messages come out of a stream as they went in, however it is cut, and never larger than was agreed on.
import { expect, test } from 'vitest';
import { FileAnswer, FileRequest, missingChunks, packMissing } from './file-message.ts';
import { encodeMessage, MAX_BODY_BYTES, MessageReader } from './message-stream.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test.each([1, 7, 8, 9, 64, 10_000])('messages in pieces of %i bytes', (size) => {
  const bodies = [0, 1, 8, 4_000].map((length) => new Uint8Array(length).fill(length % 251));
  const whole = Buffer.concat(bodies.map((body, id) => encodeMessage({ id, text: 'ä\n' }, body)));
  const reader = new MessageReader();
  const found = [];
  for (let at = 0; at < whole.length; at += size) found.push(...reader.push(whole.subarray(at, at + size)));
  expect(found.map(({ head }) => head)).toEqual(bodies.map((_, id) => ({ id, text: 'ä\n' })));
  expect(found.map(({ body }) => hex(body))).toEqual(bodies.map(hex));
});

test('the bytes of a request and of its answer are these', () => {
  const request: FileRequest = { id: 7, do: 'chunk', upload: 1, index: 2 };
  expect(hex(encodeMessage(FileRequest.parse(request), Uint8Array.of(0xab, 0xcd)))).toBe(
    `0000002a00000002${hex(Buffer.from('{"id":7,"do":"chunk","upload":1,"index":2}'))}abcd`,
  );
  const answer: FileAnswer = { id: 7, is: 'failed', code: 'outside', detail: 'x' };
  expect(hex(encodeMessage(FileAnswer.parse(answer)))).toBe(
    `0000003400000000${hex(Buffer.from('{"id":7,"is":"failed","code":"outside","detail":"x"}'))}`,
  );
});

test('lengths are judged before memory is taken', () => {
  const lengths = (head: number, body: number) => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setUint32(0, head);
    new DataView(bytes.buffer).setUint32(4, body);
    return bytes;
  };
  const push = (bytes: Uint8Array) => () => [...new MessageReader().push(bytes)];
  expect(push(lengths(0xffff_ffff, 0))).toThrow('a message of 4294967295 and 0 bytes');
  expect(push(lengths(2, MAX_BODY_BYTES + 1))).toThrow('a message of');
  expect(push(lengths(0, 5))).toThrow('a message without a head');
  expect(push(Buffer.concat([lengths(2, 0), Buffer.from('{x')]))).toThrow('no JSON');
  expect(push(Buffer.concat([lengths(2, 0), Buffer.from([0xc3, 0x28])]))).toThrow('no JSON');
  expect(() => encodeMessage({}, new Uint8Array(MAX_BODY_BYTES + 1))).toThrow('a message of');
});

test('missing chunks travel as bits', () => {
  const missing = [true, false, false, true, false, false, false, false, true];
  expect(packMissing(missing)).toEqual(Uint8Array.of(0b1001, 1));
  expect([...missingChunks(packMissing(missing), 9)]).toEqual([0, 3, 8]);
  expect([...missingChunks(new Uint8Array(), 9)]).toEqual([]);
});
