// Reading the trail on both engines: which site a row is about, who sees it, what the filters let through, and older rows beside new ones.
import { describe, expect, test } from 'vitest';
import { NOTHING_SCOPE, partScope } from '#console/access/scope.ts';
import type { AuditEntry } from '#console/audit/audit.ts';
import { verifyChain } from '#console/audit/verify-chain.ts';
import { exportAudit, listAudit } from '#console/query/read-audit.ts';
import { type DeviceId, newId, SiteId } from '#shared/base/id.ts';
import { linkHash } from '#shared/crypto/audit-chain.ts';
import { makeEstate, scope } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

const entry = (resource: string, change: Partial<AuditEntry> = {}): AuditEntry => ({
  ...{ actor: 'person:1', verb: 'test.row', resource, outcome: 'ok' },
  ...change,
});

const ofSites = (sites: readonly SiteId[], without: readonly DeviceId[] = []) =>
  partScope({
    ...{ customers: { are: 'these', ids: new Set() }, sites: new Set(sites), devices: new Set() },
    ...{ without: new Set(without), broken: new Set(), key: 'test' },
  });

const PAGE = { limit: 100 };

export function defineAuditReadTests(engine: TestEngine): void {
  /** Two sites with a relay each, and rows about both, about none and about a thing that is gone. */
  const open = async () => {
    const estate = await makeEstate(engine);
    const other = (await estate.sites.create({ actor: { kind: 'system', part: 'test' } }, { name: 'Other' })).id;
    const [mine, theirs] = [await estate.addRelay(), await estate.addRelay('site', other)];
    const gone = newId(1, estate.random);
    const append = (...entries: AuditEntry[]) => estate.store.transaction((tx) => estate.audit.appendMany(tx, entries));
    const rowsOf = async (filter: Parameters<typeof listAudit>[3], of = scope) =>
      (await listAudit(estate.store.db, of, PAGE, { verb: 'test.*', ...filter })).items.map((row) => row.resource);
    return { ...estate, other, mine, theirs, gone, append, rowsOf };
  };

  describe(`reading the audit trail on ${engine.name}`, () => {
    test('a row is about the site of the thing it names, or about the one it was given', async () => {
      const { append, store, siteId, other, mine, theirs, gone } = await open();
      await append(
        entry(`site:${siteId}`),
        entry(`relay:${theirs.relay}`),
        entry(`device:${gone}`),
        entry(`device:${gone}`, { site: siteId }),
        entry('relay:not-an-id'),
        entry('person:1'),
        entry(`relay:${mine.relay}`, { site: other }),
      );
      const { items } = await listAudit(store.db, scope, PAGE, { verb: 'test.row' });
      expect(items.map(({ siteId: at }) => at).reverse()).toEqual([siteId, other, null, siteId, null, null, other]);
      expect((await verifyChain(store.db)).ok).toBe(true);
    });

    test('who sees a part of the estate reads its rows alone, and rows of no site are for who sees everything', async () => {
      const { append, rowsOf, siteId, other, mine } = await open();
      await append(entry(`relay:${mine.relay}`), entry(`site:${other}`), entry('person:1'));
      expect(await rowsOf({}, ofSites([siteId]))).toEqual([`relay:${mine.relay}`]);
      expect(await rowsOf({}, ofSites([other]))).toEqual([`site:${other}`]);
      expect(await rowsOf({}, ofSites([]))).toEqual([]);
      expect(await rowsOf({}, NOTHING_SCOPE)).toEqual([]);
      expect(await rowsOf({}, scope)).toHaveLength(3);
      // A filter never shows what the scope hides.
      expect(await rowsOf({ site: other }, ofSites([siteId]))).toEqual([]);
    });

    test('rows about a device that is denied within a site stay hidden', async () => {
      const { append, rowsOf, siteId, gone } = await open();
      await append(entry(`device:${gone}`, { site: siteId }), entry(`site:${siteId}`));
      const hidden = ofSites([siteId], [gone as DeviceId]); // any id will do
      expect(await rowsOf({}, hidden)).toEqual([`site:${siteId}`]);
    });

    test('the export holds what the scope lets through, with all that the hashes cover', async () => {
      const { append, store, siteId, other } = await open();
      await append(entry(`site:${siteId}`), entry(`site:${other}`));
      const rows = [];
      for await (const page of exportAudit(store.db, ofSites([other]), {})) rows.push(...page);
      expect(new Set(rows.map(({ site }) => site))).toEqual(new Set([other]));
      for (const row of rows) expect(linkHash(row, row.prev)).toBe(row.hash);
    });

    test('filters: who, what, of what, how it went, when, and where', async () => {
      const { append, rowsOf, clock, siteId } = await open();
      const from = clock.now();
      await append(entry('a%b', { actor: 'token:9', outcome: 'denied', verb: 'test.one' }));
      await clock.advance(1_000);
      const to = clock.now();
      await append(entry('axb', { verb: 'test.two' }), entry(`site:${siteId}`, { verb: 'test.two' }));
      expect(await rowsOf({ actor: 'token:*' })).toEqual(['a%b']);
      expect(await rowsOf({ actor: 'token' })).toEqual([]);
      expect(await rowsOf({ resource: 'a%*' })).toEqual(['a%b']);
      expect(await rowsOf({ resource: 'a_b' })).toEqual([]);
      expect(await rowsOf({ verb: 'test.two' })).toHaveLength(2);
      expect(await rowsOf({ outcome: 'denied' })).toEqual(['a%b']);
      expect(await rowsOf({ from, to })).toEqual(['a%b']);
      expect(await rowsOf({ from: to })).toHaveLength(2);
      expect(await rowsOf({ site: siteId })).toEqual([`site:${siteId}`]);
      expect(await rowsOf({ site: SiteId.parse(newId(5)) })).toEqual([]);
    });

    test('rows of the older form stand in one chain with new ones, and none can be given a site later', async () => {
      const { append, store, siteId } = await open();
      const head = await store.db.selectFrom('audit_head').select(['seq', 'hash']).executeTakeFirstOrThrow();
      const older = { v: 1, seq: head.seq + 1, at: 1, actor: 'a', verb: 'v', resource: 'r', outcome: 'ok' };
      const content = { ...older, address: null, detail: '{}' };
      const hash = linkHash({ ...content, site: null }, head.hash);
      await store.transaction(async (tx) => {
        await tx
          .insertInto('audit_log')
          .values({ ...content, prev: head.hash, hash })
          .execute();
        await tx.updateTable('audit_head').set({ seq: older.seq, hash }).execute();
      });
      await append(entry(`site:${siteId}`));
      expect(await verifyChain(store.db)).toMatchObject({ ok: true });
      await store.db.updateTable('audit_log').set({ site_id: siteId }).where('seq', '=', older.seq).execute();
      expect(await verifyChain(store.db)).toMatchObject({ ok: false, firstBadSeq: older.seq });
    });
  });
}
