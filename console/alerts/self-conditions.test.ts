// What the console finds of itself: each condition at its limit, and silence as far as one can tell whose fault it is.
import { expect, test } from 'vitest';
import { relayNo, siteNo } from '#test/fixtures/stream-kit.ts';
import { DEFAULT_RULES } from './alert-rules.ts';
import { conditionsOf, type SelfPicture, type WatchedRelay } from './self-conditions.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const MINUTE = 60_000;
const DAY = 86_400_000;

const relay = (n: number, more: Partial<WatchedRelay> = {}): WatchedRelay => ({
  id: relayNo(n),
  name: `r${n}`,
  site: siteNo(n),
  siteName: `Site ${n}`,
  lastSeenAt: NOW,
  isConnected: true,
  mayBeAway: false,
  certificateExpiresAt: NOW + 60 * DAY,
  clockSkewMs: 20,
  health: undefined,
  backlogSince: null,
  ...more,
});

const away = (n: number, agoMs: number, more: Partial<WatchedRelay> = {}) =>
  relay(n, { isConnected: false, lastSeenAt: NOW - agoMs, ...more });

const picture = (more: Partial<SelfPicture> = {}): SelfPicture => ({
  now: NOW,
  startedAt: NOW - DAY,
  rules: DEFAULT_RULES,
  relays: [],
  charters: [],
  room: 'plenty',
  certificateExpiresAt: NOW + 90 * DAY,
  ingestLagMs: 800,
  sealTrouble: null,
  waitingSince: null,
  ...more,
});

const found = (more: Partial<SelfPicture>) =>
  conditionsOf(picture(more)).map(({ check, severity }) => `${check} ${severity}`);

test('all is well', () => expect(found({ relays: [relay(1)] })).toEqual([]));

test('a relay that is not linked for two minutes is silent since it was last heard', () => {
  expect(found({ relays: [away(1, 2 * MINUTE - 1)] })).toEqual([]);
  const [one] = conditionsOf(picture({ relays: [away(1, 2 * MINUTE)] }));
  expect(one).toMatchObject({
    check: 'relay.silent',
    severity: 'critical',
    since: NOW - 2 * MINUTE,
    detail: 'relay r1 of Site 1 is silent since 2026-11-23 11:58 UTC',
  });
});

test('a console that has just begun says of nobody that they are silent', () => {
  const relays = [away(1, 60 * MINUTE), away(2, 60 * MINUTE)];
  expect(found({ relays, startedAt: NOW - 3 * MINUTE + 1 })).toEqual([]);
  expect(found({ relays, startedAt: NOW - 3 * MINUTE })).toHaveLength(2);
});

test('a laptop that watches itself may be off, and a relay that was never linked is none', () => {
  expect(found({ relays: [away(1, DAY, { mayBeAway: true }), away(2, 0, { lastSeenAt: null })] })).toEqual([]);
});

test('all relays of a site together are the site; of one relay its silence says as much', () => {
  const site = siteNo(9);
  const both = [away(1, 5 * MINUTE, { site }), away(2, 4 * MINUTE, { site })];
  expect(found({ relays: both })).toEqual(['site.silent critical', 'relay.silent critical', 'relay.silent critical']);
  expect(found({ relays: [...both, relay(3, { site })] })).toEqual(['relay.silent critical', 'relay.silent critical']);
});

test('when every site falls silent together it is the line of the console', () => {
  const gone = [away(1, 5 * MINUTE), away(2, 5 * MINUTE + 30_000), away(3, 4 * MINUTE)];
  expect(found({ relays: gone })[0]).toBe('console.cut-off critical');
  expect(found({ relays: gone.slice(0, 2) })).toEqual(['relay.silent critical', 'relay.silent critical']);
  expect(found({ relays: [...gone, relay(4)] })).not.toContain('console.cut-off critical');
  // One that was silent for days says nothing for or against it.
  expect(found({ relays: [...gone, away(5, 3 * DAY)] })[0]).toBe('console.cut-off critical');
});

test.each<[string, Partial<WatchedRelay>, string[]]>([
  ['a certificate with five days left', { certificateExpiresAt: NOW + 5 * DAY }, []],
  ['one with four days left', { certificateExpiresAt: NOW + 4 * DAY }, ['relay.certificate medium']],
  ['one with a day left', { certificateExpiresAt: NOW + DAY }, ['relay.certificate critical']],
  ['a clock two minutes off', { clockSkewMs: -2 * MINUTE }, []],
  ['a clock three minutes off', { clockSkewMs: -3 * MINUTE }, ['relay.clock medium']],
  ['a clock at which orders are refused', { clockSkewMs: 5 * MINUTE }, ['relay.clock high']],
  ['a backlog of ten minutes', { backlogSince: NOW - 10 * MINUTE }, []],
  ['a backlog of a quarter of an hour', { backlogSince: NOW - 15 * MINUTE }, ['relay.backlog high']],
  ['little room', { health: health({ diskFreeBytes: 900 * 1024 ** 2 }) }, ['relay.disk high']],
  ['no room', { health: health({ diskFreeBytes: 100 * 1024 ** 2 }) }, ['relay.disk critical']],
  ['a spool that is four fifths full', { health: health({ spoolBytes: 800 }) }, ['relay.spool high']],
  ['a spool that is nearly full', { health: health({ spoolBytes: 960 }) }, ['relay.spool critical']],
])('%s of a relay', (_name, more, expected) => expect(found({ relays: [relay(1, more)] })).toEqual(expected));

function health(more: object): NonNullable<WatchedRelay['health']> {
  return {
    ...{ at: NOW, uptimeMs: 1, cpuRatio: 0, rssBytes: 1, heapBytes: 1, diskFreeBytes: 1024 ** 4 },
    ...{ spoolBytes: 0, spoolQuotaBytes: 1_000, devices: 1, failing: 0, pollsDue: 0, pollsPerMinute: 1, pollLagMs: 0 },
    ...{ lanes: [], nodeVersion: 'v20.20.2', ...more },
  };
}

test.each<[string, Partial<SelfPicture>, string[]]>([
  ['low of room', { room: 'low' }, ['console.disk medium']],
  ['full', { room: 'full' }, ['console.disk critical']],
  ['a certificate of three weeks', { certificateExpiresAt: NOW + 21 * DAY }, ['console.certificate medium']],
  ['samples half a minute late', { ingestLagMs: 30_000 }, ['console.ingest high']],
  ['samples ten minutes late', { ingestLagMs: 600_000 }, ['console.ingest critical']],
  ['sealing that fails for four minutes', { sealTrouble: { since: NOW - 4 * MINUTE, message: 'full' } }, []],
  [
    'sealing that fails for five',
    { sealTrouble: { since: NOW - 5 * MINUTE, message: 'full' } },
    ['console.ingest high'],
  ],
  ['messages that wait for four minutes', { waitingSince: NOW - 4 * MINUTE }, []],
  ['messages that wait for five', { waitingSince: NOW - 5 * MINUTE }, ['console.notify critical']],
  [
    'a charter that ends in a fortnight',
    { charters: [{ site: siteNo(1), siteName: 'Main', expiresAt: NOW + 14 * DAY }] },
    ['site.charter high'],
  ],
])('the console: %s', (_name, more, expected) => expect(found(more)).toEqual(expected));
