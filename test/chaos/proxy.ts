// A TCP proxy that is a bad network between relay and console: slow, narrow, lossy, cut, silent, or lying, as a test tells it while it runs.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type Clock, systemClock } from '#shared/base/clock.ts';
import { resetSocket } from '#test/fixtures/reset-socket.ts';
import { Direction, type Link } from './proxy-direction.ts';

/** What is wrong with the network now; it holds for open and new connections alike. */
export interface Faults {
  /** Added to each way. */
  delayMs: number;
  /** Up to this much more, drawn per chunk; order is kept as TCP keeps it. */
  jitterMs: number;
  /** 0..1 per chunk: lost once, so it comes a retransmission later. */
  dropRatio: number;
  /** Of each way, shared by all connections; 0 is unlimited. */
  bitsPerSecond: number;
  /** Nothing moves, nothing closes; when it ends all goes on, as after a pulled cable. */
  isStalled: boolean;
  /** Connections are accepted and swallowed, open ones too; when it ends, what lost bytes is reset, as by a router that forgot. */
  isBlackHole: boolean;
  /** New connections are reset at once. */
  isRefusing: boolean;
}

export const NO_FAULTS: Faults = {
  delayMs: 0,
  jitterMs: 0,
  dropRatio: 0,
  bitsPerSecond: 0,
  isStalled: false,
  isBlackHole: false,
  isRefusing: false,
};

/** Once, to the next chunk that goes this way on each open connection. */
export type Damage = 'truncate' | 'corrupt' | 'duplicate';
/** `up` is towards the target. */
export type Way = 'up' | 'down';

export interface ProxyStats {
  /** Bytes delivered each way. */
  upBytes: number;
  downBytes: number;
  /** Bytes a black hole took. */
  swallowedBytes: number;
  accepted: number;
  open: number;
}

export interface ProxyOptions {
  target: { host: string; port: number };
  random: () => number;
  clock?: Clock;
  /** 0: any free port of 127.0.0.1. */
  port?: number;
}

interface Pair {
  client: Socket;
  target: Socket;
  up: Direction;
  down: Direction;
}

export class FaultProxy {
  readonly #server: Server;
  readonly #link: Link;
  readonly #target: { host: string; port: number };
  readonly #pairs = new Set<Pair>();
  /** Accepted by a black hole: no target ever hears of them. */
  readonly #swallowed = new Set<Socket>();
  #faults: Faults = NO_FAULTS;
  #accepted = 0;

  constructor(server: Server, { target, random, clock = systemClock }: ProxyOptions) {
    this.#server = server;
    this.#target = target;
    this.#link = {
      clock,
      random,
      faults: () => this.#faults,
      freeAt: { up: 0, down: 0 },
      bytes: { up: 0, down: 0, swallowed: 0 },
    };
    server.on('connection', (client) => this.#accept(client));
  }

  get port(): number {
    const address = this.#server.address();
    return address === null || typeof address === 'string' ? 0 : address.port;
  }

  /** Changes some faults; the others stay. */
  set(change: Partial<Faults>): void {
    const wasBlackHole = this.#faults.isBlackHole;
    this.#faults = { ...this.#faults, ...change };
    if (wasBlackHole && !this.#faults.isBlackHole) {
      this.#cutWhere((pair) => pair.up.hasLost || pair.down.hasLost);
      this.#forgetSwallowed();
    }
    for (const pair of this.#pairs) {
      pair.up.wake();
      pair.down.wake();
    }
  }

  heal(): void {
    this.set(NO_FAULTS);
  }

  /** Ends every connection now: with a reset, or with a FIN to both ends. */
  cut(how: 'rst' | 'fin' = 'rst'): void {
    if (how === 'rst') {
      this.#cutWhere(() => true);
      this.#forgetSwallowed();
      return;
    }
    for (const { client, target } of this.#pairs) {
      client.end();
      target.end();
    }
  }

  /** Spoils the next chunk that goes `way` on every open connection. */
  damage(kind: Damage, way: Way): void {
    for (const pair of this.#pairs) pair[way].damageNext(kind);
  }

  stats(): ProxyStats {
    const { up, down, swallowed } = this.#link.bytes;
    return {
      upBytes: up,
      downBytes: down,
      swallowedBytes: swallowed,
      accepted: this.#accepted,
      open: this.#pairs.size + this.#swallowed.size,
    };
  }

  async stop(): Promise<void> {
    const closed = this.#server.listening ? once(this.#server, 'close') : Promise.resolve([]);
    this.#server.close();
    this.cut();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #accept(client: Socket): void {
    this.#accepted += 1;
    client.on('error', () => undefined); // 'close' follows
    if (this.#faults.isRefusing) resetSocket(client);
    else if (this.#faults.isBlackHole) this.#swallow(client);
    else this.#join(client);
  }

  #join(client: Socket): void {
    const target = connect({ ...this.#target, noDelay: true, allowHalfOpen: true });
    target.on('error', () => undefined); // 'close' follows
    const broke = () => {
      resetSocket(client);
      resetSocket(target);
    };
    const pair: Pair = {
      client,
      target,
      up: new Direction('up', client, target, this.#link, broke),
      down: new Direction('down', target, client, this.#link, broke),
    };
    this.#pairs.add(pair);
    client.once('close', () => this.#closed(pair));
    target.once('close', () => this.#closed(pair));
  }

  #swallow(client: Socket): void {
    this.#swallowed.add(client);
    client.once('close', () => this.#swallowed.delete(client));
    client.on('data', (bytes) => {
      this.#link.bytes.swallowed += bytes.length;
    });
  }

  #forgetSwallowed(): void {
    for (const client of this.#swallowed) resetSocket(client);
  }

  /** One end is gone: the other follows, unless the news is swallowed too or bytes are still on their way to it. */
  #closed(pair: Pair): void {
    const { client, target, up, down } = pair;
    if (client.destroyed && target.destroyed) {
      up.stop();
      down.stop();
      this.#pairs.delete(pair);
      return;
    }
    const [gone, other] = client.destroyed ? [client, target] : [target, client];
    if (gone.errored !== null || !gone.readableEnded) up.whenPassing(() => resetSocket(other));
    // After an orderly end the direction delivers the FIN itself, once what precedes it has gone out.
  }

  #cutWhere(isMeant: (pair: Pair) => boolean): void {
    for (const pair of [...this.#pairs].filter(isMeant)) {
      resetSocket(pair.client);
      resetSocket(pair.target);
    }
  }
}

/** Starts a proxy on loopback; who starts it stops it. */
export async function startProxy(options: ProxyOptions): Promise<FaultProxy> {
  const server = createServer({ noDelay: true, allowHalfOpen: true });
  server.listen({ host: '127.0.0.1', port: options.port ?? 0, backlog: 1_024 });
  await once(server, 'listening');
  return new FaultProxy(server, options);
}
