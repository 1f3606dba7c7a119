// Frames, credits and paths: what a peer may say, and what we say to it.
import { expect, test } from 'vitest';
import { Credits } from './credits.ts';
import { FrameReader } from './frame-reader.ts';
import { decodeHeader, FRAME_BYTES, newRequest, writeHeader } from './header.ts';
import { encodePath, isPlainName, isShareName } from './path.ts';

const NEVER = new AbortController().signal;

function readerOf(maxBytes: number) {
  const frames: string[] = [];
  const reader = new FrameReader({
    maxBytes: () => maxBytes,
    take: (bytes) => Buffer.alloc(bytes),
    onFrame: (frame) => frames.push(frame.toString('latin1')),
  });
  const feed = (bytes: Buffer) => {
    for (let at = 0; at < bytes.length; ) {
      const count = bytes.copy(reader.room(), 0, at);
      at += count;
      reader.advance(count);
    }
  };
  return { frames, feed };
}

const frame = (text: string) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, Buffer.from(text, 'latin1')]);
};

test.each([1, 2, 3, 5, 7, 70_000, 200_000])('frames come out whole, cut into %i bytes', (size) => {
  const texts = ['one', 'x'.repeat(100_000), '', 'last'];
  const bytes = Buffer.concat(texts.map(frame));
  const { frames, feed } = readerOf(100_000);
  for (let at = 0; at < bytes.length; at += size) feed(bytes.subarray(at, at + size));
  expect(frames).toEqual(texts);
});

test('a frame longer than agreed, and one that is none, are refused by their first four bytes', () => {
  expect(() => readerOf(100).feed(Buffer.from([0, 0, 0, 101]))).toThrow(/more than was agreed/);
  expect(() => readerOf(2 ** 24).feed(Buffer.from([1, 0, 0, 1]))).toThrow(/none of SMB2/);
});

test('a header that lacks its last bytes is none, although all that is read of it is there', () => {
  const { frame } = newRequest(0);
  const message = frame.subarray(FRAME_BYTES);
  writeHeader(message, { command: 0, charge: 1, credits: 1, flags: 1, messageId: 1, treeId: 0, sessionId: 0n });
  expect(decodeHeader(message).messageId).toBe(1);
  expect(() => decodeHeader(message.subarray(0, 60))).toThrow(expect.objectContaining({ fault: 'malformed' }));
});

test('who finds no credit waits in turn, and message ids advance by what a request costs', async () => {
  const credits = new Credits();
  expect(credits.take(1, NEVER)).toBe(0);
  const large = credits.take(4, NEVER);
  const small = credits.take(1, NEVER);
  credits.give(0, 4);
  credits.give(1, 1);
  expect(await large).toBe(1);
  expect(await small).toBe(5);
});

test('a server that gives no credit back is told apart from one that is slow', async () => {
  const credits = new Credits();
  expect(credits.take(1, NEVER)).toBe(0);
  const waiting = credits.take(1, NEVER) as Promise<number>; // none is free
  waiting.catch(() => undefined);
  credits.give(1, 0);
  await expect(waiting).rejects.toMatchObject({ fault: 'malformed' });
  expect(() => credits.take(1, NEVER)).toThrow(/nothing more/);
});

test('who stops waiting for a credit loses its place, and nobody else does', async () => {
  const credits = new Credits();
  expect(credits.take(1, NEVER)).toBe(0);
  const stop = new AbortController();
  const stopped = credits.take(1, stop.signal) as Promise<number>; // none is free
  const other = credits.take(1, NEVER);
  stop.abort();
  await expect(stopped).rejects.toMatchObject({ fault: 'cancelled' });
  credits.give(1, 1);
  expect(await other).toBe(1);
});

test.each(['../up', 'a/../b', '.', 'a:stream', 'a*', 'what?', 'a\u0000b', 'a|b', `${'x'.repeat(256)}`])(
  '%j is no path of ours',
  (path) => {
    expect(() => encodePath(path)).toThrow(expect.objectContaining({ fault: 'bad-name' }));
  },
);

test('a path is sent with backslashes and without empty parts', () => {
  expect(encodePath('/jobs//a b/ü.txt').toString('utf16le')).toBe('jobs\\a b\\ü.txt');
  expect(encodePath('')).toHaveLength(0);
});

test('a name that a server gives leads nowhere else', () => {
  expect(['a', 'ü ö', 'C$'].every(isPlainName)).toBe(true);
  expect(['', 'a/b', 'a\\b', 'a\u0000', 'x'.repeat(256)].some(isPlainName)).toBe(false);
  expect(isShareName('C$')).toBe(true);
  expect(['', 'a\\b', 'a/b', 'a:b'].some(isShareName)).toBe(false);
});
