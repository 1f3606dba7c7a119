// Sources of uploads: chunks of any size and readers that give less than they are asked for fill the same memory with the same bytes.
import { expect, test } from 'vitest';
import { chunksOf } from '#test/fixtures/smb-kit.ts';
import { fill, openSource, type UploadSource } from './upload-source.ts';

const CONTENT = Buffer.from(Array.from({ length: 1_000 }, (_, at) => (at * 7) % 251));

/** Gives a third of what it is asked for. */
function grudging(): UploadSource {
  let at = 0;
  return {
    read: (into) => {
      const count = CONTENT.copy(into, 0, at, at + Math.max(1, Math.floor(into.length / 3)));
      at += count;
      return Promise.resolve(count);
    },
  };
}

test.each<[string, () => UploadSource]>([
  ['small chunks', () => chunksOf(CONTENT, 7)],
  ['chunks larger than a piece', () => chunksOf(CONTENT, 333)],
  ['one chunk', () => chunksOf(CONTENT, 5_000)],
  ['a reader that gives less', grudging],
])('%s fill every piece but the last', async (_, made) => {
  const source = openSource(made());
  const pieces: Buffer[] = [];
  for (;;) {
    const room = Buffer.alloc(64);
    const length = await fill(source, room);
    pieces.push(room.subarray(0, length));
    if (length < room.length) break;
  }
  expect(pieces).toHaveLength(16);
  expect(Buffer.concat(pieces).equals(CONTENT)).toBe(true);
  expect(await fill(source, Buffer.alloc(8))).toBe(0);
});

test('empty chunks are passed over, and a source hears that nobody wants more of it', async () => {
  let isClosed = false;
  async function* chunks() {
    try {
      yield await Promise.resolve(new Uint8Array());
      yield Uint8Array.of(1);
      yield Uint8Array.of(2);
    } finally {
      isClosed = true;
    }
  }
  const source = openSource(chunks());
  const room = Buffer.alloc(1);
  expect(await fill(source, room)).toBe(1);
  expect([...room]).toEqual([1]);
  await source.close();
  expect(isClosed).toBe(true);
});

test('what a source throws is what the upload hears', async () => {
  const source = openSource({ read: () => Promise.reject(new Error('the disk is gone')) });
  await expect(fill(source, Buffer.alloc(8))).rejects.toThrow('the disk is gone');
});
