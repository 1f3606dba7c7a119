// One HTTP request after the other over one socket, which is never replaced behind our back: the login belongs to the socket.
import { Agent, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { type Failure, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { MAX_BODY_BYTES } from './sealed-message.ts';
import { socketFailure, type WsmanTarget } from './wsman-socket.ts';

export interface HttpReply {
  status: number;
  contentType: string | undefined;
  /** All of `WWW-Authenticate`. */
  authenticate: string;
  body: Buffer;
}

/** Hands out the socket that it was given, and never dials. */
class OneSocketAgent extends Agent {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    // One request at a time; the socket stays while it is idle.
    super({ keepAlive: true, maxSockets: 1, maxFreeSockets: 1 });
    this.#socket = socket;
  }

  override createConnection(): Socket {
    if (this.#socket.destroyed) throw Object.assign(new Error('the socket is gone'), { code: 'ECONNRESET' });
    return this.#socket;
  }
}

/** The whole body, or why not; more than the cap ends the connection. */
function readBody(response: IncomingMessage, name: string): Promise<Outcome<Buffer>> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else {
        resolve(fail('too-large', `${name}: an answer of more than ${MAX_BODY_BYTES} bytes`));
        response.destroy();
      }
    });
    response.on('end', () => resolve(succeed(Buffer.concat(chunks))));
    response.on('error', () => resolve(fail('lost', `${name}: the connection ended within an answer`)));
    response.on('close', () => resolve(fail('lost', `${name}: the connection ended within an answer`)));
  });
}

function requestFailure(name: string, error: NodeJS.ErrnoException): Failure {
  // The parser's own codes: what came is not HTTP.
  if (error.code?.startsWith('HPE_')) return fail('malformed', `${name}: its answer is not HTTP`);
  return socketFailure(name, error);
}

export class HttpExchange {
  readonly #target: WsmanTarget;
  readonly #socket: Socket;
  readonly #agent: OneSocketAgent;
  #isAlive = true;

  constructor(target: WsmanTarget, socket: Socket) {
    this.#target = target;
    this.#socket = socket;
    this.#agent = new OneSocketAgent(socket);
    const onGone = () => {
      this.#isAlive = false;
    };
    socket.on('end', onGone);
    socket.on('close', onGone);
  }

  /** False as soon as the peer said that it ends the connection. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Aborting destroys the socket. */
  async post(body: Buffer, headers: Record<string, string>, signal: AbortSignal): Promise<Outcome<HttpReply>> {
    const { name } = this.#target;
    if (signal.aborted) return fail('cancelled', `${name}: stopped by us`);
    const onAbort = () => this.destroy();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const response = await this.#response(body, headers);
      if (!response.ok) return signal.aborted ? fail('cancelled', `${name}: stopped by us`) : response;
      const content = await readBody(response.value, name);
      if (!content.ok) return signal.aborted ? fail('cancelled', `${name}: stopped by us`) : content;
      const { statusCode = 0, headers: said } = response.value;
      return succeed({
        status: statusCode,
        contentType: said['content-type'],
        authenticate: said['www-authenticate'] ?? '',
        body: content.value,
      });
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  destroy(): void {
    this.#isAlive = false;
    this.#socket.destroy();
    this.#agent.destroy();
  }

  #response(body: Buffer, headers: Record<string, string>): Promise<Outcome<IncomingMessage>> {
    const { name } = this.#target;
    return new Promise((resolve) => {
      try {
        const call = this.#call(body.length, headers, (response) => resolve(succeed(response)));
        call.on('error', (error) => resolve(requestFailure(name, error)));
        call.on('close', () => resolve(fail('lost', `${name}: the peer ended the connection`)));
        call.end(body);
      } catch (error) {
        // A socket that ended this moment: the agent has none to give, and says so at once.
        resolve(requestFailure(name, error as Error)); // nothing else is thrown there
      }
    });
  }

  #call(length: number, headers: Record<string, string>, onResponse: (response: IncomingMessage) => void) {
    const { host, port } = this.#target;
    return request(
      {
        agent: this.#agent,
        host,
        port,
        method: 'POST',
        path: '/wsman',
        headers: {
          ...headers,
          Host: `${host.includes(':') ? `[${host}]` : host}:${port}`,
          'Content-Length': length,
        },
      },
      onResponse,
    );
  }
}
