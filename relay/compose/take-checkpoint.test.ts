// Proves what a relay answers to checkpoints and to questions about them, and that it raises the alarm once, not with each.
import { expect, onTestFinished, test } from 'vitest';
import { RefusalLog } from '#relay/execute/refusal-log.ts';
import { WitnessStore } from '#relay/pin/witness-store.ts';
import { newRelayKey, openHeld, spkiOf, verifyKeyProof } from '#shared/crypto/identity-key.ts';
import type { AuditRecord, RelayEventRecord } from '#shared/model/record.ts';
import type { CheckpointMessage, WitnessMessage } from '#shared/protocol/witness.ts';
import { signCheckpoint } from '#shared/seal/checkpoint-seal.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { keyOfWord, SAMPLE_RELAY } from '#test/fixtures/sample-trust.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { checkpointTaker } from './take-checkpoint.ts';

const CONSOLE = '0190a000-0000-7000-8009-000000000001';
const NONCE = new Uint8Array(32).fill(3);

async function taker() {
  const clock = new FakeClock();
  const witness = WitnessStore.open(tempFolder(onTestFinished));
  onTestFinished(() => witness.stop());
  const [pem, key] = [newRelayKey(), await keyOfWord('audit')];
  const told: AuditRecord[] = [];
  const alarms: RelayEventRecord[] = [];
  const said: WitnessMessage[] = [];
  const addRecord = (_lane: 0, record: AuditRecord) => void told.push(record);
  const outbox = { addRecord, addRecords: () => undefined };
  const take = checkpointTaker({
    clock,
    witness,
    relay: SAMPLE_RELAY,
    privateKey: () => pem,
    spool: outbox as Parameters<typeof checkpointTaker>[0]['spool'], // audit records alone reach it
    refusals: new RefusalLog({ clock, outbox, onAlarm: (event) => void alarms.push(event) }),
    send: (message) => said.push(message) > 0,
  });
  const offer = async (seq: number, by = key): Promise<CheckpointMessage> => {
    const checkpoint = { v: 1 as const, console: CONSOLE, seq, hash: 'ab'.repeat(32), at: seq };
    return { kind: 'offer', signed: await signCheckpoint(checkpoint, by), marks: new Uint8Array(8).fill(0xab) };
  };
  return { clock, witness, pem, key, told, alarms, said, take, offer };
}

test('what it takes it counter-signs with its own key, and the first one is told', async () => {
  const { take, offer, said, told, pem, key } = await taker();
  await take(await offer(5));
  const [answer] = said;
  if (answer?.kind !== 'taken') throw new Error('not taken');
  const statement = {
    relay: SAMPLE_RELAY,
    console: CONSOLE,
    key: key.publicKey.id,
    seq: 5,
    hash: 'ab'.repeat(32),
    at: 5,
  };
  verifyKeyProof({ purpose: 'countersign-audit', ...statement }, spkiOf(pem), answer.signature);
  expect(told).toMatchObject([{ verb: 'audit.pin-trail', detail: expect.stringContaining(key.publicKey.id) }]);
  await take(await offer(6));
  expect(told).toHaveLength(1);
});

test('each regression is answered, and told once in an hour with an alarm, also on its own disk', async () => {
  const { take, offer, said, told, alarms, witness, clock } = await taker();
  await take(await offer(9));
  for (let n = 0; n < 20; n += 1) await take(await offer(4));
  expect(said.filter(({ kind }) => kind === 'refused')).toHaveLength(20);
  const refusals = () => told.filter(({ verb }) => verb === 'audit.refuse-checkpoint');
  expect(refusals()).toMatchObject([{ code: 'audit-regression' }]);
  expect(alarms).toMatchObject([{ code: 'audit-regression', severity: 'critical' }]);
  expect(witness.refusals).toMatchObject([{ code: 'audit-regression' }]);
  await clock.advance(3_600_000);
  await take(await offer(4));
  expect(refusals()).toHaveLength(2);
});

test('it tells under its own key what it holds, for the nonce it was asked with', async () => {
  const { take, offer, said, pem } = await taker();
  for (const seq of [3, 5, 9]) await take(await offer(seq));
  said.length = 0;
  await take({ kind: 'ask', question: 7, nonce: NONCE, from: 4, to: 99 });
  await take({ kind: 'marks', question: 8, seq: 9 });
  const [held, marks] = said;
  if (held?.kind !== 'held') throw new Error('no answer');
  const statement = openHeld(held.statement, spkiOf(pem), held.signature);
  expect(statement).toMatchObject({
    relay: SAMPLE_RELAY,
    count: 3,
    newest: { seq: 9 },
    nonce: Buffer.from(NONCE).toString('base64url'),
  });
  expect(statement.checkpoints.map(({ seq }) => seq)).toEqual([5, 9]);
  expect(marks).toMatchObject({ kind: 'marks', question: 8, seq: 9, marks: new Uint8Array(8).fill(0xab) });
  expect(() => openHeld(`${held.statement} `, spkiOf(pem), held.signature)).toThrow('not signed');
});

test('before the first checkpoint it says that it holds nothing', async () => {
  const { take, said, pem } = await taker();
  await take({ kind: 'ask', question: 1, nonce: NONCE, from: 0, to: 9 });
  const [held] = said;
  if (held?.kind !== 'held') throw new Error('no answer');
  expect(openHeld(held.statement, spkiOf(pem), held.signature)).toMatchObject({
    newest: null,
    console: null,
    count: 0,
  });
});

test('after a restore a person lets the trail go, and the next checkpoint pins with their reason', async () => {
  const { take, offer, said, told, witness } = await taker();
  await take(await offer(9));
  witness.letGo('ada', 'restored from Friday', 1);
  await take(await offer(4));
  expect(said.at(-1)).toMatchObject({ kind: 'taken', seq: 4 });
  expect(told.at(-1)).toMatchObject({
    verb: 'audit.pin-trail',
    detail: expect.stringContaining('ada let the former trail go'),
  });
});
