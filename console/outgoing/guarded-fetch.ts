// The one way out for URLs that a person has set: it looks the name up itself, connects to the address it judged, and follows nothing.
import { promises as dns, type LookupAddress } from 'node:dns';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { AppError, describeError } from '#shared/base/errors.ts';
import { type OutgoingRules, type OutgoingTarget, readOutgoingUrl } from './outgoing-url.ts';
import { refusedAddress } from './outside-address.ts';

/** From the look-up to the last byte: who waits sits before a page, and a slow answer holds a connection of ours. */
const WHOLE_MS = 10_000;
/** A provider's keys and its discovery document have some 10 KB. */
const MAX_ANSWER_BYTES = 1024 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;
/** What a name leads to; more is nobody's honest answer. */
const MAX_ADDRESSES = 16;
/** Said by the connection itself, never by who asks. */
const OWN_HEADERS = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'upgrade',
]);

export interface GuardDeps {
  rules: OutgoingRules;
  /** The system's resolver, or a test's. */
  lookup?: (name: string) => Promise<readonly LookupAddress[]>;
  /** PEM of authorities beside the system's: a test's. */
  ca?: string;
  wholeMs?: number;
  maxAnswerBytes?: number;
}

export type GuardedFetch = (url: string, init?: RequestInit) => Promise<Response>;

const systemLookup = (name: string) => dns.lookup(name, { all: true, order: 'verbatim' });

/**
 * As fetch, for one request: an answer that points elsewhere is the answer. Throws `denied` for what may not be reached,
 * `timed-out`, `too-large` and `unavailable`; messages name the host and nothing else of the URL.
 */
export function guardedFetch(deps: GuardDeps): GuardedFetch {
  return async (text, init = {}) => {
    const target = readOutgoingUrl(String(text), deps.rules);
    const signals = [AbortSignal.timeout(deps.wholeMs ?? WHOLE_MS), ...(init.signal ? [init.signal] : [])];
    const signal = AbortSignal.any(signals);
    try {
      const addresses = await inTime(judged(target, deps), signal);
      return await ask(target, init, { deps, addresses, signal });
    } catch (error) {
      throw toRefusal(error, target, signal);
    }
  };
}

/** All of what a name leads to must be fit: a name that leads to both sides is made to be caught by the wrong one. */
async function judged(
  { host, isNamed }: OutgoingTarget,
  { lookup = systemLookup }: GuardDeps,
): Promise<LookupAddress[]> {
  const family = isIP(host);
  const found = family === 0 ? await lookup(host) : [{ address: host, family }];
  for (const { address } of found) {
    const kind = refusedAddress(address, isNamed);
    if (kind !== undefined)
      throw new AppError('denied', `${host} is ${kind}, where the console does not go for anybody`);
  }
  if (found.length === 0) throw new AppError('unavailable', `${host} leads to no address`);
  return found.slice(0, MAX_ADDRESSES);
}

interface Way {
  deps: GuardDeps;
  addresses: readonly LookupAddress[];
  signal: AbortSignal;
}

async function ask(target: OutgoingTarget, init: RequestInit, way: Way): Promise<Response> {
  // Reads every form of headers and body that fetch takes; nothing is sent by it.
  const { redirect: _followed, signal: _joined, ...plain } = init;
  const asked = new Request(target.url, plain);
  const body = Buffer.from(await asked.arrayBuffer());
  const answer = await send(target, { asked, body, way });
  const bytes = await readAll(answer, target, way.deps.maxAnswerBytes ?? MAX_ANSWER_BYTES);
  const headers = new Headers();
  for (let at = 0; at + 1 < answer.rawHeaders.length; at += 2)
    headers.append(answer.rawHeaders[at] ?? '', answer.rawHeaders[at + 1] ?? '');
  const status = answer.statusCode ?? 0;
  const isEmpty = status === 204 || status === 205 || status === 304;
  return new Response(isEmpty ? null : new Uint8Array(bytes), { status, headers });
}

interface Sent {
  asked: Request;
  body: Buffer;
  way: Way;
}

function send(target: OutgoingTarget, { asked, body, way }: Sent): Promise<IncomingMessage> {
  const headers: Record<string, string | number> = { 'accept-encoding': 'identity', connection: 'close' };
  for (const [name, value] of asked.headers) if (!OWN_HEADERS.has(name)) headers[name] = value;
  if (body.length > 0) headers['content-length'] = body.length;
  const options = {
    method: asked.method,
    headers,
    // No connection outlives its judgement, and no environment sends it through a proxy.
    agent: false,
    lookup: onlyThese(way.addresses),
    maxHeaderSize: MAX_HEADER_BYTES,
    signal: way.signal,
    ...(way.deps.ca === undefined ? {} : { ca: way.deps.ca }),
  } as const;
  return new Promise((resolve, reject) => {
    const request: ClientRequest =
      target.url.protocol === 'https:' ? httpsRequest(target.url, options) : httpRequest(target.url, options);
    request.once('response', resolve);
    request.once('upgrade', (_answer, socket) => socket.destroy());
    request.on('error', reject);
    request.on('socket', (socket) =>
      socket.once('connect', () => {
        // What was judged is what was connected to, whatever stands between.
        if (refusedAddress(socket.remoteAddress ?? '', target.isNamed) !== undefined)
          request.destroy(new AppError('denied', `${target.host} leads elsewhere than it was judged`));
      }),
    );
    request.end(body);
  });
}

/** Node asks this in place of a resolver: the name cannot lead elsewhere a moment later. */
function onlyThese(addresses: readonly LookupAddress[]): LookupFunction {
  return (_name, options, callback) => {
    const [first] = addresses;
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
}

async function readAll(answer: IncomingMessage, { host }: OutgoingTarget, maxBytes: number): Promise<Buffer> {
  const encoding = answer.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    answer.destroy();
    // A small body that unpacks into a large one is never unpacked.
    throw new AppError('unavailable', `${host} answered in a form that was not asked for`);
  }
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer) {
    const bytes = part as Buffer; // nobody set an encoding on it
    size += bytes.length;
    if (size > maxBytes) {
      answer.destroy();
      throw new AppError('too-large', `${host} answered with more than ${maxBytes} bytes`);
    }
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}

/** A resolver cannot be called off; what it says too late is said to nobody. */
async function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const late = new Promise<never>((_resolve, reject) => {
    const onLate = () => reject(signal.reason);
    if (signal.aborted) onLate();
    signal.addEventListener('abort', onLate, { once: true });
  });
  return await Promise.race([work, late]);
}

function toRefusal(error: unknown, { host }: OutgoingTarget, signal: AbortSignal): AppError {
  if (error instanceof AppError) return error;
  if (signal.aborted) return new AppError('timed-out', `${host} did not answer in time`);
  return new AppError('unavailable', `${host} could not be asked: ${describeError(error).message.slice(0, 200)}`);
}
