// The relays' port: TLS 1.3 with client certificates of our own authority, then one WebSocket per relay.

import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { type SecureContextOptions, TLSSocket } from 'node:tls';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { KeyAndCertificate } from '#shared/crypto/certificate.ts';
import { readRelayCertificate } from '#shared/crypto/peer-certificate.ts';
import { MAX_FRAME_BYTES } from '#shared/protocol/frame.ts';
import { SUBPROTOCOL } from '#shared/protocol/version.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { LinkDesk, Peer } from './link-desk.ts';
import type { LinkRegistry } from './link-registry.ts';
import { RelayLink } from './relay-link.ts';
import { WsSocket } from './ws-socket.ts';

/** 50 relays of a plan, and every leaf of a large estate; each costs about 70 KB. */
const MAX_CONNECTIONS = 10_000;
/** A relay has one link; a broken network leaves a few old ones for a moment. More would be for taking the place of others. */
const MAX_LINKS_OF_A_RELAY = 8;
const HANDSHAKE_MS = 10_000;
/** A little more than the largest frame, so that one that is too large is refused by name; beyond it ws hangs up. */
const MAX_MESSAGE_BYTES = MAX_FRAME_BYTES + 64 * 1024;
/** Relays come back within this after a restart: 50 of them, and a thousand leaves, without a rush. */
const RETURN_SPREAD_MS = 10_000;
/** How long a stop waits for relays to hang up. */
const LEAVE_MS = 1_500;

export interface RelayServerDeps {
  clock: Clock;
  /** 0 <= value < 1; spreads the relays' return. */
  random: () => number;
  log: Logger;
  desk: LinkDesk;
  registry: LinkRegistry;
  /** Key and chain of this port. */
  server: KeyAndCertificate;
  /** PEM of the authority that issues relays' certificates. */
  authorityPem: string;
  /** A relay was welcomed. */
  onOpen?: (link: RelayLink) => void;
}

export class RelayServer {
  readonly #deps: RelayServerDeps;
  readonly #https: Server;
  readonly #ws: WebSocketServer;
  #refusedHandshakes = 0;

  constructor(deps: RelayServerDeps) {
    this.#deps = deps;
    this.#ws = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    });
    this.#https = createServer({
      ...this.#secrets(deps.server),
      requestCert: true,
      rejectUnauthorized: true,
      handshakeTimeout: HANDSHAKE_MS,
      headersTimeout: HANDSHAKE_MS,
      // Frames are answered at once; what Nagle would save is already gathered into ACKs.
      noDelay: true,
    });
    this.#https.maxConnections = MAX_CONNECTIONS;
    this.#https.on('request', (_request, response) => {
      response.writeHead(426, { connection: 'close' }).end('this port speaks WebSocket with relays\n');
    });
    this.#https.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#https.on('tlsClientError', (error, socket) => this.#refusedHandshake(error, socket));
    this.#https.on('clientError', (_error, socket) => socket.destroy());
  }

  /** Resolves with the port once relays may connect. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#https.once('error', reject);
      this.#https.listen(port, host, () => {
        this.#https.off('error', reject);
        // Without a listener a connection that cannot be accepted, for want of files, would end the process.
        this.#https.on('error', (error) => this.#deps.log.error(describeError(error), 'the relay port has trouble'));
        resolve();
      });
    });
    return (this.#https.address() as AddressInfo).port; // a TCP server that listens has such an address
  }

  /** A renewed key and chain of this port; connections that are open keep theirs. */
  setServerCertificate(server: KeyAndCertificate): void {
    this.#https.setSecureContext(this.#secrets(server));
  }

  stats(): { connections: number; connected: number; refusedHandshakes: number } {
    const { registry } = this.#deps;
    const connected = registry.relays().length;
    return { connections: registry.size, connected, refusedHandshakes: this.#refusedHandshakes };
  }

  /** Sends every relay away with a delay of its own, and closes the port. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#https.close(() => resolve()));
    this.#deps.registry.leaveAll(() => this.#deps.random() * RETURN_SPREAD_MS);
    const done = new AbortController();
    const late = this.#deps.clock.sleep(LEAVE_MS, done.signal).catch(() => undefined); // all left in time
    await Promise.race([closed, late]);
    done.abort();
    this.#https.closeAllConnections();
    this.#ws.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #secrets({ privateKey, certificate }: KeyAndCertificate): SecureContextOptions {
    return { key: privateKey, cert: certificate, ca: this.#deps.authorityPem, minVersion: 'TLSv1.3' };
  }

  #refusedHandshake(error: Error, socket: TLSSocket): void {
    this.#refusedHandshakes += 1;
    // Anybody can cause this line: at debug level, so that nobody fills a disk with it.
    this.#deps.log.debug({ address: socket.remoteAddress, error: error.message }, 'a TLS handshake was refused');
  }

  #upgrade(request: IncomingMessage, socket: NodeJS.WritableStream & object, head: Buffer): void {
    if (!(socket instanceof TLSSocket)) return;
    socket.on('error', () => undefined); // 'close' follows
    const peer = this.#peerOf(socket);
    if (peer instanceof AppError) {
      refuseUpgrade(socket, 403, peer.code);
      return;
    }
    if (!(request.headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/).includes(SUBPROTOCOL)) {
      refuseUpgrade(socket, 400, 'frame-unexpected');
      return;
    }
    if (this.#deps.registry.isFenced(peer.relay)) {
      refuseUpgrade(socket, 403, 'identity-changed');
      return;
    }
    if (this.#deps.registry.linksOf(peer.relay) >= MAX_LINKS_OF_A_RELAY) {
      refuseUpgrade(socket, 429, 'rate-limited');
      return;
    }
    this.#ws.handleUpgrade(request, socket, head, (ws) => this.#connect(ws, peer));
  }

  /** Who the handshake proved; OpenSSL has checked signature, time and purpose of the certificate. */
  #peerOf(socket: TLSSocket): Peer | AppError {
    try {
      const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined;
      if (certificate === undefined) return new AppError('certificate-unknown', 'no certificate');
      const { relay, site, keyId } = readRelayCertificate(certificate);
      return { relay, site, keyId, address: socket.remoteAddress };
    } catch (error) {
      return error instanceof AppError ? error : new AppError('certificate-unknown', describeError(error).message);
    }
  }

  #connect(ws: WebSocket, peer: Peer): void {
    const { clock, desk, log, registry, onOpen } = this.#deps;
    const socket = new WsSocket(ws);
    const link = new RelayLink({
      socket,
      clock,
      peer,
      desk,
      log,
      onOpen: (open) => {
        registry.opened(open);
        onOpen?.(open);
      },
      onEnd: (ended) => registry.ended(ended),
    });
    registry.track(link);
    socket.attach(link);
    link.run().catch((error: unknown) => {
      log.error({ relay: peer.relay, ...describeError(error) }, 'a relay link failed');
      link.refuse('internal', 'the console failed to keep the link');
    });
  }
}

function refuseUpgrade(socket: Socket, status: number, code: string): void {
  const reason = STATUS_CODES[status] ?? 'Refused';
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\ncontent-length: ${code.length}\r\n\r\n${code}`);
}
