// The real connection: WebSocket over TLS 1.3 with the relay's certificate, directly or through the site's proxy.
import type net from 'node:net';
import tls from 'node:tls';
import { WebSocket } from 'ws';
import { peerName, readPeerChain } from '#relay/pin/peer-chain.ts';
import { explainTlsError } from '#relay/pin/tls-errors.ts';
import { AppError } from '#shared/base/errors.ts';
import { readCertificate } from '#shared/crypto/peer-certificate.ts';
import { MAX_FRAME_BYTES } from '#shared/protocol/frame.ts';
import { SUBPROTOCOL } from '#shared/protocol/version.ts';
import type { Dial, LinkHandlers, LinkSocket } from './link-socket.ts';
import { openTunnel, proxyFor, proxyName, TunnelAgent } from './proxy.ts';

export interface ConsoleAddress {
  /** wss://host:port/ */
  url: () => string;
  /** Asked at each connection: a renewed certificate is used at once. */
  tls: () => tls.ConnectionOptions;
  /** HTTPS_PROXY and NO_PROXY are read from here. */
  env: Readonly<Record<string, string | undefined>>;
}

/** To look at a certificate that failed, so that a TLS interceptor can be named. */
const LOOK_MS = 5_000;
/** Our consoles give tickets; a server that does not is not waited for longer than a slow line needs. */
const VERDICT_MS = 2_000;

export function dialConsole(address: ConsoleAddress): Dial {
  return async (handlers, signal) => {
    const url = new URL(address.url());
    const proxy = proxyFor(url, address.env);
    try {
      const tunnel = proxy === undefined ? undefined : await openTunnel(proxy, url, signal);
      const options = address.tls();
      const socket = await secure(url, { tls: options, tunnel }, signal);
      return await upgrade(url, { socket, tls: options }, handlers, signal);
    } catch (error) {
      throw await explained(error, url, proxy, signal);
    }
  };
}

/**
 * A TLS connection whose other end has judged our certificate. TLS 1.3 lets a client write before that, and the reset which
 * answers such bytes would swallow the alert that says why we are refused.
 */
function secure(
  url: URL,
  via: { tls: tls.ConnectionOptions; tunnel: net.Socket | undefined },
  signal: AbortSignal,
): Promise<tls.TLSSocket> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const socket = tls.connect({
    ...via.tls,
    ...(via.tunnel === undefined ? { host, port: Number(url.port || 443) } : { socket: via.tunnel }),
    minVersion: 'TLSv1.3',
    rejectUnauthorized: true,
    ALPNProtocols: ['http/1.1'],
  });
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      reject(givenUp(signal));
      socket.destroy();
    };
    let isSecure = false;
    const onEnd = (error?: NodeJS.ErrnoException) => {
      if (isSecure && (error === undefined || RESETS.has(error.code ?? ''))) reject(hungUp(url, via.tls));
      else reject(error ?? new AppError('unavailable', `${peerName(url)}: hung up in the TLS handshake`));
    };
    const onJudged = () => {
      signal.removeEventListener('abort', onAbort);
      // In the turn of the ticket itself what is written is never sent.
      setImmediate(() => resolve(socket));
    };
    // Stays for the life of the socket: an error between this and the upgrade would end the process.
    socket.on('error', onEnd);
    socket.once('close', () => onEnd());
    // The ticket comes after the verdict; a server that gives none has had time to say no.
    socket.once('session', onJudged);
    socket.once('secureConnect', () => {
      isSecure = true;
      AbortSignal.timeout(VERDICT_MS).addEventListener('abort', onJudged, { once: true });
    });
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** What a socket says when the other end went away without a word. */
const RESETS: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/** Behind a good handshake and before a word was said, a console hangs up on one thing only: a certificate it does not take. */
function hungUp(url: URL, { cert }: tls.ConnectionOptions): AppError {
  const until = typeof cert === 'string' ? `, valid until ${readCertificate(cert).validTo}` : '';
  return new AppError('certificate-unknown', `${peerName(url)}: hung up on this relay's certificate${until}`);
}

const givenUp = (signal: AbortSignal): AppError =>
  signal.reason instanceof AppError ? signal.reason : new AppError('unavailable', 'given up');

function upgrade(
  url: URL,
  { socket, tls: options }: { socket: tls.TLSSocket; tls: tls.ConnectionOptions },
  handlers: LinkHandlers,
  signal: AbortSignal,
): Promise<LinkSocket> {
  const ws = new WebSocket(url, SUBPROTOCOL, {
    perMessageDeflate: false, // the codec has compressed already; deflate costs 20 times the frame
    maxPayload: MAX_FRAME_BYTES,
    followRedirects: false,
    // A mask of zeros masks nothing: masks keep a page's script from writing what a plain proxy on the way takes for its own. Here no
    // script chooses bytes and TLS ends at the console, which spent 8 ns a byte on taking them off.
    generateMask: (mask) => mask.fill(0),
    createConnection: () => socket,
  });
  return new Promise((resolve, reject) => {
    let detail = '';
    // First of all: ending a connection that is not there yet is an error too, and one that nobody hears ends the process.
    ws.on('error', (error: NodeJS.ErrnoException) => {
      detail = error.code ?? error.message;
      reject(RESETS.has(detail) ? hungUp(url, options) : error);
    });
    const onAbort = () => {
      reject(givenUp(signal));
      ws.terminate();
      socket.destroy();
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    ws.on('unexpected-response', (request, response) => {
      reject(new AppError('unavailable', `${peerName(url)}: answers HTTP ${response.statusCode}, not as a console`));
      request.destroy();
    });
    ws.on('message', (data, isBinary) => {
      // With the default binaryType ws hands over one Buffer; text is nothing of ours and is refused as an empty frame.
      handlers.onMessage(isBinary && Buffer.isBuffer(data) ? data : new Uint8Array(0));
    });
    ws.on('pong', () => handlers.onPong());
    ws.on('open', () => {
      signal.removeEventListener('abort', onAbort);
      ws.on('close', (code) => handlers.onClose(detail === '' ? `code ${code}` : `code ${code}, ${detail}`));
      resolve(toLinkSocket(ws, socket));
    });
  });
}

function toLinkSocket(ws: WebSocket, socket: tls.TLSSocket): LinkSocket {
  socket.setNoDelay(true);
  const isOpen = () => ws.readyState === WebSocket.OPEN;
  return {
    get bufferedAmount() {
      return ws.bufferedAmount;
    },
    get traffic() {
      return { sent: socket.bytesWritten, received: socket.bytesRead };
    },
    send: (bytes, onGone) => {
      if (isOpen()) ws.send(bytes, () => onGone?.());
      else onGone?.();
    },
    ping: () => {
      if (isOpen()) ws.ping();
    },
    close: () => ws.close(1000),
    terminate: () => ws.terminate(),
  };
}

/** Names the peer, the proxy, and the issuer of a certificate that is not our console's. */
async function explained(error: unknown, url: URL, proxy: URL | undefined, signal: AbortSignal): Promise<AppError> {
  const way = proxy === undefined ? peerName(url) : `${peerName(url)} through proxy ${proxyName(proxy)}`;
  const plain = explainTlsError(error, way);
  if (error instanceof AppError || !plain.code.startsWith('certificate-') || signal.aborted) return plain;
  const question = new URL(url.href.replace(/^wss:/, 'https:'));
  const agent = proxy === undefined ? undefined : new TunnelAgent(proxy);
  const cut = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]);
  const chain = await readPeerChain({ url: question, agent, signal: cut }).catch(() => []); // named without an issuer then
  return explainTlsError(error, way, chain[0]);
}
