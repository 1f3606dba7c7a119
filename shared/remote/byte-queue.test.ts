// Pieces come out as they went in; who pushes waits for the reader, and nobody waits for ever.
import { expect, test } from 'vitest';
import { settle } from '#test/fixtures/fake-clock.ts';
import { ByteQueue } from './byte-queue.ts';

test('a piece is given back when the next is asked for, or when nobody reads on', async () => {
  const queue = new ByteQueue();
  const taken: number[] = [];
  for (const at of [1, 2, 3]) void queue.push(Uint8Array.of(at)).then(() => taken.push(at));
  for await (const piece of queue.incoming) {
    expect(taken).toHaveLength((piece[0] ?? 0) - 1);
    if (piece[0] === 2) break;
    await settle();
  }
  await settle();
  expect(taken).toEqual([1, 2]);
  queue.end();
  await settle();
  expect(taken).toEqual([1, 2, 3]);
  await queue.push(Uint8Array.of(4));
});

test('an end ends the reader, a fault is thrown there', async () => {
  const ended = new ByteQueue();
  ended.end();
  for await (const _ of ended.incoming) throw new Error('nothing came');
  const broken = new ByteQueue();
  const reading = (async () => {
    for await (const _ of broken.incoming) throw new Error('nothing came');
  })();
  broken.end(new Error('cut'));
  broken.end(new Error('later'));
  await expect(reading).rejects.toThrow('cut');
});
