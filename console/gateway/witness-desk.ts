// The relays as witnesses of the audit trail: sends them checkpoints, keeps what they counter-sign, and asks them what they hold.
import type { Offer } from '#console/audit/checkpoints.ts';
import type { CounterSigned } from '#console/audit/counter-signatures.ts';
import type { Held, WitnessDoor } from '#console/audit/witness-door.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { RelayId } from '#shared/base/id.ts';
import { inert } from '#shared/base/inert-text.ts';
import { openHeld, spkiKeyId, verifyKeyProof } from '#shared/crypto/identity-key.ts';
import type { SignedCheckpoint } from '#shared/model/audit-checkpoint.ts';
import type { CheckpointMessage, WitnessMessage } from '#shared/protocol/witness.ts';
import { WITNESS_PROTOCOL } from '#shared/protocol/witness.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { LinkIncident, Peer } from './link-desk.ts';
import type { LinkRegistry } from './link-registry.ts';

/** A relay answers from its own disk; the rest is for the way. */
const ANSWER_MS = 8_000;
/** More at once for one relay is nobody who verifies. */
const MAX_WAITING = 8;

export interface WitnessDeskDeps {
  clock: Clock;
  log: Logger;
  registry: Pick<LinkRegistry, 'get' | 'relays'>;
  newest: () => Promise<Offer | undefined>;
  onCounterSigned: (signed: CounterSigned) => void;
  /** People are told once in a while. */
  onIncident: (peer: Peer, incident: LinkIncident) => void;
}

type Answer = Extract<WitnessMessage, { kind: 'held' | 'marks' }>;
interface Waiter {
  onAnswer: (answer: Answer) => void;
  onError: (error: AppError) => void;
}

export class WitnessDesk implements WitnessDoor {
  readonly #deps: WitnessDeskDeps;
  /** What each relay was offered last and has not answered. */
  readonly #offered = new Map<RelayId, SignedCheckpoint>();
  readonly #waiting = new Map<RelayId, Map<number, Waiter>>();
  #asked = 0;

  constructor(deps: WitnessDeskDeps) {
    this.#deps = deps;
  }

  /** A relay has linked: it gets the newest checkpoint. */
  welcome(relay: RelayId): void {
    if (!this.#knows(relay)) return;
    const { newest, log } = this.#deps;
    newest().then(
      (offer) => offer !== undefined && this.#offer(relay, offer),
      (error: unknown) => log.error(describeError(error), 'the newest audit checkpoint could not be read'),
    );
  }

  /** A new checkpoint goes to all that are linked. */
  publish(offer: Offer): void {
    for (const relay of this.#deps.registry.relays()) if (this.#knows(relay)) this.#offer(relay, offer);
  }

  /** The relay is gone: no answer will come. */
  forget(relay: RelayId): void {
    this.#offered.delete(relay);
    for (const { onError } of this.#waiting.get(relay)?.values() ?? [])
      onError(new AppError('unavailable', `relay ${relay}: the link closed before it answered`));
  }

  take(peer: Peer, message: WitnessMessage): void {
    if (message.kind === 'taken') this.#taken(peer, message);
    else if (message.kind === 'refused') this.#refused(peer, message);
    else this.#waiting.get(peer.relay)?.get(message.question)?.onAnswer(message);
  }

  isLinked(relay: RelayId): boolean {
    return this.#knows(relay);
  }

  /** What the relay holds of a span of rows; throws `unavailable`, `timed-out`, or `signature-invalid` for what its key did not sign. */
  async held(relay: RelayId, nonce: Uint8Array, from: number, to: number): Promise<Held> {
    const { keyId } = this.#deps.registry.get(relay)?.peer ?? {};
    const answer = await this.#ask(relay, (question) => ({ kind: 'ask', question, nonce, from, to }));
    if (answer.kind !== 'held') throw new AppError('frame-unexpected', `relay ${relay}: answered something else`);
    const { statement: text, spki, signature } = answer;
    const statement = openHeld(text, spki, signature);
    const isItsOwn = statement.relay === relay && statement.spki === keyId;
    if (!isItsOwn || statement.nonce !== Buffer.from(nonce).toString('base64url'))
      throw new AppError('signature-invalid', `relay ${relay}: signed for another relay, key or question`);
    return { statement, text, spki, signature };
  }

  /** The first bytes of the hashes of the rows up to a checkpoint's. */
  async marks(relay: RelayId, seq: number): Promise<Uint8Array> {
    const answer = await this.#ask(relay, (question) => ({ kind: 'marks', question, seq }));
    if (answer.kind !== 'marks') throw new AppError('frame-unexpected', `relay ${relay}: answered something else`);
    return answer.marks;
  }

  #knows(relay: RelayId): boolean {
    return (this.#deps.registry.get(relay)?.stats.proto ?? 0) >= WITNESS_PROTOCOL;
  }

  #offer(relay: RelayId, { signed, marks }: Offer): void {
    this.#offered.set(relay, signed);
    this.#deps.registry.get(relay)?.send('CHECKPOINT', { kind: 'offer', signed, marks });
  }

  #taken(peer: Peer, { seq, hash, spki, signature }: Extract<WitnessMessage, { kind: 'taken' }>): void {
    const offered = this.#offered.get(peer.relay);
    // Of an older offer that was overtaken, or of none: the next one is counter-signed too.
    if (offered?.checkpoint.seq !== seq || offered.checkpoint.hash !== hash) return;
    this.#offered.delete(peer.relay);
    try {
      if (spkiKeyId(spki) !== peer.keyId) throw new AppError('signature-invalid', 'a key that is not of this link');
      const { checkpoint, key } = offered;
      const { console, at } = checkpoint;
      const said = { purpose: 'countersign-audit' as const, relay: peer.relay, console, key: key.id, seq, hash, at };
      verifyKeyProof(said, spki, signature);
      this.#deps.onCounterSigned({ relayId: peer.relay, seq, hash, at: this.#deps.clock.now(), spki, signature });
    } catch (error) {
      const { code, message } = describeError(error);
      this.#deps.onIncident(peer, { code, severity: 'warning', detail: `audit checkpoint ${seq}: ${message}` });
    }
  }

  #refused(peer: Peer, { seq, code, message }: Extract<WitnessMessage, { kind: 'refused' }>): void {
    this.#offered.delete(peer.relay);
    const detail = `the relay refused audit checkpoint ${seq}: ${inert(message)}`;
    this.#deps.onIncident(peer, { code, severity: 'critical', detail });
  }

  async #ask(relay: RelayId, questionOf: (question: number) => CheckpointMessage): Promise<Answer> {
    const link = this.#deps.registry.get(relay);
    if (link === undefined || !this.#knows(relay))
      throw new AppError('unavailable', `relay ${relay} is not connected, or of a release that is no witness`);
    const waiting = this.#waiting.get(relay) ?? new Map<number, Waiter>();
    this.#waiting.set(relay, waiting);
    if (waiting.size >= MAX_WAITING) throw new AppError('rate-limited', `relay ${relay}: is asked by others already`);
    this.#asked += 1;
    const question = this.#asked;
    const over = new AbortController();
    try {
      const answer = new Promise<Answer>((onAnswer, onError) => waiting.set(question, { onAnswer, onError }));
      const late = this.#deps.clock.sleep(ANSWER_MS, over.signal).then(() => {
        throw new AppError('timed-out', `relay ${relay} did not answer within ${ANSWER_MS / 1_000} s`);
      });
      late.catch(() => undefined); // once the answer is there it is nobody's news
      if (!link.send('CHECKPOINT', questionOf(question)))
        throw new AppError('unavailable', `relay ${relay}: the link closed before it could be asked`);
      return await Promise.race([answer, late]);
    } finally {
      over.abort();
      waiting.delete(question);
      if (waiting.size === 0) this.#waiting.delete(relay);
    }
  }
}
