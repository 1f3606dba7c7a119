// Actions reach their relay once per connection, and again after a reconnect until it answers for them.
import { expect, test } from 'vitest';
import { ManifestId, type RelayId } from '#shared/base/id.ts';
import type { SignedManifest } from '#shared/model/manifest.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { settle } from '#test/fixtures/fake-clock.ts';
import { fakeDesk, linkHouse, peerNo } from '#test/fixtures/link-pair.ts';
import { deviceNo } from '#test/fixtures/stream-kit.ts';
import { Dispatcher, type DispatchQueue } from './dispatcher.ts';
import { LiveRequests } from './live-requests.ts';

const idNo = (n: number) => ManifestId.parse(`01890000-0000-7000-80e0-${n.toString(16).padStart(12, '0')}`);
const signed: SignedManifest = {
  manifest: '{}',
  batch: { index: 0, count: 1, path: [], total: 1 },
  signature: 'a.b.c',
};

/** What the actions room keeps, in memory. */
function fakeQueue() {
  const due = new Map<RelayId, ManifestId[]>();
  const cancelled = new Map<RelayId, ManifestId[]>();
  const refused: string[] = [];
  /** Of orders whose text matters. */
  const texts = new Map<ManifestId, string>();
  const asked = { due: 0, expire: [] as number[] };
  const queue: DispatchQueue = {
    due: async (relay, limit, after) => {
      asked.due += 1;
      const ids = (due.get(relay) ?? []).filter((id) => after === undefined || id > after);
      return ids.slice(0, limit).map((id) => ({ id, signed: { ...signed, manifest: texts.get(id) ?? id } }));
    },
    cancelled: async (relay) => cancelled.get(relay) ?? [],
    refuse: async (_, id, detail) => void refused.push(`${id} ${detail}`),
    expire: async (now) => {
      asked.expire.push(now);
      return asked.expire.length === 1 ? 100 : 0;
    },
  };
  return { queue, due, cancelled, asked, refused, texts };
}

function office(desk = fakeDesk()) {
  const house = linkHouse(desk);
  const { registry, clock } = house;
  const memory = fakeQueue();
  const dispatcher = new Dispatcher({ queue: memory.queue, registry, clock, log: silentLogger });
  return { ...house, ...memory, dispatcher };
}

const { relay } = peerNo(1);

test('queued actions go to the connected relay in their order, each once', async () => {
  const { connect, due, dispatcher } = office();
  const link = connect();
  await link.greet();
  due.set(
    relay,
    Array.from({ length: 40 }, (_, i) => idNo(i)),
  );
  dispatcher.wake(relay);
  dispatcher.wake(relay);
  await settle();
  dispatcher.wake(relay);
  await settle();
  const ids = link.socket.of('COMMAND').map((one) => one.kind === 'run' && one.signed.manifest);
  expect(ids).toEqual(Array.from({ length: 40 }, (_, i) => idNo(i)));
});

test('a relay of an older protocol gets what it knows, and the rest is refused in words', async () => {
  const { connect, due, dispatcher, refused, texts } = office();
  const link = connect();
  await link.greet({ protoMax: 9 });
  texts.set(idNo(1), '{"action":{"name":"device.reboot","arguments":{}}}');
  texts.set(idNo(2), '{"action":{"name":"service.restart","arguments":{"service":"cron"}}}');
  due.set(relay, [idNo(1), idNo(2)]);
  dispatcher.wake(relay);
  await settle();
  expect(link.socket.of('COMMAND')).toHaveLength(1);
  expect(refused).toEqual([`${idNo(1)} its relay speaks protocol 9, this order needs 10: update the relay`]);
});

test('a wake-up while one is under way is not lost', async () => {
  const { connect, due, dispatcher } = office();
  const link = connect();
  await link.greet();
  dispatcher.wake(relay);
  due.set(relay, [idNo(1)]);
  dispatcher.wake(relay);
  await settle();
  expect(link.socket.of('COMMAND')).toHaveLength(1);
});

test('after a reconnect what the relay has not answered for is sent again, what it answered for is not', async () => {
  const { connect, due, dispatcher } = office();
  const first = connect();
  await first.greet();
  due.set(relay, [idNo(1), idNo(2)]);
  dispatcher.wake(relay);
  await settle();
  first.link.onClose();
  due.set(relay, [idNo(2)]);
  const second = connect();
  await second.greet();
  dispatcher.wake(relay);
  await settle();
  expect(first.socket.of('COMMAND')).toHaveLength(2);
  expect(second.socket.of('COMMAND')).toEqual([{ kind: 'run', signed: { ...signed, manifest: idNo(2) } }]);
});

test('an order waits until its relay was sent the charter and the roster that came first', async () => {
  let answer = () => {};
  const read = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const charter = async () => {
    await read;
    return { version: 2, signed: { charter: '{}', signatures: ['a..c'] } };
  };
  const { connect, due, dispatcher } = office(fakeDesk({ charter }));
  due.set(relay, [idNo(1)]);
  const link = connect();
  await link.greet({ rosterVersion: 0 });
  dispatcher.wake(relay);
  await settle();
  expect(link.socket.frames.map(({ type }) => type)).toEqual(['WELCOME', 'ROSTER']);
  answer();
  await settle();
  expect(link.socket.frames.map(({ type }) => type)).toEqual(['WELCOME', 'ROSTER', 'CHARTER', 'COMMAND']);
});

test('an unconnected relay is not asked about', async () => {
  const { dispatcher, due, asked } = office();
  due.set(relay, [idNo(1)]);
  dispatcher.wake(relay);
  await settle();
  expect(asked.due).toBe(0);
});

test('a cancelled action is told to its relay once per connection', async () => {
  const { connect, cancelled, dispatcher } = office();
  const link = connect();
  await link.greet();
  cancelled.set(relay, [idNo(3)]);
  dispatcher.wake(relay);
  await settle();
  dispatcher.wake(relay);
  await settle();
  expect(link.socket.of('COMMAND')).toEqual([{ kind: 'cancel', manifest: idNo(3) }]);
});

test('expired actions are ended every five seconds, until none is left', async () => {
  const { dispatcher, clock, asked } = office();
  const stop = new AbortController();
  const running = dispatcher.run(stop.signal);
  await clock.advance(5_000);
  expect(asked.expire).toEqual([clock.now(), clock.now()]);
  await clock.advance(5_000);
  expect(asked.expire).toHaveLength(3);
  stop.abort();
  await running;
});

test('a watched device is asked for with those watched before it, twenty at most, each for half a minute', async () => {
  const { connect, registry, clock } = linkHouse();
  const live = new LiveRequests({ clock, registry });
  expect(live.watch(relay, deviceNo(0))).toEqual({ intervalMs: 2_000, forMs: 30_000, isAsked: false });
  const link = connect();
  await link.greet();
  for (let n = 1; n <= 25; n++) expect(live.watch(relay, deviceNo(n)).isAsked).toBe(true);
  expect(link.socket.of('LIVE').at(-1)).toEqual({
    devices: Array.from({ length: 20 }, (_, i) => deviceNo(i + 6)),
    intervalMs: 2_000,
    forMs: 30_000,
  });
  for (let i = 0; i < 3; i++) {
    await clock.advance(10_000);
    link.link.onPong();
  }
  live.watch(relay, deviceNo(99));
  expect(link.socket.of('LIVE').at(-1)?.devices).toEqual([deviceNo(99)]);
});

test('an order whose dispatch failed goes out five seconds later, without another order to wake it', async () => {
  const { connect, due, queue, registry, clock } = office();
  let fails = 1;
  const flaky: DispatchQueue = {
    ...queue,
    due: async (...asked) => {
      fails -= 1;
      if (fails >= 0) throw new Error('database is locked');
      return await queue.due(...asked);
    },
  };
  const dispatcher = new Dispatcher({ queue: flaky, registry, clock, log: silentLogger });
  const stopping = new AbortController();
  const running = dispatcher.run(stopping.signal);
  const link = connect();
  await link.greet();
  due.set(relay, [idNo(1)]);
  dispatcher.wake(relay);
  await settle();
  expect(link.socket.of('COMMAND')).toEqual([]);
  await clock.advance(5_000);
  expect(link.socket.of('COMMAND')).toHaveLength(1);
  stopping.abort();
  await running;
});
