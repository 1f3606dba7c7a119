// A signed document reaches its sites at once; moves are gathered, and one that fails is told again.
import { expect, test } from 'vitest';
import { newId, RelayId, SiteId } from '#shared/base/id.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { FakeClock, settle } from '#test/fixtures/fake-clock.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { WatchOffers } from './watch-offers.ts';

const random = seededBytes(9);
const relays = Array.from({ length: 3 }, () => RelayId.parse(newId(1, random)));
const [fra, ber] = [SiteId.parse(newId(1, random)), SiteId.parse(newId(1, random))];

function house() {
  const told: number[] = [];
  const failing = new Set<number>();
  const clock = new FakeClock();
  const link = (n: number) => ({
    peer: { site: n === 0 ? fra : ber },
    sendWatch: async () => {
      if (failing.delete(n)) throw new Error('the database is busy');
      told.push(n);
      return true;
    },
  });
  const registry = { relays: () => relays, get: (relay: RelayId) => link(relays.indexOf(relay)) };
  // The registry's own members that are asked for, and no more.
  const offers = new WatchOffers({ registry: registry as never, clock, log: silentLogger });
  const stopping = new AbortController();
  const running = offers.run(stopping.signal);
  const pass = async (ms: number) => {
    await clock.advance(ms);
    await settle();
  };
  const stop = async () => {
    stopping.abort();
    await running;
  };
  return { told, failing, offers, pass, stop };
}

test('a signed document is told to the relays of its sites at once', async () => {
  const { told, offers, stop } = house();
  offers.signed([ber]);
  await settle();
  expect(told).toEqual([1, 2]);
  await stop();
});

test('moves are gathered: each relay once in five seconds', async () => {
  const { told, offers, pass, stop } = house();
  for (let n = 0; n < 100; n += 1) offers.moved(relays.slice(1, 2));
  await pass(4_000);
  expect(told).toEqual([]);
  await pass(1_000);
  expect(told).toEqual([1]);
  offers.movedEverywhere();
  await pass(5_000);
  expect(told).toEqual([1, 0, 1, 2]);
  await pass(5_000);
  expect(told).toHaveLength(4);
  await stop();
});

test('one that could not be told is told again', async () => {
  const { told, failing, offers, pass, stop } = house();
  failing.add(0);
  offers.signed([fra]);
  await settle();
  expect(told).toEqual([]);
  await pass(5_000);
  expect(told).toEqual([0]);
  await stop();
});
