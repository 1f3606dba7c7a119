// Events are whole whatever pieces they come in.
import { expect, test } from 'vitest';
import { type SseBlock, sseBlocks } from './sse-reader.ts';

const TEXT = ': hello\n\nid: 1\ndata: {"name":"Köln 🖥"}\n\nid: 2\ndata: {}\n\ndata: never whole';

async function readIn(pieceBytes: number) {
  const bytes = new TextEncoder().encode(TEXT);
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (let at = 0; at < bytes.length; at += pieceBytes) controller.enqueue(bytes.slice(at, at + pieceBytes));
      controller.close();
    },
  });
  const blocks: SseBlock[] = [];
  for await (const block of sseBlocks(stream)) blocks.push(block);
  return blocks;
}

test.each([1, 2, 3, 7, 1_000])('in pieces of %d bytes', async (pieceBytes) => {
  expect(await readIn(pieceBytes)).toEqual([
    { data: undefined, id: undefined },
    { data: '{"name":"Köln 🖥"}', id: '1' },
    { data: '{}', id: '2' },
  ]);
});

test('a reader who goes away ends the connection', async () => {
  let isCancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('data: 1\n\n')),
    cancel: () => {
      isCancelled = true;
    },
  });
  for await (const { data } of sseBlocks(stream)) {
    expect(data).toBe('1');
    break;
  }
  expect(isCancelled).toBe(true);
});
