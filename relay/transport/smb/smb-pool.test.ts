// One connection for all who ask, a new one when it is gone, and nothing is tried twice behind the back of who asked.
import { expect, test } from 'vitest';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { type SmbOutcome, smbFailure } from './smb-fault.ts';
import type { ConnectSmb, SmbConnection, SmbFiles } from './smb-files.ts';
import { SmbPool, type SmbUse } from './smb-pool.ts';

const NEVER = new AbortController().signal;
const USE: SmbUse = {
  target: { name: 'host', host: '127.0.0.1' },
  login: { user: 'me', password: 'pw' },
  share: 'files',
  deadlineMs: 1_000,
};
// Only its state is looked at.
const FILES = { isOpen: true } as SmbFiles;

class FakeConnection {
  isOpen = true;
  treeOutcome: SmbOutcome<SmbFiles> = { ok: true, value: FILES };
  tree = () => Promise.resolve(this.treeOutcome);
  close() {
    this.isOpen = false;
  }
}

function rig(more: { maxConnections?: number } = {}) {
  const clock = new FakeClock();
  const made: FakeConnection[] = [];
  let next: SmbOutcome<SmbConnection> | undefined;
  const connect: ConnectSmb = () => {
    if (next !== undefined) return Promise.resolve(next);
    const connection = new FakeConnection();
    made.push(connection);
    // What the pool uses of one.
    return Promise.resolve({ ok: true, value: connection as unknown as SmbConnection });
  };
  const pool = new SmbPool({ clock, random: (bytes) => bytes, connect, idleMs: 60_000, ...more });
  const failNext = (outcome: SmbOutcome<SmbConnection>) => {
    next = outcome;
  };
  return { clock, made, pool, failNext };
}

const done = () => Promise.resolve({ ok: true as const, value: 'done' });

test('many who ask at once share one connection', async () => {
  const { pool, made } = rig();
  const ends = await Promise.all(Array.from({ length: 20 }, () => pool.use(USE, done, NEVER)));
  expect(ends.every(({ ok }) => ok)).toBe(true);
  expect(made).toHaveLength(1);
  await pool.stop();
  expect(made[0]?.isOpen).toBe(false);
});

test('another password is another connection', async () => {
  const { pool, made } = rig();
  await pool.use(USE, done, NEVER);
  await pool.use({ ...USE, login: { user: 'me', password: 'other' } }, done, NEVER);
  expect(made).toHaveLength(2);
  await pool.stop();
});

test('a connection that is gone is replaced, and what broke within is not tried again', async () => {
  const { pool, made } = rig();
  let calls = 0;
  const breaks = () => {
    calls += 1;
    made[0]?.close();
    return Promise.resolve(smbFailure('lost', 'gone'));
  };
  expect(await pool.use(USE, breaks, NEVER)).toMatchObject({ fault: 'lost' });
  expect(calls).toBe(1);
  expect(await pool.use(USE, done, NEVER)).toMatchObject({ ok: true });
  expect(made).toHaveLength(2);
  await pool.stop();
});

test('a server that hung up between two uses costs a new connection and no failure', async () => {
  const { pool, made } = rig();
  await pool.use(USE, done, NEVER);
  const [first] = made;
  if (first !== undefined) {
    first.treeOutcome = smbFailure('session-expired', 'over');
    first.tree = () => {
      first.isOpen = false;
      return Promise.resolve(smbFailure('session-expired', 'over'));
    };
  }
  expect(await pool.use({ ...USE, share: 'other' }, done, NEVER)).toMatchObject({ ok: true });
  expect(made).toHaveLength(2);
  await pool.stop();
});

test('a refused login is told, and asked for again only by the next use', async () => {
  const { pool, failNext } = rig();
  failNext(smbFailure('logon-failure', 'wrong'));
  expect(await pool.use(USE, done, NEVER)).toMatchObject({ fault: 'logon-failure' });
  expect(pool.size).toBe(0);
  await pool.stop();
});

test('who is idle is closed; in use it is not', async () => {
  const { pool, made, clock } = rig();
  let end: (outcome: { ok: true; value: string }) => void = () => undefined;
  const long = pool.use(
    { ...USE, deadlineMs: 1e9 },
    () => new Promise<{ ok: true; value: string }>((r) => (end = r)),
    NEVER,
  );
  await clock.advance(120_000);
  expect(made[0]?.isOpen).toBe(true);
  end({ ok: true, value: 'done' });
  await long;
  await clock.advance(120_000);
  expect(made[0]?.isOpen).toBe(false);
  await pool.stop();
});

test('a use ends at its deadline, whatever the server does', async () => {
  const { pool, clock } = rig();
  const waits = (_files: SmbFiles, signal: AbortSignal) =>
    new Promise<SmbOutcome<string>>((resolve) => {
      signal.addEventListener('abort', () => resolve(smbFailure('cancelled', 'stopped')), { once: true });
    });
  const ended = pool.use(USE, waits, NEVER);
  await clock.advance(1_001);
  expect(await ended).toMatchObject({ fault: 'timed-out', reason: 'timed-out' });
  await pool.stop();
});

test('beyond its bound the longest idle makes room, and where all are in use the next is refused', async () => {
  const { pool, made } = rig({ maxConnections: 1 });
  await pool.use(USE, done, NEVER);
  const other = { ...USE, target: { name: 'b', host: '127.0.0.2' } };
  await pool.use(other, done, NEVER);
  expect(made.map(({ isOpen }) => isOpen)).toEqual([false, true]);
  const nested = await pool.use(other, () => pool.use(USE, done, NEVER), NEVER);
  expect(nested).toMatchObject({ fault: 'refused' });
  await pool.stop();
});
