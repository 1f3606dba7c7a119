// Queries go ahead of work, work goes one after the other, and whatever happens is answered.
import { expect, test } from 'vitest';
import { AppError } from '#shared/base/errors.ts';
import type { DayKeeper, DayStore } from '#shared/day-files/day-store.ts';
import { FakeClock, settle } from '#test/fixtures/fake-clock.ts';
import { query, work } from './worker-call.ts';
import { WorkerLoop, type WorkerLoopDeps } from './worker-loop.ts';
import type { FromWorker, ToWorker } from './worker-message.ts';

/** A port of which the test holds the other end, and a loop whose clock goes on by a slice with each look at it. */
function loopKit(calls: WorkerLoopDeps['calls'], first?: WorkerLoopDeps['first']) {
  const clock = new FakeClock();
  let now = 0;
  clock.monotonic = () => {
    now += 100;
    return now;
  };
  const said: FromWorker[] = [];
  let tell: (message: ToWorker) => void = () => undefined;
  const state = { isStopped: false, isClosed: false };
  const port = {
    postMessage: (message: FromWorker) => void said.push(message),
    on: (_event: 'message', listener: (message: ToWorker) => void) => {
      tell = listener;
    },
    close: () => {
      state.isClosed = true;
    },
  };
  const store = { stop: () => (state.isStopped = true) } as unknown as DayStore & DayKeeper; // no call here reads or writes
  new WorkerLoop({ port, calls, store, folder: '', clock, ...(first === undefined ? {} : { first }) });
  return { said, state, tell: (message: ToWorker) => tell(message) };
}

const ask = (id: number, name: string): ToWorker => ({ is: 'ask', id, name, ask: undefined });
const answers = (said: readonly FromWorker[]) => said.flatMap((one) => (one.is === 'answer' ? [one.answer] : []));

test('a query that comes while work is done is answered before the work goes on', async () => {
  const { said, tell } = loopKit({
    long: work(async (_ask: undefined, { giveWay }) => {
      for (let i = 0; i < 20; i += 1) await giveWay();
      return 'work';
    }),
    short: query(() => 'query'),
  });
  tell(ask(1, 'long'));
  tell(ask(2, 'long'));
  await settle(1);
  tell(ask(3, 'short'));
  await settle(200);
  expect(answers(said)).toEqual(['query', 'work', 'work']);
});

test('what is done first goes before work that is asked, gives way to queries, and ends at a stop', async () => {
  let ended = 0;
  const calls = { job: work(() => `work after ${ended}`), short: query(() => `query after ${ended}`) };
  const { said, state, tell } = loopKit(calls, async ({ giveWay }) => {
    for (; ended < 20; ended += 1) await giveWay();
  });
  tell(ask(1, 'job'));
  await settle(2);
  tell(ask(2, 'short'));
  await settle(200);
  expect(answers(said)).toEqual([expect.stringMatching(/^query after 1?\d$/), 'work after 20']);
  tell({ is: 'stop' });
  await settle(20);
  expect(state.isStopped).toBe(true);
});

test('a stop does not wait for what is done first', async () => {
  let reason: unknown;
  const { state, tell } = loopKit({}, async ({ giveWay }) => {
    for (;;) {
      try {
        await giveWay();
      } catch (error) {
        reason = error;
        return;
      }
    }
  });
  await settle(5);
  tell({ is: 'stop' });
  await settle(50);
  expect(state).toEqual({ isStopped: true, isClosed: true });
  expect(reason).toMatchObject({ code: 'unavailable' });
});

test('work is done one after the other, in the order in which it was asked for', async () => {
  const order: string[] = [];
  const step = (name: string) =>
    work(async (_ask: undefined, { giveWay }) => {
      order.push(`${name} begins`);
      await giveWay();
      order.push(`${name} ends`);
    });
  const { tell } = loopKit({ a: step('a'), b: step('b') });
  tell(ask(1, 'a'));
  tell(ask(2, 'b'));
  await settle(50);
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('a failure keeps its code, one of ours or not, and the next call is answered', async () => {
  const fail = (error: Error) =>
    query(() => {
      throw error;
    });
  const { said, tell } = loopKit({
    full: fail(new AppError('disk-full', 'no room')),
    odd: fail(new TypeError('odd')),
    fine: query(() => 1),
  });
  for (const [id, name] of ['full', 'odd', 'none', 'fine'].entries()) tell(ask(id, name));
  await settle();
  expect(said.slice(1)).toMatchObject([
    { id: 0, code: 'disk-full', message: 'no room' },
    { id: 1, code: 'internal' },
    { id: 2, code: 'not-found' },
    { id: 3, answer: 1 },
  ]);
});

test('a stop ends work at its next piece, then closes the store', async () => {
  const { said, state, tell } = loopKit({
    endless: work(async (_ask: undefined, { giveWay }) => {
      for (;;) await giveWay();
    }),
  });
  tell(ask(1, 'endless'));
  await settle(5);
  tell({ is: 'stop' });
  await settle(50);
  expect(said.at(-1)).toMatchObject({ is: 'failure', code: 'unavailable' });
  expect(state).toEqual({ isStopped: true, isClosed: true });
});
