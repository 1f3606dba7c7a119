// One end of a tunnel: TCP connections over one stream of bytes, each held back by its own reader, none by another's.
import type { Socket } from 'node:net';
import { AppError } from '#shared/base/errors.ts';
import type { ByteStream } from '#shared/remote/byte-stream.ts';
import {
  creditOf,
  encodeCredit,
  encodeFrame,
  FrameReader,
  MAX_PAYLOAD_BYTES,
  type TunnelFrame,
} from './tunnel-frame.ts';

/** 32: a browser behind a tunnel opens six to a server. Each may have two windows of bytes waiting, 32 MiB in all. */
export const MAX_CONNECTIONS = 32;
/** Of each way of a connection: twice what the stream itself lets be on its way, so that the stream is the bound. */
export const CONNECTION_WINDOW = 512 * 1024;
/** Credit is given back by so much at a time. */
const GRANT_AT = CONNECTION_WINDOW / 4;

interface Connection {
  id: number;
  socket: Socket;
  /** What the other end still takes. */
  credit: number;
  /** What came and is not yet with the socket; and what was handed over and not yet given back as credit. */
  waitingBytes: number;
  owedBytes: number;
  onCredit: () => void;
  /** Each side ends by itself; with both it is over. */
  hasSentEnd: boolean;
  hasGotEnd: boolean;
}

export interface TunnelMuxDeps {
  stream: ByteStream;
  /** A connection that the other end asks for; absent where it may ask for none. */
  onOpen?: () => Socket;
  onConnection?: (news: 'opened' | 'closed' | 'refused') => void;
}

export class TunnelMux {
  readonly #deps: TunnelMuxDeps;
  readonly #connections = new Map<number, Connection>();
  #last = 0;
  #isOver = false;
  bytesIn = 0;
  bytesOut = 0;

  constructor(deps: TunnelMuxDeps) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Carries a connection of this end to the other; one too many is closed at once. */
  carry(socket: Socket): void {
    if (this.#isOver || this.#connections.size >= MAX_CONNECTIONS) {
      this.#deps.onConnection?.('refused');
      socket.resetAndDestroy();
      return;
    }
    this.#last += 1;
    this.#send(encodeFrame('open', this.#last));
    this.#add(this.#last, socket);
  }

  /** Until the stream is over, or the other end leaves for good: then it resolves with true. */
  async run(): Promise<boolean> {
    const reader = new FrameReader();
    try {
      for await (const bytes of this.#deps.stream.incoming)
        for (const frame of reader.push(bytes)) {
          if (frame.kind === 'leave') return true;
          this.#take(frame);
        }
      return false;
    } finally {
      this.stop();
    }
  }

  /** Says that nobody comes back, and ends. */
  async leave(): Promise<void> {
    await this.#deps.stream.write(encodeFrame('leave', 0)).catch(() => undefined); // an end that is gone needs no word
    this.stop();
  }

  stop(): void {
    this.#isOver = true;
    for (const connection of [...this.#connections.values()]) this.#drop(connection);
    this.#deps.stream.close('done');
  }

  #take({ kind, connection: id, payload, ...rest }: TunnelFrame): void {
    if (kind === 'open') {
      this.#opened(id);
      return;
    }
    const connection = this.#connections.get(id);
    // What was on its way to a connection that has ended here.
    if (connection === undefined) return;
    if (kind === 'data') this.#data(connection, payload);
    else if (kind === 'credit') {
      connection.credit = Math.min(
        CONNECTION_WINDOW,
        connection.credit + creditOf({ kind, connection: id, payload, ...rest }),
      );
      connection.onCredit();
    } else if (kind === 'end') {
      connection.hasGotEnd = true;
      connection.socket.end();
      this.#settle(connection);
    } else this.#drop(connection);
  }

  #opened(id: number): void {
    const { onOpen, onConnection } = this.#deps;
    if (onOpen === undefined || id <= this.#last)
      throw new AppError('frame-unexpected', 'a tunnel was asked for no connection of its');
    this.#last = id;
    if (this.#connections.size >= MAX_CONNECTIONS) {
      onConnection?.('refused');
      this.#send(encodeFrame('reset', id));
      return;
    }
    this.#add(id, onOpen());
  }

  #add(id: number, socket: Socket): void {
    const connection: Connection = {
      ...{ id, socket, credit: CONNECTION_WINDOW, waitingBytes: 0, owedBytes: 0 },
      ...{ onCredit: () => undefined, hasSentEnd: false, hasGotEnd: false },
    };
    this.#connections.set(id, connection);
    this.#deps.onConnection?.('opened');
    socket.setNoDelay(true);
    socket.on('error', () => undefined); // its close tells
    socket.on('close', () => this.#closed(connection));
    // Ends with the socket; what it could not send has nobody to hear of it.
    this.#pump(connection).catch(() => this.#reset(connection));
  }

  async #pump(connection: Connection): Promise<void> {
    const { id, socket } = connection;
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
      // A socket without an encoding gives bytes.
      let rest = chunk as Uint8Array;
      while (rest.length > 0 && this.#connections.has(id)) {
        while (connection.credit <= 0 && this.#connections.has(id))
          await new Promise<void>((resolve) => {
            connection.onCredit = resolve;
          });
        const piece = rest.subarray(0, Math.min(connection.credit, MAX_PAYLOAD_BYTES));
        connection.credit -= piece.length;
        rest = rest.subarray(piece.length);
        this.bytesOut += piece.length;
        await this.#deps.stream.write(encodeFrame('data', id, piece));
      }
    }
    if (!this.#connections.has(id)) return;
    connection.hasSentEnd = true;
    this.#send(encodeFrame('end', id));
    this.#settle(connection);
  }

  #data(connection: Connection, payload: Uint8Array): void {
    const { id, socket } = connection;
    connection.waitingBytes += payload.length;
    if (connection.waitingBytes + connection.owedBytes > CONNECTION_WINDOW)
      throw new AppError('frame-unexpected', 'more came through a tunnel than there was credit for');
    this.bytesIn += payload.length;
    const { length } = payload;
    socket.write(payload, (error) => {
      connection.waitingBytes -= length;
      connection.owedBytes += length;
      if (error !== null && error !== undefined) return;
      if (connection.owedBytes < GRANT_AT || !this.#connections.has(id)) return;
      this.#send(encodeCredit(id, connection.owedBytes));
      connection.owedBytes = 0;
    });
  }

  /** Both sides have said all: the socket closes by itself. */
  #settle(connection: Connection): void {
    if (connection.hasSentEnd && connection.hasGotEnd) this.#forget(connection);
  }

  #closed(connection: Connection): void {
    // After an orderly end what was read last may still be on its way to the stream.
    if (connection.socket.errored !== null || !connection.socket.readableEnded) this.#reset(connection);
  }

  #reset(connection: Connection): void {
    if (!this.#connections.has(connection.id)) return;
    this.#send(encodeFrame('reset', connection.id));
    this.#drop(connection);
  }

  #drop(connection: Connection): void {
    this.#forget(connection);
    const { socket } = connection;
    // Not an orderly end: who reads there must not take half of something for the whole.
    if (socket.connecting) socket.destroy();
    else socket.resetAndDestroy();
  }

  #forget(connection: Connection): void {
    if (!this.#connections.delete(connection.id)) return;
    connection.onCredit();
    this.#deps.onConnection?.('closed');
  }

  #send(bytes: Uint8Array): void {
    // A stream that is over ends `run`, and that everything else.
    this.#deps.stream.write(bytes).catch(() => undefined);
  }
}
