// One session per relay; clones are fenced with one alarm; a revocation cuts at once.
import { expect, test } from 'vitest';
import { linkHouse, peerNo } from '#test/fixtures/link-pair.ts';

test('the newer session wins and the older, which gives no sign of life, is sent away', async () => {
  const { connect, registry, changes, clock, desk } = linkHouse();
  const older = connect();
  await older.greet();
  await clock.advance(4_000);
  const newer = connect();
  await newer.greet({ mono: clock.monotonic() + 1_000_000 });
  expect(registry.get(peerNo(1).relay)).toBeUndefined();
  await clock.advance(3_000);
  expect(older.socket.of('GOAWAY')).toEqual([{ reason: 'replaced', delayMs: 60_000 }]);
  expect(older.socket.closed).toEqual({ code: 4001, reason: 'replaced' });
  expect(registry.get(peerNo(1).relay)).toBe(newer.link);
  expect(changes).toEqual([[peerNo(1).relay, true]]);
  expect(desk.incidents).toEqual([]);
});

/** Two machines that are alive, with one identity. */
async function clones() {
  const house = linkHouse();
  const { connect, clock } = house;
  const [first, second] = [connect(), connect()];
  first.live();
  await first.greet();
  await clock.advance(4_000);
  second.live();
  await second.greet({ mono: clock.monotonic() + 5_000_000 });
  await clock.advance(3_000);
  return { ...house, first, second };
}

test('two machines that live with one identity are both fenced, with one alarm that names where they are', async () => {
  const { first, second, registry, desk } = await clones();
  for (const { socket } of [first, second]) {
    expect(socket.of('FAULT')).toMatchObject([{ code: 'identity-changed' }]);
    expect(socket.closed).toEqual({ code: 4000, reason: 'identity-changed' });
  }
  expect(registry.isFenced(peerNo(1).relay)).toBe(true);
  expect(registry.relays()).toEqual([]);
  expect(desk.incidents).toMatchObject([{ code: 'identity-changed', severity: 'critical' }]);
  expect(desk.incidents[0]?.detail).toContain('192.0.2.1');
});

test('while a third session is still being judged nothing is told to any of them, though the first judgement is over', async () => {
  const { connect, registry, clock } = linkHouse();
  const relay = peerNo(1).relay;
  await connect().greet();
  await clock.advance(4_000);
  await connect().greet({ mono: clock.monotonic() + 1_000_000 });
  await clock.advance(2_000);
  const third = connect();
  await third.greet({ mono: clock.monotonic() + 2_000_000 });
  await clock.advance(1_500);
  expect(registry.get(relay)).toBeUndefined();
  await clock.advance(1_500);
  expect(registry.get(relay)).toBe(third.link);
});

test('a fenced relay stays out until it is released, and is fenced again while its clone lives', async () => {
  const { connect, registry, clock, desk } = await clones();
  const early = connect();
  await early.greet();
  expect(early.socket.closed?.reason).toBe('identity-changed');
  expect(registry.get(peerNo(1).relay)).toBeUndefined();
  expect(registry.release(peerNo(1).relay)).toBe(true);
  const [one, other] = [connect(), connect()];
  one.live();
  await one.greet();
  expect(registry.get(peerNo(1).relay)).toBe(one.link);
  other.live();
  await other.greet({ mono: 1 });
  await clock.advance(3_000);
  expect(registry.isFenced(peerNo(1).relay)).toBe(true);
  // One alarm in ten minutes tells it all.
  expect(desk.incidents).toHaveLength(1);
});

test('others are no clones of a fenced relay', async () => {
  const { connect, registry } = await clones();
  const other = connect(peerNo(2));
  await other.greet();
  expect(registry.relays()).toEqual([peerNo(2).relay]);
});

test('a relay that reconnects before its old connection is known dead is no clone', async () => {
  const { connect, desk, clock } = linkHouse();
  await connect().greet();
  await clock.advance(5_000);
  await connect().greet();
  expect(desk.incidents).toEqual([]);
});

test('a relay that starts anew while its old connection is silent is no clone', async () => {
  const { connect, desk, clock } = linkHouse();
  await connect().greet();
  await clock.advance(20_000);
  await connect().greet({ mono: 300 });
  expect(desk.incidents).toEqual([]);
});

test('a revocation cuts open and greeting connections of that relay alone, at once', async () => {
  const { connect, registry } = linkHouse();
  const [open, greeting, other] = [connect(), connect(), connect(peerNo(2))];
  await open.greet();
  await other.greet();
  registry.revoke(peerNo(1).relay);
  for (const link of [open, greeting]) {
    expect(link.socket.of('FAULT')).toMatchObject([{ code: 'certificate-revoked' }]);
    expect(link.socket.of('GOAWAY')).toEqual([{ reason: 'revoked', delayMs: 600_000 }]);
    expect(link.socket.closed?.reason).toBe('certificate-revoked');
  }
  expect(other.socket.closed).toBeUndefined();
  expect(registry.relays()).toEqual([peerNo(2).relay]);
});

test('at a stop relays leave with spread delays', async () => {
  const { connect, registry } = linkHouse();
  const relays = [1, 2, 3].map((n) => connect(peerNo(n)));
  for (const relay of relays) await relay.greet();
  registry.leaveAll((index) => index * 1_000);
  expect(relays.map((relay) => relay.socket.of('GOAWAY')[0]?.delayMs)).toEqual([0, 1_000, 2_000]);
  expect(registry.size).toBe(0);
});

test('a frame for a relay that is not connected is not sent', async () => {
  const { connect, registry, changes } = linkHouse();
  const live = { devices: [], intervalMs: 2_000, forMs: 1_000 };
  expect(registry.send(peerNo(1).relay, 'LIVE', live)).toBe(false);
  const relay = connect();
  await relay.greet();
  expect(registry.send(peerNo(1).relay, 'LIVE', live)).toBe(true);
  expect(relay.socket.of('LIVE')).toEqual([live]);
  relay.link.onClose();
  expect(registry.send(peerNo(1).relay, 'LIVE', live)).toBe(false);
  expect(changes).toEqual([
    [peerNo(1).relay, true],
    [peerNo(1).relay, false],
  ]);
});
