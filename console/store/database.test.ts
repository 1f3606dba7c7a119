// Proves the store on SQLite, and what only SQLite promises.
import { expect, test } from 'vitest';
import { defineStoreTests } from '#test/repository/store-suite.ts';
import { freshStore, sqliteEngine } from '#test/repository/test-engine.ts';

defineStoreTests(sqliteEngine);

test('a query outside the transaction, awaited inside it, is refused instead of waiting for ever', async () => {
  const store = await freshStore(sqliteEngine);
  const stuck = store.transaction(() => store.db.selectFrom('customer').select('id').execute());
  await expect(stuck).rejects.toMatchObject({ code: 'internal' });
});

test('work that a transaction merely started may use the store after it', async () => {
  const store = await freshStore(sqliteEngine);
  let later: Promise<unknown> | undefined;
  let go = () => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  await store.transaction(async () => {
    later = gate.then(() => store.db.selectFrom('customer').select('id').execute());
  });
  go();
  expect(await later).toEqual([]);
});

test('queries outside wait for a transaction and never see its half', async () => {
  const store = await freshStore(sqliteEngine);
  const writing = store.transaction(async (tx) => {
    for (const id of ['a', 'b']) await tx.insertInto('customer').values({ id, name: id, created_at: 1 }).execute();
  });
  const seen = await store.db.selectFrom('customer').select('id').execute();
  await writing;
  expect(seen).toHaveLength(2);
});
