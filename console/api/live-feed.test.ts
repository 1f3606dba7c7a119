// Proves that a feed ends with its session, its viewer or its bound, and beats while nothing happens.
import { expect, test } from 'vitest';
import { can } from '#console/access/can.ts';
import { RightsChanged } from '#console/access/rights-changed.ts';
import { ChangeFeed } from '#console/live/change-feed.ts';
import { DeviceId, SiteId } from '#shared/base/id.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { openFeed } from './live-feed.ts';

const id = (n: number) => `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

function view(asked: { isSignedIn?: () => boolean } = {}) {
  const permission = can({ kind: 'system', part: 'test' }, 'device.read');
  if (!permission.allowed) throw new Error('a part of the console may read');
  const { scope } = permission;
  const feed = new ChangeFeed({ run: 'r', latest: { glance: () => undefined, readings: () => undefined } });
  const clock = new FakeClock();
  const site = SiteId.parse(id(1));
  const publish = (n: number) =>
    feed.publish({ kind: 'device', site, device: DeviceId.parse(id(n)), at: 1, status: 'down' });
  const tell = (n: number) => {
    publish(n);
    feed.flush();
  };
  const tellMany = () => {
    for (let n = 0; n < 1_000; n += 1) publish(n);
    feed.flush();
  };
  const seen = { cuts: 0 };
  const rights = new RightsChanged();
  const open = () =>
    openFeed(
      { feed, clock },
      {
        scope,
        isFleet: false,
        watched: new Set(),
        lastId: undefined,
        onRevoked: () => () => undefined,
        isAsBefore: async () => asked.isSignedIn?.() ?? true,
        onRightsChanged: (listener) => rights.listen(listener),
        cut: () => {
          seen.cuts += 1;
        },
      },
    );
  return { feed, clock, tell, tellMany, open, seen, rights };
}

const text = async (reader: ReadableStreamDefaultReader<Uint8Array>) => {
  const { value, done } = await reader.read();
  return done ? undefined : new TextDecoder().decode(value);
};

test('a feed says where it begins, tells changes, and beats every 15 seconds', async () => {
  const { open, tell, clock } = view();
  const reader = open().getReader();
  expect(await text(reader)).toBe(': \nid: r.0\n\n');
  tell(1);
  expect(await text(reader)).toMatch(/^event: message\ndata: \{"kind":"device".*\}\nid: r\.1\n\n$/);
  await clock.advance(15_000);
  expect(await text(reader)).toBe(': \nid: r.1\n\n');
});

test('a feed that is open ends at the next beat after its session', async () => {
  let isSignedIn = true;
  const { feed, clock, tell, open } = view({ isSignedIn: () => isSignedIn });
  const reader = open().getReader();
  await text(reader);
  isSignedIn = false;
  await clock.advance(15_000);
  expect(await text(reader)).toMatch(/"kind":"reset"/);
  expect(await text(reader)).toBeUndefined();
  tell(1);
  expect(feed.stats().viewers).toBe(0);
});

test('a feed ends at once when its viewer is told to have other rights, and goes on when they are the same', async () => {
  let isSame = true;
  const { feed, rights, open } = view({ isSignedIn: () => isSame });
  const reader = open().getReader();
  await text(reader);
  rights.tell('p1');
  await new Promise((resolve) => setImmediate(resolve));
  expect(feed.stats().viewers).toBe(1);
  isSame = false;
  rights.tell('p1');
  let last: string | undefined = '';
  for (let said: string | undefined = ''; said !== undefined; said = await text(reader)) last = said;
  expect(last).toMatch(/"kind":"reset"/);
  expect(feed.stats().viewers).toBe(0);
});

test('a viewer that leaves while nothing happens leaves nothing behind', async () => {
  const { feed, clock, open, seen } = view();
  const reader = open().getReader();
  await text(reader);
  await reader.cancel();
  expect(feed.stats().viewers).toBe(0);
  await clock.advance(60_000);
  expect(clock.sleeping).toBe(0);
  expect(seen.cuts).toBe(0);
});

test('a viewer that does not read is cut at 2 MiB, and the others are not', async () => {
  const { feed, tellMany, open, seen } = view();
  open();
  const reader = open().getReader();
  await text(reader);
  const drained = (async () => {
    while ((await text(reader)) !== undefined);
  })();
  for (let turn = 0; turn < 20 && seen.cuts === 0; turn += 1) {
    tellMany();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(seen.cuts).toBe(1);
  expect(feed.stats().viewers).toBe(1);
  await reader.cancel();
  await drained;
});
