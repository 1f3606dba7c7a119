// Of an order over many relays only those that still work are asked again.
import { expect, test } from 'vitest';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import type { Api } from './client.ts';
import { followActions } from './follow-action.ts';

test('what is over is asked for once, and stays among the outcomes', async () => {
  const clock = new FakeClock();
  const asked: string[] = [];
  const show = ({ id }: { id: string }) => {
    asked.push(id);
    const isOver = id === 'quick' || asked.length > 6;
    const outcomes = [{ deviceId: id, state: isOver ? 'succeeded' : 'started' }];
    return Promise.resolve({ id, state: isOver ? 'settled' : 'sent', targets: 1, waitsFor: null, outcomes });
  };
  // The members that following reads.
  const api = { actions: { show } } as unknown as Api;
  const following = followActions(api, ['quick', 'slow'], {
    ...{ clock, deadlineMs: 60_000, signal: new AbortController().signal },
  });
  let outcomes: { deviceId: string }[] | undefined;
  void following.then((all) => {
    outcomes = all;
  });
  while (outcomes === undefined) await clock.advance(500);
  expect(outcomes.map(({ deviceId }) => deviceId)).toEqual(['quick', 'slow']);
  expect(asked.filter((id) => id === 'quick')).toHaveLength(1);
  expect(asked.filter((id) => id === 'slow').length).toBeGreaterThan(3);
});
