// Who waits for an answer hears of it whatever goes wrong while it is looked for.
import { expect, test } from 'vitest';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { AnswerDesk } from './answer-desk.ts';
import type { QueueShare } from './queue-share.ts';

const { signal } = new AbortController();

/** A share whose folder is read as the test says; its watch is silent. */
function deskOver(names: () => Promise<Outcome<string[]>>): AnswerDesk {
  const share = {
    names,
    take: () => Promise.resolve(succeed(Buffer.from('answer'))),
    async *answers(stop: AbortSignal) {
      await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
      return fail('lost', 'the watch ended');
    },
  };
  return new AnswerDesk(share as unknown as QueueShare, new FakeClock()); // all that a desk needs of one
}

test('a fault of ours while the folder is read ends what waits, and rejects nothing that nobody hears', async () => {
  const desk = deskOver(() => Promise.reject(new TypeError('a fault of ours')));
  expect(await desk.wait('a', 10, signal)).toMatchObject({ ok: false, reason: 'lost' });
  await desk.close();
});

test('who comes while the others hear that the share is gone is looked for all the same', async () => {
  let isGone = true;
  const desk = deskOver(() => {
    const said = isGone ? fail('lost', 'gone') : succeed(['b.answer']);
    isGone = false;
    return Promise.resolve(said);
  });
  const later = desk.wait('a', 10, signal).then(() => desk.wait('b', 10, signal));
  expect(await later).toMatchObject({ ok: true });
  await desk.close();
});

test('a server that tells of changes without end is looked at forty times a second at most', async () => {
  const clock = new FakeClock();
  let looks = 0;
  const share = {
    names: () => {
      looks += 1;
      // Else nothing would ever come to its turn, and the test would not end.
      if (looks > 200) void desk.close();
      return Promise.resolve(succeed([]));
    },
    async *answers(stop: AbortSignal) {
      while (!stop.aborted) yield;
      return fail('lost', 'the watch ended');
    },
  };
  const desk = new AnswerDesk(share as unknown as QueueShare, clock); // as above
  const stop = new AbortController();
  const waiting = desk.wait('a', 10, stop.signal);
  for (let step = 0; step < 100; step += 1) await clock.advance(10);
  expect(looks).toBeGreaterThan(10);
  expect(looks).toBeLessThan(60);
  stop.abort();
  await waiting;
  await desk.close();
});
