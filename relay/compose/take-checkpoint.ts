// The relay as a witness of the audit trail: takes checkpoints, counter-signs them, tells what it holds, and raises the alarm when one goes back.
import { type RefusalLog, refusalOf } from '#relay/execute/refusal-log.ts';
import type { WitnessStore } from '#relay/pin/witness-store.ts';
import type { Spool } from '#relay/spool/spool.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError, type ErrorCode } from '#shared/base/errors.ts';
import type { RelayId } from '#shared/base/id.ts';
import { proveKey, spkiOf, statementText } from '#shared/crypto/identity-key.ts';
import type { SignedCheckpoint } from '#shared/model/audit-checkpoint.ts';
import type { CheckpointMessage, WitnessMessage } from '#shared/protocol/witness.ts';
import { inTurn } from './in-turn.ts';

export interface WitnessParts {
  clock: Clock;
  relay: RelayId;
  /** PEM; read when it is needed. */
  privateKey: () => string;
  witness: WitnessStore;
  spool: Pick<Spool, 'addRecord'>;
  refusals: RefusalLog;
  send: (message: WitnessMessage) => boolean;
}

const VERB = 'audit.refuse-checkpoint';

/**
 * A console tells of each refusal by a row of its trail, which brings the next checkpoint, which is refused: so each reason is told once
 * in an hour. The answer over the link says it each time.
 */
const TELL_EVERY_MS = 3_600_000;

export function checkpointTaker(parts: WitnessParts): (message: CheckpointMessage) => Promise<void> {
  const told = new Map<ErrorCode, number>();
  return inTurn({
    take: async (message) => {
      if (message.kind === 'offer') await offered(parts, message, told);
      else if (message.kind === 'ask') tellHeld(parts, message);
      else tellMarks(parts, message);
    },
    refuse: () => undefined, // the console offers the next one in seconds, and asks again
  });
}

async function offered(
  parts: WitnessParts,
  { signed, marks }: Extract<CheckpointMessage, { kind: 'offer' }>,
  told: Map<ErrorCode, number>,
): Promise<void> {
  const { clock, witness } = parts;
  const { seq, hash } = signed.checkpoint;
  try {
    const taken = await witness.accept(signed, marks, clock.now());
    if (taken === 'pinned') tellPinned(parts, signed);
  } catch (error) {
    const { code, message } = describeError(error);
    parts.send({ kind: 'refused', seq, code, message: message.slice(0, 1_000) });
    const now = clock.monotonic();
    if (now - (told.get(code) ?? Number.NEGATIVE_INFINITY) < TELL_EVERY_MS) return;
    told.set(code, now);
    witness.noteRefusal(clock.now(), code, message.slice(0, 1_000));
    parts.refusals.tell(refusalOf(VERB, clock.now(), error));
    return;
  }
  parts.send({ kind: 'taken', seq, hash, ...counterSign(parts, signed) });
}

function counterSign({ relay, privateKey }: WitnessParts, { checkpoint, key }: SignedCheckpoint) {
  const pem = privateKey();
  const { console, seq, hash, at } = checkpoint;
  const signature = proveKey({ purpose: 'countersign-audit', relay, console, key: key.id, seq, hash, at }, pem);
  return { spki: new Uint8Array(spkiOf(pem)), signature: new Uint8Array(signature) };
}

/** Once for each trail: people compare the fingerprint with the console's. */
function tellPinned({ clock, spool, witness }: WitnessParts, { checkpoint, key }: SignedCheckpoint): void {
  const { ended } = witness;
  const before = ended === undefined ? '' : `; ${ended.by} let the former trail go: ${ended.reason}`;
  const detail = `trail ${checkpoint.console} from row ${checkpoint.seq} on, audit key ${key.id}${before}`;
  spool.addRecord(0, { type: 'audit', at: clock.now(), verb: 'audit.pin-trail', detail: detail.slice(0, 1_000) });
}

function tellHeld(
  { relay, privateKey, witness, send }: WitnessParts,
  { question, nonce, from, to }: Extract<CheckpointMessage, { kind: 'ask' }>,
): void {
  const pem = privateKey();
  const { pinned, newest } = witness;
  const statement = {
    purpose: 'held-audit' as const,
    relay,
    nonce: Buffer.from(nonce).toString('base64url'),
    console: pinned?.console ?? null,
    key: pinned?.keyId ?? null,
    newest: newest === undefined ? null : { seq: newest.seq, hash: newest.hash, at: newest.at },
    count: witness.count,
    checkpoints: witness.held(from, to),
  };
  const spki = new Uint8Array(spkiOf(pem));
  const signature = new Uint8Array(proveKey(statement, pem));
  send({ kind: 'held', question, statement: statementText(statement, spki), spki, signature });
}

function tellMarks({ witness, send }: WitnessParts, { question, seq }: Extract<CheckpointMessage, { kind: 'marks' }>) {
  send({ kind: 'marks', question, seq, marks: witness.marks(seq) });
}
