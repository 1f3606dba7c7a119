// Notes wait their turn, and their queue has an end.
import { expect, test } from 'vitest';
import { ToastQueue } from './toast-queue.ts';

const texts = (queue: ToastQueue) => queue.all().map((toast) => toast.text);

test('the same sentence twice in a row is one note', () => {
  const queue = new ToastQueue();
  for (const text of ['Saved', 'Saved', 'Moved', 'Saved']) queue.say(text);
  expect(texts(queue)).toEqual(['Saved', 'Moved', 'Saved']);
});

test('a fault stays, an undo stays longer than a word', () => {
  const queue = new ToastQueue();
  queue.say('Saved');
  queue.say('Moved', { onUndo: () => undefined });
  queue.warn('Not saved');
  const [said, undo, fault] = queue.all().map((toast) => toast.ms);
  expect(fault).toBeUndefined();
  expect(undo).toBeGreaterThan(said ?? 0);
});

test('at the bound the oldest waiting word goes, and no fault while a word is left', () => {
  const queue = new ToastQueue();
  for (let i = 0; i < 3; i += 1) queue.say(`seen ${i}`);
  queue.warn('fault');
  for (let i = 0; i < 40; i += 1) queue.say(`word ${i}`);
  expect(queue.all()).toHaveLength(23);
  expect(texts(queue).slice(0, 4)).toEqual(['seen 0', 'seen 1', 'seen 2', 'fault']);
  expect(texts(queue).at(-1)).toBe('word 39');
});

test('who listens hears of each change, and a note that is gone stays gone', () => {
  const queue = new ToastQueue();
  let heard = 0;
  const stop = queue.subscribe(() => {
    heard += 1;
  });
  queue.say('one');
  queue.dismiss(queue.all()[0]?.id ?? 0);
  expect([heard, texts(queue)]).toEqual([2, []]);
  stop();
  queue.say('two');
  expect(heard).toBe(2);
});
