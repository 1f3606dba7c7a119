// One client of one session, from the console's word that somebody is there to its leaving: seals, opens, and holds both to their credit.
import { AppError, describeError } from '#shared/base/errors.ts';
import type { ManifestId } from '#shared/base/id.ts';
import { STREAM_WINDOW, type StreamEnd, streamCost } from '#shared/protocol/stream.ts';
import { attachRelay, type SessionChannel, TAG_BYTES } from '#shared/seal/session-channel.ts';
import type { OpeningKey } from '#shared/seal/vault-box.ts';
import type { SessionPeer } from './session-end.ts';
import type { StreamLane } from './stream-lane.ts';

/** Credit is given back by so much at a time: a message for each key press would double the traffic. */
const GRANT_AT = STREAM_WINDOW / 4;

export interface AttachmentDeps {
  stream: number;
  session: ManifestId;
  /** The key that the order names. */
  client: string;
  own: OpeningKey;
  lane: StreamLane;
  /** Each message that the client sealed, in order; the first proves its key. Awaited before the next. */
  onMessage: (plain: Uint8Array) => Promise<void>;
  /** Over, by the other end or for what it did; told once, and not after `close`. */
  onGone: (why: StreamEnd) => void;
  /** Taking a message failed, which is no fault of the client. */
  onBroken: (error: unknown) => void;
}

export class Attachment implements SessionPeer {
  readonly #deps: AttachmentDeps;
  #channel: SessionChannel | undefined;
  #isOver: boolean = false;
  /** Of ours, that the client gave; and of the client's, that is used. */
  #credit = STREAM_WINDOW;
  #owed = 0;
  #taken = 0;
  #bytesIn = 0;
  #bytesOut = 0;
  #sending: Promise<void> = Promise.resolve();
  #taking: Promise<void> = Promise.resolve();
  #onCredit: (() => void) | undefined;

  constructor(deps: AttachmentDeps) {
    this.#deps = deps;
  }

  get stream(): number {
    return this.#deps.stream;
  }

  get isGone(): boolean {
    return this.#isOver;
  }

  /** Plain bytes that came and went. */
  get bytes(): { in: number; out: number } {
    return { in: this.#bytesIn, out: this.#bytesOut };
  }

  /** Says hello; what the client sends is taken from then on. */
  start(): void {
    const { session, client, own, lane, stream } = this.#deps;
    this.#taking = attachRelay({ session, client, own }).then(
      ({ hello, channel }) => {
        this.#channel = channel;
        lane.tell({ kind: 'data', stream, data: hello });
      },
      (error: unknown) => this.#broken(error),
    );
  }

  send(plain: Uint8Array): Promise<void> {
    this.#sending = this.#sending.then(() => this.#sendOne(plain));
    return this.#sending;
  }

  /** Bytes of the console: sealed by the client, or they end this. */
  data(sealed: Uint8Array): void {
    if (this.#isOver) return;
    const cost = streamCost(sealed.length);
    this.#owed += cost;
    if (this.#owed > STREAM_WINDOW) {
      this.#end('flooded');
      return;
    }
    // A view of a frame would keep the whole of it.
    const own = sealed.slice();
    this.#taking = this.#taking.then(() => this.#take(own, cost));
  }

  credit(bytes: number): void {
    this.#credit = Math.min(STREAM_WINDOW, this.#credit + bytes);
    this.#onCredit?.();
  }

  /** The console says that the client is gone. */
  left(): void {
    this.#finish('left');
  }

  /** Ends it from this side; nothing is told but to the console. */
  close(reason: StreamEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onCredit?.();
    this.#deps.lane.tell({ kind: 'close', stream: this.#deps.stream, reason });
  }

  async #sendOne(plain: Uint8Array): Promise<void> {
    if (this.#isOver || this.#channel === undefined) return;
    const data = await this.#channel.seal(plain);
    const cost = streamCost(data.length);
    while (this.#credit < cost && !this.#isOver)
      await new Promise<void>((resolve) => {
        this.#onCredit = resolve;
      });
    this.#onCredit = undefined;
    if (this.#isOver) return;
    this.#credit -= cost;
    this.#bytesOut += plain.length;
    await this.#deps.lane.send({ kind: 'data', stream: this.stream, data }, () => !this.#isOver);
  }

  async #take(sealed: Uint8Array, cost: number): Promise<void> {
    if (this.#isOver || this.#channel === undefined) return;
    let plain: Uint8Array;
    try {
      plain = await this.#channel.open(sealed);
    } catch (error) {
      if (!(error instanceof AppError)) this.#broken(error);
      else this.#end('forged');
      return;
    }
    this.#bytesIn += Math.max(0, sealed.length - TAG_BYTES);
    try {
      await this.#deps.onMessage(plain);
    } catch (error) {
      this.#broken(error);
      return;
    }
    this.#grant(cost);
  }

  #grant(cost: number): void {
    this.#taken += cost;
    if (this.#taken < GRANT_AT || this.#isOver) return;
    const bytes = this.#taken;
    this.#taken = 0;
    this.#owed -= bytes;
    this.#deps.lane.tell({ kind: 'credit', stream: this.stream, bytes });
  }

  #broken(error: unknown): void {
    if (this.#isOver) return;
    this.#deps.onBroken(describeError(error));
    this.#end('ended');
  }

  #end(reason: StreamEnd): void {
    if (this.#isOver) return;
    this.#deps.lane.tell({ kind: 'close', stream: this.stream, reason });
    this.#finish(reason);
  }

  #finish(why: StreamEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onCredit?.();
    this.#deps.onGone(why);
  }
}
