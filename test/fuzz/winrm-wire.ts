// `fuzz winrm`, wire: sealed answers cut, stalled, mislabelled and full of boundaries, below one connection and over real sockets.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type SealedMessage, type SecurityContext, SecurityFailure } from '#relay/transport/security-context.ts';
import { encodeSealed, SEALED_CONTENT_TYPE } from '#relay/transport/winrm/sealed-message.ts';
import { openWsmanConnection } from '#relay/transport/winrm/wsman-connection.ts';
import { systemClock } from '#shared/base/clock.ts';
import { succeed } from '#shared/base/outcome.ts';
import { resetSocket } from '#test/fixtures/reset-socket.ts';
import { below, damage, pick, type Random } from './mutate.ts';

/** Seals nothing, so that cipher text can be made to hold whatever is worst; order and content are still proven. */
class GlassContext implements SecurityContext {
  readonly mechanism = 'ntlm';
  isComplete = false;
  #sent = 0;
  #read = 0;

  step(): Promise<Uint8Array | undefined> {
    this.isComplete = true;
    return Promise.resolve(Buffer.from('glass'));
  }

  wrap(data: Uint8Array): SealedMessage {
    this.#sent += 1;
    return { data, signature: glassSignature(data, this.#sent) };
  }

  unwrap({ data, signature }: SealedMessage): Uint8Array {
    this.#read += 1;
    if (!glassSignature(data, this.#read).equals(signature))
      throw new SecurityFailure('integrity', 'not what was sealed');
    return data;
  }

  dispose(): void {
    this.isComplete = false;
  }
}

function glassSignature(data: Uint8Array, sequence: number): Buffer {
  const signature = Buffer.alloc(16);
  signature.writeUInt32LE(sequence, 0);
  signature.writeUInt32LE(data.length, 4);
  signature.writeUInt32LE(
    data.reduce((sum, byte) => (sum * 31 + byte) >>> 0, 7),
    8,
  );
  return signature;
}

/** Answers to one request: bytes, then perhaps the end of the connection, or silence. */
interface Plan {
  bytes: Buffer;
  /** Sent in pieces of this length. */
  piece: number;
  /** What comes behind them. */
  ending: 'wait' | 'reset' | 'end';
}

const BOUNDARIES = [
  '--Encrypted Boundary',
  '--Encrypted Boundary--\r\n',
  '--Encrypted Boundary\r\n\tContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=3\r\n--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n',
  '\r\n--Encrypted Boundary--\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
];

const http = (body: Buffer, type: string, length: number, status = '200 OK'): Buffer =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`, 'latin1'),
    body,
  ]);

/** A good sealed answer, the `sequence`-th of its connection. */
function sealedAnswer(text: string, sequence: number): Buffer {
  const data = Buffer.from(text);
  return encodeSealed({ data, signature: glassSignature(data, sequence) }, data.length);
}

const LENGTHS = ['0', '1', '99999', '4194304', '4194305', '9999999', '-1', '1e3', '007', ''];

type Twist = (sealed: Buffer, random: Random) => Buffer;
const asText =
  (twist: (text: string, random: Random) => string): Twist =>
  (sealed, random) =>
    Buffer.from(twist(sealed.toString('latin1'), random), 'latin1');

const TWISTS: readonly Twist[] = [
  asText((text, random) => text.replace(/Length=\d+/, `Length=${pick(random, LENGTHS)}`)),
  asText((text, random) => text.slice(0, below(random, text.length))),
  asText((text) => text + text),
  asText((text) => text.replace('--Encrypted Boundary', '--Boundary')),
  asText((text) => text.replace(/--Encrypted Boundary--/, '')),
  asText((text, random) => text.replaceAll('\r\n', pick(random, ['\n', '\r\n\r\n', '\r']))),
  asText((text, random) =>
    text.replace(
      /octet-stream\r\n[\s\S]{4}/,
      () => `octet-stream\r\n${pick(random, ['\x00\x00\x00\x00', '\xff\xff\xff\x7f', '\x0f\x00\x00\x00', '\r\n\r\n'])}`,
    ),
  ),
  (sealed, random) => Buffer.from(damage(sealed, random)),
];

function planFor(random: Random, text: string, sequence: number): { plan: Plan; isGood: boolean } {
  const sealed = sealedAnswer(text, sequence);
  const piece = random() < 0.5 ? 1 + below(random, 60) : 100_000;
  const chance = random();
  if (chance < 0.3)
    return { plan: { bytes: http(sealed, SEALED_CONTENT_TYPE, sealed.length), piece, ending: 'wait' }, isGood: true };
  const twisted = chance < 0.7 ? pick(random, TWISTS)(sealed, random) : sealed;
  const type =
    random() < 0.1
      ? pick(random, ['application/soap+xml', 'text/html', 'multipart/encrypted', ''])
      : SEALED_CONTENT_TYPE;
  // A length that lies keeps the connection waiting or breaks it: both have to end in time.
  const lie = random() < 0.1 ? pick(random, [-5, -1, 1, 1_000_000_000]) : 0;
  const status = pick(random, [
    '200 OK',
    '200 OK',
    '500 Internal Server Error',
    '401 Unauthorized',
    '503 Busy',
    '99 x',
  ]);
  const bytes = http(twisted, type, Math.max(0, twisted.length + lie), status);
  const cut = random() < 0.3 ? below(random, bytes.length) : bytes.length;
  const ending =
    cut < bytes.length || lie > 0
      ? pick(random, ['reset', 'end', 'reset', 'end', 'reset', 'end', 'wait'] as const)
      : pick(random, ['wait', 'end', 'reset'] as const);
  return { plan: { bytes: bytes.subarray(0, cut), piece, ending }, isGood: false };
}

/** One server for all cases: what it answers is set before each. */
export class WireHost {
  readonly #server: Server;
  /** How often each body came. */
  readonly bodies = new Map<string, number>();
  #next: (sequence: number) => Plan = () => ({ bytes: Buffer.alloc(0), piece: 1, ending: 'reset' });

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => this.#serve(socket));
  }

  static async start(): Promise<WireHost> {
    const server = createServer({ noDelay: true });
    const host = new WireHost(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return host;
  }

  get port(): number {
    const bound = this.#server.address();
    return bound === null || typeof bound === 'string' ? 0 : bound.port;
  }

  play(next: (sequence: number) => Plan): void {
    this.#next = next;
    this.bodies.clear();
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  #serve(socket: Socket): void {
    let text = '';
    let sequence = 0;
    socket.on('error', () => undefined); // 'close' follows
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = requestEnd(text); end > 0; end = requestEnd(text)) {
        const request = text.slice(0, end);
        text = text.slice(end);
        const id = /case-\d+-\d+/.exec(request)?.[0];
        if (id === undefined) {
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
          continue;
        }
        this.bodies.set(id, (this.bodies.get(id) ?? 0) + 1);
        sequence += 1;
        void tell(socket, this.#next(sequence));
      }
    });
  }
}

/** Where the first request in `text` ends; 0 while it does not. */
function requestEnd(text: string): number {
  const head = text.indexOf('\r\n\r\n');
  const length = Number(/Content-Length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
  return head > 0 && text.length >= head + 4 + length ? head + 4 + length : 0;
}

async function tell(socket: Socket, { bytes, piece, ending }: Plan): Promise<void> {
  for (let at = 0; at < bytes.length && at / piece < 40; at += piece) {
    socket.write(bytes.subarray(at, at + piece));
    await new Promise((resolve) => setImmediate(resolve));
  }
  socket.write(bytes.subarray(40 * piece));
  if (ending === 'reset') resetSocket(socket);
  if (ending === 'end') socket.end();
}

// 150 ms: every answer of a case comes at once or never.
const PATIENCE_MS = 150;

export interface WireTally {
  /** Good answers, boundaries in them and all, that were read to the last sign. */
  read: number;
  /** Bodies that came twice although they must not. */
  twice: number;
  logins: number;
}

/** One connection, one to three requests. Throws for everything that must not be. */
export async function wireCase(host: WireHost, random: Random, n: number): Promise<WireTally> {
  const connection = openWsmanConnection(
    { name: 'w', host: 'w.test', address: '127.0.0.1', port: host.port, scheme: 'http' },
    { newContext: () => Promise.resolve(succeed(new GlassContext())), onCertificate: () => undefined },
    { clock: systemClock, connectMs: 1_000, loginMs: PATIENCE_MS },
  );
  const tally = { read: 0, twice: 0, logins: 0 };
  try {
    const requests = 1 + below(random, 3);
    for (let i = 0; i < requests && connection.isOpen; i += 1) {
      const text = `<a>${pick(random, BOUNDARIES)}</a>`.repeat(1 + below(random, 3));
      let isGood = true;
      host.play((sequence) => {
        const planned = planFor(random, text, sequence);
        isGood = planned.isGood;
        return planned.plan;
      });
      const isRepeatable = random() < 0.5;
      const before = connection.logins;
      const id = `case-${n}-${i}`;
      const reply = await connection.post(
        `<b>${id}</b>`,
        { timeoutMs: PATIENCE_MS, isRepeatable },
        new AbortController().signal,
      );
      const came = host.bodies.get(id) ?? 0;
      if (came > (isRepeatable ? 2 : 1)) tally.twice += 1;
      if (connection.logins - before > 1) throw new Error('more than one login for a request');
      if (reply.ok && isGood && reply.value.body !== text) throw new Error('a good answer was read as another');
      if (isGood && reply.ok) tally.read += 1;
      if (isGood && !reply.ok && came > 0) throw new Error(`a good answer was not read: ${reply.detail}`);
    }
  } finally {
    tally.logins = connection.logins;
    connection.close();
  }
  return tally;
}
