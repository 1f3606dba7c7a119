// Proves that a feed ends with its session, its viewer or its bound, and never circles.
import { expect, test } from 'vitest';
import { ChangeFeed } from '#console/live/change-feed.ts';
import { DeviceId, SiteId } from '#shared/base/id.ts';
import type { Change } from '#shared/model/change.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { followChanges } from './live-feed.ts';

const id = (n: number) => `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const down = (n: number): Change => ({
  kind: 'device',
  site: SiteId.parse(id(1)),
  device: DeviceId.parse(id(n)),
  at: 1,
  status: 'down',
});

function view(change: { afterId?: number; signal?: AbortSignal; isSignedIn?: () => boolean } = {}) {
  const feed = new ChangeFeed();
  const clock = new FakeClock();
  const tell = (n: number) => {
    feed.publish(down(n));
    feed.flush();
  };
  const open = () =>
    followChanges(
      { feed, clock },
      {
        afterId: change.afterId ?? 0,
        signal: change.signal,
        isStillSignedIn: async () => change.isSignedIn?.() ?? true,
      },
    );
  return { feed, clock, tell, open };
}

test('a feed that is open ends within half a minute of its session', async () => {
  let isSignedIn = true;
  const { feed, clock, tell, open } = view({ isSignedIn: () => isSignedIn });
  const changes = open();
  const first = changes.next();
  tell(1);
  expect((await first).value).toMatchObject({ kind: 'device' });
  isSignedIn = false;
  await clock.advance(30_000);
  const second = changes.next();
  tell(2);
  expect(await second).toEqual({ done: true, value: undefined });
  expect(feed.stats().listeners).toBe(0);
});

test('a viewer that left before its feed began leaves no listener behind', async () => {
  const { feed, open } = view({ signal: AbortSignal.abort() });
  expect((await open().next()).done).toBe(true);
  expect(feed.stats().listeners).toBe(0);
});

test('a viewer that leaves while nothing happens leaves no listener behind', async () => {
  const leaving = new AbortController();
  const { feed, open } = view({ signal: leaving.signal });
  const next = open().next();
  leaving.abort();
  expect((await next).done).toBe(true);
  expect(feed.stats().listeners).toBe(0);
});

test('a viewer that missed more than its queue holds begins anew instead of being cut again and again', async () => {
  const { feed, open } = view({ afterId: 1 });
  for (let n = 1; n <= 25_000; n += 1) feed.publish(down(n));
  feed.flush();
  const changes = open();
  expect((await changes.next()).value).toEqual({ kind: 'reset' });
  await changes.return(undefined);
  expect(feed.stats().listeners).toBe(0);
});
