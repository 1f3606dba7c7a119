// What relays counter-signed is not lost when the database is away for a moment.
import { expect, test } from 'vitest';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { freshStore, sqliteEngine } from '#test/repository/test-engine.ts';
import { counterSignaturesOf } from './checkpoint-repository.ts';
import { CounterSignatures, type CounterSigned } from './counter-signatures.ts';

const signed = (relayId: string, seq: number): CounterSigned => ({
  ...{ relayId, seq, hash: 'h', at: seq },
  ...{ spki: new Uint8Array(44), signature: new Uint8Array(64) },
});

test('what could not be written is written the next time, unless the relay has signed a later one meanwhile', async () => {
  const store = await freshStore(sqliteEngine, new FakeClock());
  let isAway = true;
  const transaction: typeof store.transaction = (work) =>
    isAway ? Promise.reject(new Error('away')) : store.transaction(work);
  const signatures = new CounterSignatures({ store: { transaction } });
  signatures.add(signed('a', 7));
  signatures.add(signed('b', 7));
  const failing = signatures.flush();
  signatures.add(signed('b', 9));
  await expect(failing).rejects.toThrow('away');
  isAway = false;
  await signatures.flush();
  const seqs = async (relay: string) => (await counterSignaturesOf(store.db, relay)).map(({ seq }) => seq);
  expect(await seqs('a')).toEqual([7]);
  expect(await seqs('b')).toEqual([9]);
});
