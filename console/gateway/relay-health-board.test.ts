// The newest health of each relay stands with its age, and tells pages no more often than they can show it.
import { expect, test } from 'vitest';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { fakeDesk, linkHouse, peerNo } from '#test/fixtures/link-pair.ts';
import { SAMPLE_FRAMES } from '#test/fixtures/sample-frames.ts';
import { RelayHealthBoard } from './relay-health-board.ts';

const health = SAMPLE_FRAMES.HEALTH.body;

test('what a relay tells over its link stands with its age', async () => {
  const clock = new FakeClock();
  const told: number[] = [];
  const board = new RelayHealthBoard({ clock, onHealth: (_peer, { pollsDue }) => told.push(pollsDue) });
  const { connect } = linkHouse(fakeDesk({ onHealth: (peer, one) => board.take(peer, one) }), clock);
  const { send, greet } = connect();
  await greet({ protoMax: 2 });
  const { relay } = peerNo(1);
  expect(board.get(relay)).toBeUndefined();
  send('HEALTH', { ...health, pollsDue: 1 });
  await clock.advance(4_000);
  expect(board.get(relay)).toMatchObject({ health: { pollsDue: 1 }, ageMs: 4_000, heardAt: clock.now() - 4_000 });
  expect(board.get(peerNo(2).relay)).toBeUndefined();
  expect(told).toEqual([1]);
});

test('a relay that tells a hundred times a second makes one piece of news in three seconds, and the newest stands', async () => {
  const clock = new FakeClock();
  const told: number[] = [];
  const board = new RelayHealthBoard({ clock, onHealth: (_peer, { pollsDue }) => told.push(pollsDue) });
  for (let i = 0; i < 400; i += 1) {
    board.take(peerNo(1), { ...health, pollsDue: i });
    await clock.advance(10);
  }
  expect(told).toEqual([0, 300]);
  expect(board.get(peerNo(1).relay)?.health.pollsDue).toBe(399);
});
