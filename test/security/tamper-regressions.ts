// What a relay refuses to witness: a trail that goes back, forks, is signed by another key or is another console's.

import path from 'node:path';
import { systemRandom } from '#shared/base/id.ts';
import { readPrivateFile } from '#shared/crypto/private-file.ts';
import type { AuditCheckpoint } from '#shared/model/audit-checkpoint.ts';
import { signCheckpoint } from '#shared/seal/checkpoint-seal.ts';
import { importSigningKey, type SigningKey } from '#shared/seal/key-pair.ts';
import { type LinkedEstate, until } from './linked-estate.ts';

const PATIENCE_MS = 10_000;

/** Each is handed to every relay over its own link; refused is what none took over. */
export async function regressionsAt(
  estate: LinkedEstate,
  other: SigningKey,
): Promise<{ tried: number; refused: number; alarms: number }> {
  const { data, registry, relays, trail } = estate;
  const key = await importSigningKey(readPrivateFile(path.join(data, 'audit', 'audit.key')) ?? '');
  const newest = await trail.audited.checkpoints.newest();
  if (newest === undefined) throw new Error('no checkpoint stands');
  const good = newest.signed.checkpoint;
  const hash = 'ab'.repeat(32);
  const forged: Array<[Partial<AuditCheckpoint>, SigningKey]> = [
    [{ seq: good.seq - 1 }, key],
    [{ hash }, key],
    [{ seq: good.seq + 1 }, other],
    [{ seq: good.seq + 1, console: '0190a000-0000-7000-8009-000000000001' }, key],
  ];
  const before = relays.reduce((sum, { alarms }) => sum + alarms(), 0);
  for (const [change, by] of forged) {
    const signed = await signCheckpoint({ ...good, ...change }, by);
    for (const { relay } of relays)
      registry.send(relay, 'CHECKPOINT', { kind: 'offer', signed, marks: new Uint8Array(0) });
  }
  const alarms = () => relays.reduce((sum, one) => sum + one.alarms(), 0) - before;
  await until(() => alarms() >= 3 * relays.length, PATIENCE_MS);
  let refused = 0;
  for (const { relay } of relays) {
    const { statement } = await trail.audited.witnesses.held(relay, systemRandom(new Uint8Array(32)), 0, good.seq + 9);
    if (statement.newest?.seq === good.seq && statement.newest.hash === good.hash) refused += forged.length;
  }
  return { tried: forged.length * relays.length, refused, alarms: alarms() };
}
