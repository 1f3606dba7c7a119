// Proves that one sealed login which could not be told of keeps out none after it, and that what is in force is not called refused.
import { expect, test } from 'vitest';
import { RefusalLog } from '#relay/execute/refusal-log.ts';
import type { Vault } from '#relay/transport/vault.ts';
import { AppError } from '#shared/base/errors.ts';
import type { HeldCredential, SealedCredential } from '#shared/model/credential.ts';
import type { AuditRecord } from '#shared/model/record.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { SAMPLE_TIME, sampleCharter } from '#test/fixtures/sample-trust.ts';
import { credentialTaker } from './take-credential.ts';

const sealed = (signature: string): SealedCredential => ({ signature, boxes: [] });
const held = { name: 'lan', slot: 'current', version: 2, state: 'open' } as HeldCredential;

function taker() {
  const clock = new FakeClock(SAMPLE_TIME);
  const told: AuditRecord[] = [];
  const disk = { isFull: false };
  const taken: unknown[] = [];
  const changes = { count: 0 };
  const addRecord = (_lane: 0 | 1 | 3, record: unknown) => {
    if (disk.isFull) throw new AppError('spool-full', 'no room');
    told.push(record as AuditRecord); // audit records alone come here
  };
  const outbox = { addRecord, addRecords: () => undefined };
  const vault = {
    accept: async ({ signature }: SealedCredential) => {
      if (signature === 'forged') throw new AppError('signature-invalid', 'no technician signed it');
      taken.push(signature);
      return held;
    },
  } as unknown as Vault; // the member that is used
  const take = credentialTaker({
    clock,
    charters: { charter: sampleCharter([], []) },
    vault,
    spool: outbox,
    refusals: new RefusalLog({ clock, outbox }),
    onChange: () => {
      changes.count += 1;
    },
  });
  return { take, told, disk, taken, changes };
}

test('a refusal that the full disk would not take keeps out no login after it', async () => {
  const { take, disk, taken } = taker();
  disk.isFull = true;
  await expect(take(sealed('forged'))).rejects.toThrow('no room');
  disk.isFull = false;
  await take(sealed('good'));
  expect(taken).toEqual(['good']);
});

test('one that is taken counts although nobody could be told, and is not called refused', async () => {
  const { take, told, disk, changes } = taker();
  disk.isFull = true;
  await expect(take(sealed('good'))).rejects.toThrow('no room');
  expect(changes.count).toBe(1);
  expect(told).toEqual([]);
});
