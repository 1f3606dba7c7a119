// The client's end of a session over the console's socket: proves the relay, seals and opens, and keeps to the credit of both ways.
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import type { ManifestId } from '#shared/base/id.ts';
import type { SealingKey } from '#shared/model/charter.ts';
import { attachClient, type SessionChannel, type SessionKeyPair } from './session-channel.ts';

/** As the relay counts (shared/protocol/stream.ts, which pages do not load; a test holds them equal). */
export const CLIENT_WINDOW = 256 * 1024;
export const MIN_CLIENT_COST = 256;
const GRANT_AT = CLIENT_WINDOW / 4;

const costOf = (bytes: number): number => Math.max(bytes, MIN_CLIENT_COST);

/** Text on the socket; bytes are the relay's and ours. */
const Credit = z.strictObject({ credit: z.int().min(1).max(CLIENT_WINDOW) });

export interface ClientSocket {
  send(data: Uint8Array | string): void;
  close(): void;
}

export interface SessionClientDeps {
  session: ManifestId;
  own: SessionKeyPair;
  /** Compared by a person, or signed by an owner. */
  relay: SealingKey;
  socket: ClientSocket;
  /** The first message: proves our key to the relay. */
  begin: Uint8Array;
  /** Awaited before the next one, and before its credit is given back. */
  onMessage: (plain: Uint8Array) => void | Promise<void>;
  /** What came was not of the relay: the socket is closed. */
  onFault: (error: unknown) => void;
}

export class SessionClient {
  readonly #deps: SessionClientDeps;
  #channel: SessionChannel | undefined;
  #credit = CLIENT_WINDOW;
  #taken = 0;
  #isOver: boolean = false;
  #taking: Promise<void> = Promise.resolve();
  #onReady: () => void = () => undefined;
  /** What is sent before the relay has said hello waits for it, behind the first message. */
  #sending: Promise<void>;
  #onCredit: (() => void) | undefined;

  constructor(deps: SessionClientDeps) {
    this.#deps = deps;
    this.#sending = new Promise<void>((resolve) => {
      this.#onReady = resolve;
    }).then(() => this.#sendOne(deps.begin));
  }

  /** Bytes of the socket. */
  received(data: Uint8Array): void {
    this.#taking = this.#taking.then(() => this.#take(data)).catch((error: unknown) => this.#fault(error));
  }

  /** Text of the socket: the console's own word, which can only let us send more. */
  receivedText(text: string): void {
    try {
      this.#credit = Math.min(CLIENT_WINDOW, this.#credit + Credit.parse(JSON.parse(text)).credit);
    } catch (error) {
      this.#fault(new AppError('bad-request', 'the console said something else than credit', { cause: error }));
      return;
    }
    this.#onCredit?.();
  }

  /** Order is kept; resolves when it is handed to the socket. Does nothing once it is over. */
  send(plain: Uint8Array): Promise<void> {
    this.#sending = this.#sending.then(() => this.#sendOne(plain)).catch((error: unknown) => this.#fault(error));
    return this.#sending;
  }

  /** The socket has closed: what came before that is still taken, then it is over. */
  async closed(): Promise<void> {
    await this.#taking;
    this.end();
  }

  /** Nobody wants it any more. */
  end(): void {
    this.#isOver = true;
    this.#onReady();
    this.#onCredit?.();
  }

  async #take(data: Uint8Array): Promise<void> {
    if (this.#isOver) return;
    if (this.#channel === undefined) {
      const { session, own, relay } = this.#deps;
      this.#channel = await attachClient({ session, own, relay, hello: data });
      this.#onReady();
    } else await this.#deps.onMessage(await this.#channel.open(data));
    this.#taken += costOf(data.length);
    if (this.#taken < GRANT_AT || this.#isOver) return;
    const credit = this.#taken;
    this.#taken = 0;
    this.#deps.socket.send(JSON.stringify({ credit } satisfies z.infer<typeof Credit>));
  }

  async #sendOne(plain: Uint8Array): Promise<void> {
    if (this.#isOver || this.#channel === undefined) return;
    const data = await this.#channel.seal(plain);
    while (this.#credit < costOf(data.length) && !this.#isOver)
      await new Promise<void>((resolve) => {
        this.#onCredit = resolve;
      });
    this.#onCredit = undefined;
    if (this.#isOver) return;
    this.#credit -= costOf(data.length);
    this.#deps.socket.send(data);
  }

  #fault(error: unknown): void {
    if (this.#isOver) return;
    this.end();
    this.#deps.socket.close();
    this.#deps.onFault(error);
  }
}
