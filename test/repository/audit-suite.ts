// The audit trail on both engines: a chain without holes, written with what it tells, and every change in it found.
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { can } from '#console/access/can.ts';
import { Audit, type AuditEntry } from '#console/audit/audit.ts';
import { verifyChain } from '#console/audit/verify-chain.ts';
import { listAudit } from '#console/query/read-audit.ts';
import type { Store } from '#console/store/database.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { freshStore, type TestEngine } from './test-engine.ts';

const entry = (verb: string, detail: AuditEntry['detail'] = {}): AuditEntry => ({
  actor: 'system:test',
  verb,
  resource: 'site:1',
  outcome: 'ok',
  detail,
});

const permission = can({ kind: 'system', part: 'test' }, 'audit.read');
if (!permission.allowed) throw new Error('tests read everything');
const { scope } = permission;

export function defineAuditTests(engine: TestEngine): void {
  const open = async () => {
    const clock = new FakeClock();
    return { store: await freshStore(engine, clock), audit: new Audit({ clock }) };
  };
  const append = (store: Store, audit: Audit, one: AuditEntry) => store.transaction((tx) => audit.append(tx, one));

  describe(`audit on ${engine.name}`, () => {
    test('60 appends at once make one chain without a hole', async () => {
      const { store, audit } = await open();
      await Promise.all(Array.from({ length: 60 }, (_, i) => append(store, audit, entry(`a.b${i}`))));
      expect(await verifyChain(store.db)).toEqual({ ok: true, rows: 60, firstBadSeq: null });
    });

    test('a transaction that fails leaves neither its row nor a hole', async () => {
      const { store, audit } = await open();
      await append(store, audit, entry('a.first'));
      const failing = store.transaction(async (tx) => {
        await audit.append(tx, entry('a.lost'));
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await append(store, audit, entry('a.second'))).toBe(2);
      expect((await verifyChain(store.db)).ok).toBe(true);
    });

    test('many rows in one call are chained in order', async () => {
      const { store, audit } = await open();
      const entries = Array.from({ length: 1_200 }, (_, i) => entry('a.b', { i }));
      expect(await store.transaction((tx) => audit.appendMany(tx, entries))).toBe(1_200);
      expect(await verifyChain(store.db)).toEqual({ ok: true, rows: 1_200, firstBadSeq: null });
    });

    test('hostile text is cleaned before it is hashed, so the chain still verifies', async () => {
      const { store, audit } = await open();
      await append(store, audit, {
        ...entry('a.b', { text: 'a\0b\uD800', ratio: 0.5, gone: undefined }),
        actor: 'x\0\uDC00',
      });
      const page = await listAudit(store.db, scope, { limit: 10 });
      expect(page.items[0]).toMatchObject({ actor: 'x\uFFFD\uFFFD', detail: { text: 'a\uFFFDb\uFFFD', ratio: '0.5' } });
      expect((await verifyChain(store.db)).ok).toBe(true);
    });

    test.each([
      ['an edited outcome', `update audit_log set outcome = 'denied' where seq = 3`, 3],
      ['an edited detail', `update audit_log set detail = '{"i":9}' where seq = 2`, 2],
      ['a removed row', 'delete from audit_log where seq = 4', 4],
      ['a cut tail', 'delete from audit_log where seq >= 4', 4],
      ['a removed beginning', 'delete from audit_log where seq = 1', 1],
      ['everything removed', 'delete from audit_log', 1],
    ])('%s is named as the first bad row', async (_what, statement, firstBadSeq) => {
      const { store, audit } = await open();
      await store.transaction((tx) =>
        audit.appendMany(
          tx,
          [1, 2, 3, 4, 5].map((i) => entry('a.b', { i })),
        ),
      );
      await sql.raw(statement).execute(store.db);
      expect(await verifyChain(store.db)).toEqual({ ok: false, rows: firstBadSeq - 1, firstBadSeq });
    });

    test('who follows a long trail lets others in between', async () => {
      const { store, audit } = await open();
      const many = Array.from({ length: 4_500 }, () => entry('a.b'));
      await store.transaction((tx) => audit.appendMany(tx, many));
      let turns = 0;
      let isDone = false;
      const turn = () => {
        turns += 1;
        if (!isDone) setImmediate(turn);
      };
      setImmediate(turn);
      expect(await verifyChain(store.db)).toEqual({ ok: true, rows: 4_500, firstBadSeq: null });
      isDone = true;
      // One for each page of a thousand that another one follows.
      expect(turns).toBeGreaterThanOrEqual(4);
    });

    test('pages go from the newest to the oldest and do not move when rows are added', async () => {
      const { store, audit } = await open();
      await store.transaction((tx) =>
        audit.appendMany(
          tx,
          [1, 2, 3, 4, 5].map((i) => entry('a.b', { i })),
        ),
      );
      const first = await listAudit(store.db, scope, { limit: 2 });
      await append(store, audit, entry('a.new'));
      const second = await listAudit(store.db, scope, { limit: 2, cursor: first.nextCursor ?? '' });
      const third = await listAudit(store.db, scope, { limit: 2, cursor: second.nextCursor ?? '' });
      expect([first, second, third].map((page) => page.items.map((row) => row.seq))).toEqual([[5, 4], [3, 2], [1]]);
      expect(third.nextCursor).toBeNull();
      await expect(listAudit(store.db, scope, { limit: 2, cursor: 'x' })).rejects.toMatchObject({
        code: 'bad-request',
      });
    });
  });
}
