// One session per relay; clones raise one alarm; a revocation cuts at once.
import { expect, test } from 'vitest';
import { helloOf, linkHouse, peerNo } from '#test/fixtures/link-pair.ts';

test('the newer session wins and the older is sent away', async () => {
  const { connect, registry, changes, clock } = linkHouse();
  const older = connect();
  await older.greet();
  const newer = connect();
  await newer.greet({ mono: clock.monotonic() + 1_000_000 });
  expect(older.socket.of('GOAWAY')).toEqual([{ reason: 'replaced', delayMs: 60_000 }]);
  expect(older.socket.closed).toEqual({ code: 4001, reason: 'replaced' });
  expect(registry.get(peerNo(1).relay)).toBe(newer.link);
  expect(changes).toEqual([[peerNo(1).relay, true]]);
});

test('two machines with one identity that flap for minutes raise one alarm, then another after ten minutes', async () => {
  const { connect, desk, clock } = linkHouse();
  const [a, b] = [0, 5_000_000];
  for (let i = 0; i < 20; i++)
    await connect().greet(helloOf(clock, { mono: clock.monotonic() + (i % 2 === 0 ? a : b) }));
  expect(desk.incidents).toMatchObject([{ code: 'identity-changed', severity: 'critical' }]);
  expect(desk.incidents[0]?.detail).toContain('192.0.2.1');
  for (let i = 0; i < 70; i++) {
    await clock.advance(10_000);
    await connect().greet(helloOf(clock, { mono: clock.monotonic() + (i % 2 === 0 ? a : b) }));
  }
  expect(desk.incidents.filter((one) => one.code === 'identity-changed')).toHaveLength(2);
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
