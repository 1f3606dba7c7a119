// Checks the trail against one relay: what it holds now, or what it counter-signed when it is away.
import type { Db } from '#console/store/engine.ts';
import { describeError } from '#shared/base/errors.ts';
import type { AuditWitness } from '#shared/contract/audit-contract.ts';
import { spkiKeyId, verifyKeyProof } from '#shared/crypto/identity-key.ts';
import { toBase64url } from '#shared/seal/base64url.ts';
import { type CounterSignature, checkpointAt, counterSignaturesOf } from './checkpoint-repository.ts';
import { firstMismatch, firstUnmarked, type Mismatch } from './point-check.ts';
import { type Fault, rowsText, spanOf } from './trail-faults.ts';
import type { Held, Witness, WitnessDoor } from './witness-door.ts';

export interface WitnessAsk {
  db: Db;
  door: WitnessDoor;
  nonce: Uint8Array;
  /** What this console signs with, and its database. */
  own: { keyId: string; console: string };
  /** Ask the relay itself. */
  isLive: boolean;
}

export interface WitnessVerdict {
  witness: AuditWitness;
  faults: Fault[];
}

/** Bisecting four hundred of ten thousand points twice names the one; more rounds are a relay that plays games. */
const MAX_ROUNDS = 4;

export async function checkWitness(ask: WitnessAsk, relay: Witness): Promise<WitnessVerdict> {
  const kept = await counterSignaturesOf(ask.db, relay.id);
  const forged = await forgedFaults(ask.db, relay, kept);
  const asked = ask.isLive && ask.door.isLinked(relay.id) ? await askLive(ask, relay) : undefined;
  if (typeof asked === 'object') {
    const { witness, faults } = await judgeHeld(ask, relay, asked);
    return { witness: marked(witness, forged), faults: [...forged, ...faults] };
  }
  const away = await judgeKept(ask, relay, kept, asked);
  return { witness: marked(away.witness, forged), faults: [...forged, ...away.faults] };
}

/** A relay whose stored counter-signature is forged disagrees, whatever it says itself. */
const marked = (witness: AuditWitness, [forged]: readonly Fault[]): AuditWitness =>
  forged === undefined || witness.state === 'disagrees'
    ? witness
    : { ...witness, state: 'disagrees', text: forged.text };

/** The answer, or why there is none. */
async function askLive({ door, nonce }: WitnessAsk, relay: Witness): Promise<Held | string> {
  try {
    return await door.held(relay.id, nonce, 0, Number.MAX_SAFE_INTEGER);
  } catch (error) {
    return describeError(error).message;
  }
}

const about = ({ id, name, siteName, keyId }: Witness) => ({ relayId: id, relayName: name, siteName, keyId });

async function judgeHeld(ask: WitnessAsk, relay: Witness, held: Held): Promise<WitnessVerdict> {
  const { statement, spki, signature, text } = held;
  const { newest, count } = statement;
  const proof = { spki: toBase64url(spki), signature: toBase64url(signature), statement: text };
  const base = { ...about(relay), isLive: true, held: count, proof };
  if (newest === null) {
    const said = `${relay.name} has seen no checkpoint yet`;
    return { witness: { ...base, state: 'empty', seq: null, hash: null, at: null, text: said }, faults: [] };
  }
  const faults = [...pinFaults(ask, relay, held), ...(await rowFaults(ask, relay, held))];
  const [first] = faults;
  const fits = `${relay.name} holds ${count} ${count === 1 ? 'checkpoint' : 'checkpoints'} up to row ${newest.seq}, and all fit`;
  const state = first === undefined ? ('agrees' as const) : ('disagrees' as const);
  return { witness: { ...base, ...newest, state, text: first?.text ?? fits }, faults };
}

/** The relay holds on to another key, or to another trail. */
function pinFaults({ own }: WitnessAsk, { name }: Witness, { statement }: Held): Fault[] {
  const { key, console, newest } = statement;
  const fault = (text: string): Fault => ({
    kind: 'witness',
    ...{ seq: newest?.seq ?? 1, toSeq: null, isOfKey: true, text },
  });
  const ofKey =
    key === own.keyId ? [] : [fault(`${name} pinned audit key ${key}, and this console signs with ${own.keyId}`)];
  const ofTrail =
    console === own.console ? [] : [fault(`${name} holds the trail of console ${console}, and this is ${own.console}`)];
  return [...ofKey, ...ofTrail];
}

async function rowFaults(ask: WitnessAsk, relay: Witness, { statement }: Held): Promise<Fault[]> {
  let mismatch = await firstMismatch(ask.db, statement.checkpoints);
  if (mismatch === undefined) return [];
  try {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const between = await ask.door.held(relay.id, ask.nonce, mismatch.good + 1, mismatch.bad.seq);
      const closer: Mismatch | undefined = await firstMismatch(ask.db, between.statement.checkpoints, mismatch.good);
      const isClosest = closer === undefined || (closer.good === mismatch.good && closer.bad.seq === mismatch.bad.seq);
      if (isClosest) break;
      mismatch = closer;
    }
    return [await nameRow(ask, relay, mismatch)];
  } catch {
    return [spanFault(relay, mismatch)]; // it went away between two questions: the span is named
  }
}

function spanFault({ name }: Witness, { good, bad, isMissing }: Mismatch): Fault {
  const span = spanOf(good + 1, bad.seq);
  const what = isMissing ? 'missing, or one before it' : 'not the one that the relay has seen';
  return {
    kind: 'witness',
    ...span,
    text: `${rowsText(span)} is ${what}: ${name} holds the checkpoint at row ${bad.seq}`,
  };
}

async function nameRow({ db, door }: WitnessAsk, relay: Witness, mismatch: Mismatch): Promise<Fault> {
  const { good, bad } = mismatch;
  const row = await firstUnmarked(db, await door.marks(relay.id, bad.seq), bad.seq);
  if (row === undefined || (row.isFirst && row.seq > good + 1)) return spanFault(relay, mismatch);
  const what = row.isMissing ? `row ${row.seq} is missing` : `row ${row.seq} is not the one that was written`;
  const text = `${what}: ${relay.name} saw it before its checkpoint at row ${bad.seq}`;
  return { kind: 'witness', seq: row.seq, toSeq: null, text };
}

/** What it counter-signed, where it cannot be asked. */
async function judgeKept(
  { db }: WitnessAsk,
  relay: Witness,
  kept: readonly CounterSignature[],
  why: string | undefined,
): Promise<WitnessVerdict> {
  const mismatch = await firstMismatch(db, kept);
  const newest = kept.at(-1);
  const faults = mismatch === undefined ? [] : [spanFault(relay, mismatch)];
  const state = mismatch === undefined ? (newest === undefined ? 'empty' : 'away') : 'disagrees';
  const base = { ...about(relay), state, isLive: false, held: kept.length, proof: null } as const;
  const point = { seq: newest?.seq ?? null, hash: newest?.hash ?? null, at: newest?.at ?? null };
  const said = why ?? `${relay.name} was not asked`;
  const known = newest === undefined ? 'it has counter-signed nothing' : `it counter-signed row ${newest.seq} last`;
  return { witness: { ...base, ...point, text: faults[0]?.text ?? `${said}; ${known}` }, faults };
}

/** Counter-signatures that the relay's key did not make. */
async function forgedFaults(db: Db, relay: Witness, kept: readonly CounterSignature[]): Promise<Fault[]> {
  for (const one of kept) {
    const why = await forgery(db, relay, one);
    if (why === undefined) continue;
    const text = `the counter-signature of ${relay.name} at row ${one.seq} is not genuine: ${why}`;
    return [{ kind: 'witness', seq: one.seq, toSeq: null, isOfKey: true, text }];
  }
  return [];
}

async function forgery(db: Db, relay: Witness, one: CounterSignature): Promise<string | undefined> {
  const { seq, hash } = one;
  const checkpoint = await checkpointAt(db, seq);
  if (checkpoint === undefined) return 'there is no such checkpoint';
  const { console, keyId: key, at } = checkpoint;
  const spki = Buffer.from(one.spki, 'base64url');
  if (spkiKeyId(spki) !== relay.keyId) return 'it is by another key';
  try {
    const said = { purpose: 'countersign-audit' as const, relay: relay.id, console, key, seq, hash, at };
    verifyKeyProof(said, spki, Buffer.from(one.signature, 'base64url'));
    return undefined;
  } catch (error) {
    return describeError(error).message;
  }
}
