// One TCP connection of the fake host: the 401 dance, the login bound to it, and sealed requests answered in turn.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SecurityFailure } from '#relay/transport/security-context.ts';
import { type Accepted, type Acceptor, LoginRefused } from './acceptor.ts';
import { type Delivery, deliver } from './delivery.ts';
import { count, type HostCounts } from './host-counts.ts';
import type { DropPoint, HostMode } from './host-mode.ts';
import { isSealedType, readSealed, type SealedProtocol, sealedType, writeSealed } from './sealed-body.ts';
import type { ServiceAnswer, WsmanService } from './wsman-service.ts';

export interface ConnectionDeps {
  isTls: boolean;
  mode: () => HostMode;
  counts: HostCounts;
  service: WsmanService;
  newAcceptor: () => Acceptor;
  /** True when this exchange breaks off here. */
  drops: (point: DropPoint, action: string | undefined) => boolean;
  sleep: (ms: number) => Promise<void>;
}

/** Twice the service's own limit: what is longer is not even read. */
const MAX_BODY_BYTES = 1_024 * 1_024;

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    parts.push(part);
    bytes += part.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('body too long');
  }
  return Buffer.concat(parts);
}

const actionIn = (xml: string): string | undefined => /Action[^>]*>([^<]*)</.exec(xml)?.[1];

export class HostConnection {
  readonly #deps: ConnectionDeps;
  #acceptor: Acceptor | undefined;
  #accepted: Accepted | undefined;
  #steps = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(deps: ConnectionDeps) {
    this.#deps = deps;
  }

  /** Requests of one connection are answered in turn: the order of messages is part of the seal. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const next = this.#turn.then(() => this.#handle(request, response));
    this.#turn = next.catch(() => void request.socket.destroy());
    return this.#turn;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const { drops, mode, sleep } = this.#deps;
    if (drops('request', undefined)) return void request.socket.destroy();
    if (mode().delayMs > 0) await sleep(mode().delayMs);
    const { authorization } = request.headers;
    if (request.method !== 'POST' || request.url !== '/wsman') return this.#plain(response, 404);
    if (authorization !== undefined) return this.#login(authorization, request, response, body);
    if (this.#accepted === undefined) return this.#stranger(request, response, body);
    return this.#serve(request, response, body, {});
  }

  #stranger(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const isIdentify = request.headers.wsmanidentify === 'unauthenticated';
    const answer = isIdentify ? this.#deps.service.anonymous(body.toString('utf8')) : undefined;
    if (answer === undefined) return this.#unauthorised(response);
    return this.#send(response, { status: answer.status, type: SOAP, body: Buffer.from(answer.xml) });
  }

  async #login(authorization: string, request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const { counts, mode, drops, newAcceptor } = this.#deps;
    const [, scheme = '', encoded = ''] = /^(\S+) +(\S+)$/.exec(authorization) ?? [];
    if (!/^(negotiate|kerberos)$/i.test(scheme)) {
      if (/^basic$/i.test(scheme)) counts.basicRefused += 1;
      return this.#unauthorised(response);
    }
    if (this.#acceptor === undefined) {
      this.#acceptor = newAcceptor();
      this.#accepted = undefined;
      this.#steps = 0;
      if (drops('challenge', undefined)) return void request.socket.destroy();
    }
    try {
      this.#steps += 1;
      if (this.#steps > 1) counts.attempts += 1;
      const { token, accepted } = await this.#acceptor.step(Buffer.from(encoded, 'base64'));
      const headers =
        token === undefined ? {} : { 'WWW-Authenticate': `Negotiate ${Buffer.from(token).toString('base64')}` };
      if (accepted === undefined) {
        await this.#send(response, { status: 401, headers });
        if (drops('after-challenge', undefined)) request.socket.destroy();
        return;
      }
      if (mode().refusesLogin) throw new LoginRefused('refused');
      this.#acceptor = undefined;
      this.#accepted = accepted;
      counts.logins += 1;
      if (body.length === 0 || !mode().readsBodyOfLogin) return this.#send(response, { status: 200, headers });
      return this.#serve(request, response, body, headers);
    } catch (error) {
      this.#refuse(error);
      return this.#unauthorised(response);
    }
  }

  /** Only what a hostile or clumsy client may cause; a mistake of our own goes on. */
  #refuse(error: unknown): void {
    this.#acceptor = undefined;
    this.#accepted = undefined;
    if (error instanceof LoginRefused) count(this.#deps.counts.refusals, error.reason);
    else if (error instanceof SecurityFailure) count(this.#deps.counts.refusals, 'malformed');
    else throw error;
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    headers: Record<string, string>,
  ): Promise<void> {
    const accepted = this.#accepted;
    if (accepted === undefined) return this.#unauthorised(response);
    const type = request.headers['content-type'];
    const isSealed = isSealedType(type);
    if (!isSealed && !this.#deps.isTls) return this.#refusePlaintext(response, body);
    const xml = isSealed ? await this.#open(accepted, body) : body.toString('utf8');
    if (xml === undefined) {
      this.#deps.counts.brokenSeals += 1;
      this.#accepted = undefined;
      await this.#plain(response, 400);
      return void request.socket.destroy();
    }
    const answer = await this.#deps.service.answer(xml, accepted.user);
    if (this.#deps.drops('before-answer', actionIn(xml))) return void request.socket.destroy();
    const delivery =
      isSealed && !this.#deps.mode().answersPlain ? await this.#seal(accepted, answer, type) : plainAnswer(answer);
    const isHalf = this.#deps.drops('half-answer', actionIn(xml));
    await this.#send(response, { ...delivery, headers, isHalf });
    if (this.#deps.drops('after-answer', actionIn(xml))) request.socket.destroy();
  }

  /** AllowUnencrypted=false: what is not sealed is not served over HTTP; an empty request is no request at all. */
  #refusePlaintext(response: ServerResponse, body: Buffer): Promise<void> {
    if (body.length === 0) return this.#plain(response, 200);
    this.#deps.counts.plaintextRefused += 1;
    return this.#plain(response, 500);
  }

  async #open(accepted: Accepted, body: Buffer): Promise<string | undefined> {
    const framed = readSealed(body);
    if (framed === undefined) return undefined;
    try {
      const plain = Buffer.from(await accepted.unwrap(framed.sealed));
      return plain.length === framed.length ? plain.toString('utf8') : undefined;
    } catch (error) {
      if (error instanceof SecurityFailure) return undefined;
      throw error;
    }
  }

  async #seal(accepted: Accepted, { status, xml }: ServiceAnswer, type: string | undefined): Promise<Delivery> {
    const plain = Buffer.from(xml);
    const { framing, flipBit } = this.#deps.mode();
    const protocol: SealedProtocol =
      type?.includes('Kerberos') === true ? 'HTTP-Kerberos-session-encrypted' : 'HTTP-SPNEGO-session-encrypted';
    const { signature, data } = await accepted.wrap(plain);
    const sealed = { signature: Buffer.from(signature), data: Buffer.from(data) };
    if (flipBit === 'signature') sealed.signature[4] = (sealed.signature[4] ?? 0) ^ 1;
    if (flipBit === 'data') sealed.data[0] = (sealed.data[0] ?? 0) ^ 1;
    const length = plain.length + (flipBit === 'length' ? 1 : 0);
    const body = writeSealed(sealed, length, { protocol, framing });
    if (flipBit === 'signature-length') flipSignatureLength(body);
    return { status, type: sealedType(protocol), body };
  }

  #unauthorised(response: ServerResponse): Promise<void> {
    return this.#send(response, { status: 401, offers: ['Negotiate', ...this.#deps.mode().alsoOffers] });
  }

  #plain(response: ServerResponse, status: number): Promise<void> {
    return this.#send(response, { status });
  }

  #send(response: ServerResponse, delivery: Delivery): Promise<void> {
    return deliver(response, delivery, this.#deps.mode().tarpitBytesPerS, this.#deps.sleep);
  }
}

const SOAP = 'application/soap+xml;charset=UTF-8';

const plainAnswer = ({ status, xml }: ServiceAnswer): Delivery => ({ status, type: SOAP, body: Buffer.from(xml) });

/** The four bytes before the signature say how long it is. */
function flipSignatureLength(body: Buffer): void {
  const at = body.indexOf('octet-stream\r\n') + 'octet-stream\r\n'.length;
  body[at] = (body[at] ?? 0) ^ 0x80;
}
