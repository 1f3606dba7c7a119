// The feed coalesces, keeps sites apart and lets a browser resume.
import { expect, test } from 'vitest';
import { DeviceId, SiteId } from '#shared/base/id.ts';
import type { Change, ChangeEvent } from '#shared/model/change.ts';
import { ChangeFeed } from './change-feed.ts';

const siteA = SiteId.parse('01890000-0000-7000-8000-00000000000a');
const siteB = SiteId.parse('01890000-0000-7000-8000-00000000000b');
const device = (n: number) => DeviceId.parse(`01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`);
const metrics = (n: number, value: number, site = siteA): Change => ({
  kind: 'metrics',
  site,
  device: device(n),
  at: 1,
  values: { 'load.1': value },
});

function listen(feed: ChangeFeed, site: SiteId | undefined, afterId = 0) {
  const got: ChangeEvent[] = [];
  const subscription = feed.subscribe(
    { isVisible: (s) => site === undefined || s === site, onEvents: (events) => got.push(...events) },
    afterId,
  );
  return { got, subscription };
}

test('changes of one device between two flushes become the last of them', () => {
  const feed = new ChangeFeed();
  const { got } = listen(feed, undefined);
  feed.publish(metrics(1, 1));
  feed.publish(metrics(2, 5));
  feed.publish(metrics(1, 2));
  expect(got).toEqual([]);
  feed.flush();
  expect(got).toEqual([
    { id: 1, change: metrics(2, 5) },
    { id: 2, change: metrics(1, 2) },
  ]);
});

test('a viewer sees only the sites of its scope', () => {
  const feed = new ChangeFeed();
  const { got } = listen(feed, siteB);
  feed.publish(metrics(1, 1, siteA));
  feed.publish(metrics(2, 1, siteB));
  feed.flush();
  expect(got.map((event) => event.change)).toEqual([metrics(2, 1, siteB)]);
});

test('a returning browser gets exactly what it missed', () => {
  const feed = new ChangeFeed();
  for (let n = 1; n <= 5; n++) {
    feed.publish(metrics(n, n));
    feed.flush();
  }
  const { subscription } = listen(feed, undefined, 3);
  expect(subscription?.missed?.map((event) => event.id)).toEqual([4, 5]);
  expect(subscription?.lastId).toBe(5);
});

test('an id that the ring no longer reaches, or of an earlier run, asks for a fresh start', () => {
  const feed = new ChangeFeed();
  for (let n = 0; n < 40_000; n++) feed.publish(metrics(n, n));
  feed.flush();
  expect(listen(feed, undefined, 1).subscription?.missed).toBeUndefined();
  expect(listen(feed, undefined, 99_999).subscription?.missed).toBeUndefined();
  expect(feed.stats().kept).toBe(32_768);
});

test('a listener that stopped hears nothing more', () => {
  const feed = new ChangeFeed();
  const { got, subscription } = listen(feed, undefined);
  subscription?.stop();
  feed.publish(metrics(1, 1));
  feed.flush();
  expect(got).toEqual([]);
});

test('listeners are bounded', () => {
  const feed = new ChangeFeed();
  for (let n = 0; n < 1_000; n++) listen(feed, undefined);
  expect(listen(feed, undefined).subscription).toBeUndefined();
});

test('newest values are made at the flush, once per device, and not at all while nobody looks', () => {
  const feed = new ChangeFeed();
  let made = 0;
  const tell = () =>
    feed.publishMetrics(siteA, device(1), () => {
      made += 1;
      return metrics(1, made);
    });
  tell();
  feed.flush();
  expect(made).toBe(0);
  const { got, subscription } = listen(feed, undefined);
  tell();
  tell();
  feed.flush();
  expect(made).toBe(1);
  expect(got.map((event) => event.change)).toEqual([metrics(1, 1)]);
  // A page that reloads finds what was told meanwhile; one that comes back later begins anew.
  subscription?.stop();
  tell();
  feed.flush();
  const seen = got.at(-1)?.id ?? 0;
  expect(listen(feed, undefined, seen).subscription?.missed?.map((event) => event.change)).toEqual([metrics(1, 2)]);
});

test('who was away while values were left out begins anew', () => {
  const feed = new ChangeFeed();
  const { got, subscription } = listen(feed, undefined);
  feed.publish(metrics(1, 1));
  feed.flush();
  subscription?.stop();
  for (let i = 0; i < 240; i++) feed.flush();
  const seen = got.at(-1)?.id ?? 0;
  expect(seen).toBe(1);
  feed.publishMetrics(siteA, device(1), () => metrics(1, 2));
  feed.flush();
  expect(listen(feed, undefined, seen).subscription?.missed).toBeUndefined();
  const fresh = listen(feed, undefined);
  expect(listen(feed, undefined, fresh.subscription?.lastId).subscription?.missed).toEqual([]);
});

test('a relay that names a device of another site replaces nothing there', () => {
  const feed = new ChangeFeed();
  const { got } = listen(feed, siteA);
  feed.publish(metrics(1, 1, siteA));
  feed.publish(metrics(1, 666, siteB));
  feed.flush();
  expect(got.map((event) => event.change)).toEqual([metrics(1, 1, siteA)]);
});
