// What both engines promise: migrations once, refused downgrades, whole transactions that never interleave.
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { afterCommit } from '#console/store/current-transaction.ts';
import { openStore, type Store, type StoreOptions } from '#console/store/database.ts';
import { engineOf } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import { freshStore, type TestEngine } from './test-engine.ts';

async function open(place: StoreOptions): Promise<Store> {
  const store = await openStore(place);
  onTestFinished(() => store.close());
  return store;
}

const addCustomer = (store: Store, id: string, name = id) =>
  store.db.insertInto('customer').values({ id, name, created_at: 1 }).execute();

const customers = async (store: Store) =>
  (await store.db.selectFrom('customer').select('id').orderBy('id').execute()).map((row) => row.id);

export function defineStoreTests(engine: TestEngine): void {
  describe(`store on ${engine.name}`, () => {
    test('a second open keeps data and incarnation; a new incarnation is kept too', async () => {
      const place = engine.place();
      const first = await openStore(place);
      await addCustomer(first, 'a');
      await first.close();
      const second = await open(place);
      expect(await customers(second)).toEqual(['a']);
      expect(second.incarnation).toBe(first.incarnation);
      const renewed = await second.newIncarnation();
      expect(renewed).not.toBe(first.incarnation);
      expect((await open(place)).incarnation).toBe(renewed);
    });

    test('a database that a later release wrote is refused by name and left as it is', async () => {
      const place = engine.place();
      const store = await openStore(place);
      await sql`insert into kysely_migration (name, timestamp) values ('0999-later', '')`.execute(store.db);
      await store.close();
      await expect(openStore(place)).rejects.toMatchObject({
        code: 'store-newer',
        message: expect.stringMatching(/0999-later.*this build ends at \d{4}-[a-z-]+.*downgrade refused/),
      });
    });

    test('the engine of a handle and of a transaction is known', async () => {
      const store = await freshStore(engine);
      expect(engineOf(store.db)).toBe(engine.name);
      expect(await store.transaction(async (tx) => engineOf(tx))).toBe(engine.name);
    });

    test('a transaction that throws leaves nothing', async () => {
      const store = await freshStore(engine);
      const failing = store.transaction(async (tx) => {
        await tx.insertInto('customer').values({ id: 'a', name: 'a', created_at: 1 }).execute();
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await customers(store)).toEqual([]);
    });

    test('100 transactions that read, wait for the database and write back lose no update', async () => {
      const store = await freshStore(engine);
      await addCustomer(store, 'counter', '0');
      const countUp = () =>
        store.transaction(async (tx) => {
          const query = tx.selectFrom('customer').select('name').where('id', '=', 'counter');
          const row = await (engine.name === 'postgres' ? query.forUpdate() : query).executeTakeFirstOrThrow();
          await sql`select 1`.execute(tx);
          await tx
            .updateTable('customer')
            .set({ name: String(Number(row.name) + 1) })
            .execute();
        });
      await Promise.all(Array.from({ length: 100 }, countUp));
      const row = await store.db.selectFrom('customer').select('name').executeTakeFirstOrThrow();
      expect(row.name).toBe('100');
    });

    test('a transaction inside a transaction is refused instead of waiting for itself', async () => {
      const store = await freshStore(engine);
      const nested = store.transaction(() => store.transaction(async () => undefined));
      await expect(nested).rejects.toMatchObject({ code: 'internal' });
      await addCustomer(store, 'a');
      expect(await customers(store)).toEqual(['a']);
    });

    test('what is left for after the commit runs once it is durable, and never when it is undone', async () => {
      const store = await freshStore(engine);
      const told: string[] = [];
      await store.transaction(async (tx) => {
        afterCommit(() => told.push('done'));
        await sql`select 1`.execute(tx);
        expect(told).toEqual([]);
      });
      const failing = store.transaction(async () => {
        afterCommit(() => told.push('undone'));
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(told).toEqual(['done']);
      expect(() => afterCommit(() => undefined)).toThrow('outside a transaction');
    });

    test('integers up to 2^53 - 1 and bytes come back as they went in', async () => {
      const store = await freshStore(engine);
      const data = Uint8Array.from({ length: 256 }, (_, i) => i);
      const row = { relay_id: 'r', epoch: 'e', lane: 0, seq: Number.MAX_SAFE_INTEGER, at: 1, code: 'c', message: 'm' };
      await store.db
        .insertInto('quarantine')
        .values({ ...row, data })
        .execute();
      const back = await store.db.selectFrom('quarantine').select(['seq', 'data']).executeTakeFirstOrThrow();
      expect(back.seq).toBe(Number.MAX_SAFE_INTEGER);
      expect(back.data).toBeInstanceOf(Uint8Array);
      expect([...back.data]).toEqual([...data]);
    });

    test('text from a hostile device is stored: NUL and lone surrogates become U+FFFD', async () => {
      const store = await freshStore(engine);
      await addCustomer(store, 'a', storedText('x\0y\uD800z😀'));
      const row = await store.db.selectFrom('customer').select('name').executeTakeFirstOrThrow();
      expect(row.name).toBe('x\uFFFDy\uFFFDz😀');
    });
  });
}
