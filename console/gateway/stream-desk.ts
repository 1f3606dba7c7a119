// Carries the bytes of sessions between a client's socket and its relay: unread, within the credit of both ends, and for as long as both are there.
import { AppError } from '#shared/base/errors.ts';
import type { ManifestId, RelayId } from '#shared/base/id.ts';
import {
  MAX_STREAM_BYTES,
  STREAM_PROTOCOL,
  STREAM_WINDOW,
  type Stream,
  type StreamEnd,
  streamCost,
} from '#shared/protocol/stream.ts';
import type { LinkRegistry } from './link-registry.ts';

/** Of one console. Each holds a window in both directions at most: 64 MiB, all clients asleep. */
export const MAX_STREAMS = 128;

/** A client's socket. */
export interface StreamClient {
  data(bytes: Uint8Array): void;
  /** It may send so much more. */
  credit(bytes: number): void;
  /** Told once; nothing follows. */
  close(reason: StreamEnd): void;
}

export interface CarriedStream {
  /** False: it is over. */
  data(bytes: Uint8Array): boolean;
  credit(bytes: number): boolean;
  /** The client hung up, or may not go on: the relay hears of it. */
  end(reason: StreamEnd): void;
  readonly bytes: { in: number; out: number };
}

interface Line {
  relay: RelayId;
  stream: number;
  client: StreamClient;
  /** Sent by one end and not yet credited by the other. */
  owed: { toClient: number; toRelay: number };
  bytes: { in: number; out: number };
}

export class StreamDesk {
  readonly #registry: Pick<LinkRegistry, 'get' | 'send'>;
  readonly #lines = new Map<number, Line>();
  #opened = 0;

  constructor(deps: { registry: Pick<LinkRegistry, 'get' | 'send'> }) {
    this.#registry = deps.registry;
  }

  get size(): number {
    return this.#lines.size;
  }

  /** Throws `unavailable` while the relay is away or knows no sessions, `rate-limited` at the bound. */
  open(relay: RelayId, session: ManifestId, client: StreamClient): CarriedStream {
    if (this.#lines.size >= MAX_STREAMS)
      throw new AppError('rate-limited', `this console carries ${MAX_STREAMS} sessions already`);
    if ((this.#registry.get(relay)?.stats.proto ?? 0) < STREAM_PROTOCOL)
      throw new AppError('unavailable', `relay ${relay} is away, or opens no sessions: update it`);
    this.#opened += 1;
    const stream = this.#opened;
    const line: Line = { relay, stream, client, owed: { toClient: 0, toRelay: 0 }, bytes: { in: 0, out: 0 } };
    this.#lines.set(stream, line);
    this.#send(line, { kind: 'open', stream, session });
    return {
      data: (bytes) => this.#fromClient(line, bytes),
      credit: (bytes) => this.#clientCredit(line, bytes),
      end: (reason) => this.#end(line, reason, 'client'),
      bytes: line.bytes,
    };
  }

  /** False for what no stream of this relay may say just now: such a frame counts against the relay. */
  take(relay: RelayId, body: Stream): boolean {
    const line = this.#lines.get(body.stream);
    // A stream that ended here may have words on the way.
    if (line === undefined || line.relay !== relay) return body.stream <= this.#opened;
    switch (body.kind) {
      case 'open':
        return false;
      case 'data':
        return this.#fromRelay(line, body.data);
      case 'credit':
        if (body.bytes > line.owed.toRelay) return this.#flood(line);
        line.owed.toRelay -= body.bytes;
        line.client.credit(body.bytes);
        return true;
      case 'close':
        this.#end(line, body.reason, 'relay');
        return true;
    }
  }

  /** The relay's link is over: its sessions wait for their clients to come back over the next one. */
  forget(relay: RelayId): void {
    for (const line of [...this.#lines.values()]) if (line.relay === relay) this.#end(line, 'left', 'relay');
  }

  /** The console stops. */
  stop(): void {
    for (const line of [...this.#lines.values()]) this.#end(line, 'left', 'both');
  }

  #fromRelay(line: Line, data: Uint8Array): boolean {
    line.owed.toClient += streamCost(data.length);
    if (line.owed.toClient > STREAM_WINDOW) return this.#flood(line);
    line.bytes.out += data.length;
    line.client.data(data);
    return true;
  }

  #fromClient(line: Line, data: Uint8Array): boolean {
    if (!this.#lines.has(line.stream)) return false;
    line.owed.toRelay += streamCost(data.length);
    if (data.length > MAX_STREAM_BYTES || line.owed.toRelay > STREAM_WINDOW) return this.#flood(line);
    line.bytes.in += data.length;
    this.#send(line, { kind: 'data', stream: line.stream, data });
    return true;
  }

  #clientCredit(line: Line, bytes: number): boolean {
    if (!this.#lines.has(line.stream)) return false;
    if (bytes > line.owed.toClient) return this.#flood(line);
    line.owed.toClient -= bytes;
    this.#send(line, { kind: 'credit', stream: line.stream, bytes });
    return true;
  }

  #flood(line: Line): false {
    this.#end(line, 'flooded', 'both');
    return false;
  }

  /** `by`: who ended it; the other side is told. */
  #end(line: Line, reason: StreamEnd, by: 'client' | 'relay' | 'both'): void {
    if (!this.#lines.delete(line.stream)) return;
    if (by !== 'relay') this.#send(line, { kind: 'close', stream: line.stream, reason });
    line.client.close(reason);
  }

  #send({ relay }: Line, body: Stream): void {
    this.#registry.send(relay, 'STREAM', body);
  }
}
