// Requests and answers over one connection: credits, message ids, protection, interim answers, cancelling, time.
import type { Clock } from '#shared/base/clock.ts';
import { BufferShelf } from './buffer-shelf.ts';
import { Credits } from './credits.ts';
import { Fields } from './fields.ts';
import { FrameReader } from './frame-reader.ts';
import {
  COMMAND,
  type Command,
  decodeHeader,
  FLAG,
  FRAME_BYTES,
  HEADER_BYTES,
  type Header,
  newRequest,
  PLAIN_ID,
  TRANSFORM_ID,
  writeHeader,
} from './header.ts';
import type { Line, LineReader } from './line.ts';
import { demandProtection, type Protection, protect } from './protection.ts';
import { SmbError } from './smb-fault.ts';
import { STATUS } from './status.ts';
import { StopWishes } from './stop-wishes.ts';
import { Watchdog } from './watchdog.ts';

export interface Reply {
  header: Header;
  /** Header and body; for hashes. */
  message: Buffer;
  /** Behind the header. */
  body: Buffer;
  /** When nobody looks at the bytes any more: they are overwritten then. */
  release(): void;
}

export interface Request {
  command: Command;
  /** Made by `newRequest`, or with as much room in front. */
  frame: Buffer;
  treeId?: number;
  charge?: number;
  /** This share wants it; a session that encrypts everything needs no word. */
  isEncrypted?: boolean;
  /** Once the server said that it takes longer, it may take for ever: a watch. */
  isPatient?: boolean;
  /** Called with what comes although nobody waits any more: a handle to be closed. */
  onLate?: (reply: Reply) => void;
}

interface Waiting {
  request: Request;
  charge: number;
  isEncrypted: boolean;
  asyncId: bigint | undefined;
  resolve: (reply: Reply) => void;
  reject: (error: SmbError) => void;
  isAbandoned: boolean;
  isCancelSent: boolean;
}

// 64 KiB: a negotiation and a login are a few KiB. Afterwards what the largest answer may hold.
const EARLY_FRAME_BYTES = 65_536;
// 4 KiB beside the data of a read: transform header, header, body and a compound's padding.
const FRAME_OVERHEAD = 4_096;
// 8 buffers: what one transfer keeps under way.
const SHELVED = 8;

const NOTHING = () => undefined;

export class Channel implements LineReader {
  readonly credits = new Credits();
  readonly #waiting = new Map<number, Waiting>();
  readonly #wishes: StopWishes = new StopWishes((messageId) => this.#cancel(messageId));
  readonly #watchdog: Watchdog;
  readonly #reader: FrameReader;
  #maxFrame = EARLY_FRAME_BYTES;
  #shelf = new BufferShelf({ bytes: 0, limit: 0 });
  #line: Line | undefined;
  #sessionId = 0n;
  #protection: Protection | undefined;
  #failure: SmbError | undefined;
  readonly #over = new AbortController();

  constructor(options: { clock: Clock; replyMs: number }) {
    this.#watchdog = new Watchdog({ ...options, onLate: (error) => this.fail(error), ask: () => this.#echo() });
    this.#reader = new FrameReader({
      maxBytes: () => this.#maxFrame,
      take: (bytes) => this.#shelf.take(bytes),
      onFrame: (frame) => this.#take(frame),
    });
  }

  get failure(): SmbError | undefined {
    return this.#failure;
  }

  /** Aborted once there is a failure: for whoever waits on something else than an answer. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  attach(line: Line): void {
    this.#line = line;
    if (this.#failure !== undefined) line.destroy();
  }

  /** What the server calls our session, from its first answer on. */
  name(sessionId: bigint): void {
    this.#sessionId = sessionId;
  }

  /** From here on every request is signed or encrypted, and so must every answer be. */
  protect(protection: Protection): void {
    this.#protection = protection;
  }

  /** The largest read that was agreed on: longer frames are refused. */
  allow(ioBytes: number): void {
    this.#maxFrame = ioBytes + FRAME_OVERHEAD;
    this.#shelf = new BufferShelf({ bytes: this.#maxFrame, limit: SHELVED });
  }

  /** A transfer is over: its buffers are not kept for a next one that may never come. */
  rest(): void {
    this.#shelf.clear();
  }

  room(): Buffer {
    return this.#reader.room();
  }

  advance(bytes: number): void {
    if (this.#failure === undefined) this.#guard(() => this.#reader.advance(bytes));
  }

  onEnd(error: SmbError): void {
    this.fail(error);
  }

  /** Ends the connection and everything that waits on it; the first reason stays. */
  fail(error: SmbError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#line?.destroy();
    this.#watchdog.stop();
    this.credits.fail(error);
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
    this.#over.abort();
  }

  /** The answer, whatever its status. */
  async send(request: Request, signal: AbortSignal): Promise<Reply> {
    const [reply] = await this.#sendAll([request], signal);
    return await (reply as Promise<Reply>); // one request, one promise
  }

  /** Related requests in one frame (MS-SMB2 3.2.4.1.4): each uses the file that the first one opens. */
  async sendRelated(requests: readonly Request[], signal: AbortSignal): Promise<Reply[]> {
    const replies = await this.#sendAll(requests, signal);
    return await Promise.all(replies);
  }

  /** A list of promises in an object of its own, so that awaiting the credits does not await the answers. */
  async #sendAll(requests: readonly Request[], signal: AbortSignal): Promise<Promise<Reply>[]> {
    if (this.#failure !== undefined) throw this.#failure;
    if (signal.aborted) throw new SmbError('cancelled', 'stopped by us');
    const taken = this.credits.take(
      requests.reduce((sum, { charge = 1 }) => sum + charge, 0),
      signal,
    );
    const first = typeof taken === 'number' ? taken : await taken;
    // The connection may have failed while credits were awaited.
    if (this.#failure !== undefined) throw this.#failure;
    let messageId = first;
    const replies = requests.map((request) => {
      const reply = this.#expect(request, messageId, signal);
      messageId += request.charge ?? 1;
      return reply;
    });
    // Listened to from the start: one may fail while another is awaited.
    for (const reply of replies) reply.catch(NOTHING);
    this.#guard(() => this.#write(requests, first));
    return replies;
  }

  #isEncrypted(request: Request): boolean {
    return this.#protection !== undefined && (this.#protection.isEncrypted || request.isEncrypted === true);
  }

  #expect(request: Request, messageId: number, signal: AbortSignal): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          this.#wishes.end(signal, messageId);
          settle(value);
        };
      this.#waiting.set(messageId, {
        request,
        charge: request.charge ?? 1,
        isEncrypted: this.#isEncrypted(request),
        asyncId: undefined,
        resolve: settled(resolve),
        reject: settled(reject),
        isAbandoned: false,
        isCancelSent: false,
      });
      this.#wishes.begin(signal, messageId);
      this.#watchdog.begin(messageId);
    });
  }

  #write(requests: readonly Request[], firstId: number): void {
    let messageId = firstId;
    const messages = requests.map((request, i) => {
      const { charge = 1, frame } = request;
      const isLast = i === requests.length - 1;
      const message = isLast ? frame.subarray(FRAME_BYTES) : padded(frame.subarray(FRAME_BYTES));
      writeHeader(message, {
        command: request.command,
        charge,
        credits: this.credits.wanted + charge,
        flags: i === 0 ? 0 : FLAG.related,
        next: isLast ? 0 : message.length,
        messageId,
        treeId: request.treeId ?? 0,
        sessionId: this.#sessionId,
      });
      messageId += charge;
      return message;
    });
    this.#line?.write(
      protect(
        this.#protection,
        messages,
        requests.some((request) => this.#isEncrypted(request)),
      ),
    );
  }

  #take(frame: Buffer): void {
    const id = new Fields(frame, 'frame').u32(0);
    const shelf = this.#shelf;
    if (id === PLAIN_ID) {
      this.#takeAll(frame, false, () => shelf.giveBack(frame));
      return;
    }
    const encryption = this.#protection?.encryption;
    if (id !== TRANSFORM_ID || encryption === undefined)
      throw new SmbError('malformed', 'a message of a kind that was not agreed on');
    const plain = encryption.open(frame);
    shelf.giveBack(frame);
    this.#takeAll(plain, true, NOTHING);
  }

  #takeAll(messages: Buffer, isEncrypted: boolean, giveBack: () => void): void {
    let at = 0;
    for (;;) {
      const rest = messages.subarray(at);
      const header = decodeHeader(rest);
      const { next } = header;
      if (next !== 0 && (next % 8 !== 0 || next < HEADER_BYTES || next >= rest.length))
        throw new SmbError('malformed', 'a compound whose parts do not lie behind each other');
      const message = next === 0 ? rest : rest.subarray(0, next);
      // A compound's parts share their memory: it goes back only where there is one.
      this.#takeOne(header, message, isEncrypted, at === 0 && next === 0 ? once(giveBack) : NOTHING);
      if (next === 0) return;
      at += next;
    }
  }

  #takeOne(header: Header, message: Buffer, isEncrypted: boolean, release: () => void): void {
    const { messageId } = header;
    if ((header.flags & FLAG.reply) === 0) throw new SmbError('malformed', 'a request where an answer should be');
    // What is said unasked are broken promises of caching, which we never ask for.
    if (messageId === undefined) return;
    const waiting = this.#waiting.get(messageId);
    if (waiting === undefined || waiting.request.command !== header.command)
      throw new SmbError('malformed', 'an answer to nothing that was asked');
    const isInterim = header.status === STATUS.pending && (header.flags & FLAG.async) !== 0;
    const wasAskedEncrypted = waiting.isEncrypted;
    if (this.#protection !== undefined)
      demandProtection(this.#protection, { header, message, isEncrypted, wasAskedEncrypted, isInterim });
    if (isInterim) {
      this.#interim(messageId, header, waiting);
      return;
    }
    this.#waiting.delete(messageId);
    this.#watchdog.end(messageId);
    this.credits.give(waiting.charge, header.credits);
    const reply = { header, message, body: message.subarray(HEADER_BYTES), release };
    if (!waiting.isAbandoned) waiting.resolve(reply);
    else waiting.request.onLate?.(reply);
  }

  #interim(messageId: number, header: Header, waiting: Waiting): void {
    this.credits.give(0, header.credits);
    // Once: whoever stands in between could hold us for ever with interim answers, which nobody signs.
    if (waiting.asyncId !== undefined) return;
    waiting.asyncId = header.asyncId;
    this.#watchdog.prolong(messageId, waiting.request.isPatient === true && !waiting.isAbandoned);
  }

  /** The caller hears at once; the slot stays until the server has answered. */
  #cancel(messageId: number): void {
    const waiting = this.#waiting.get(messageId);
    if (waiting === undefined || waiting.isAbandoned) return;
    waiting.isAbandoned = true;
    waiting.reject(new SmbError('cancelled', 'stopped by us'));
    this.#watchdog.prolong(messageId, false);
    this.#guard(() => this.#sendCancel(messageId, waiting));
  }

  /**
   * MS-SMB2 2.2.30: takes no credit and gets no answer of its own. Once for each request: it bears the request's message id, which is
   * the nonce of AES-GMAC, and two messages of one nonce give away with what all others are signed. Who holds back the interim answer
   * until we cancel would have two.
   */
  #sendCancel(messageId: number, waiting: Waiting): void {
    const { request, asyncId, isEncrypted } = waiting;
    if (this.#protection === undefined || waiting.isCancelSent) return;
    waiting.isCancelSent = true;
    const { frame, body } = newRequest(4);
    body.writeUInt16LE(4, 0);
    const message = frame.subarray(FRAME_BYTES);
    writeHeader(message, {
      command: COMMAND.cancel,
      charge: 0,
      credits: 0,
      flags: asyncId === undefined ? 0 : FLAG.async,
      messageId,
      ...(asyncId === undefined ? {} : { asyncId }),
      treeId: request.treeId ?? 0,
      sessionId: this.#sessionId,
    });
    this.#line?.write(protect(this.#protection, [message], isEncrypted));
  }

  /** Asks a server that keeps a watch waiting whether it is still there (MS-SMB2 2.2.28). */
  #echo(): void {
    const { frame, body } = newRequest(4);
    body.writeUInt16LE(4, 0);
    this.send({ command: COMMAND.echo, frame }, new AbortController().signal).then(
      (reply) => reply.release(),
      NOTHING, // the connection has failed, and everybody knows
    );
  }

  /** What a peer sends ends the connection, never the process: also where it meets a fault of ours. */
  #guard(act: () => void): void {
    try {
      act();
    } catch (cause) {
      this.fail(
        cause instanceof SmbError ? cause : new SmbError('malformed', 'an answer that cannot be read', { cause }),
      );
    }
  }
}

const padded = (message: Buffer): Buffer =>
  message.length % 8 === 0 ? message : Buffer.concat([message, Buffer.alloc(8 - (message.length % 8))]);

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
}
