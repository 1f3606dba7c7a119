// Looks at the certificates a TLS server shows, without trusting it and without sending it anything.
import type { X509Certificate } from 'node:crypto';
import https from 'node:https';
import type tls from 'node:tls';
import { AppError } from '#shared/base/errors.ts';
import { explainTlsError } from './tls-errors.ts';

/** More certificates than any real chain; a hostile server may send hundreds. */
const MAX_CHAIN = 10;

export interface PeerQuestion {
  url: URL;
  /** A proxy agent where one is needed. */
  agent?: https.Agent | undefined;
  signal: AbortSignal;
}

/** `host:port` of a URL, for messages. */
export const peerName = (url: URL): string => `${url.hostname}:${url.port || (url.protocol === 'http:' ? 80 : 443)}`;

function chainOf(socket: tls.TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next = socket.getPeerX509Certificate();
  while (next !== undefined && chain.length < MAX_CHAIN) {
    chain.push(next);
    const issuer: X509Certificate | undefined = next.issuerCertificate;
    // A self-signed certificate names itself as its issuer.
    if (issuer === undefined || issuer.fingerprint256 === next.fingerprint256) break;
    next = issuer;
  }
  return chain;
}

/** The chain, leaf first, as shown. Whether any of it is to be trusted is the caller's question. */
export function readPeerChain({ url, agent, signal }: PeerQuestion): Promise<X509Certificate[]> {
  return new Promise((resolve, reject) => {
    // Never ended, so no request line leaves this machine; it only makes the agent open a connection.
    const request = https.request(url, { agent: agent ?? false, rejectUnauthorized: false, signal });
    const settle = (end: () => void) => {
      end();
      request.destroy();
    };
    request.on('error', (error) => reject(explainTlsError(error, peerName(url))));
    request.on('socket', (socket) => {
      const secure = socket as tls.TLSSocket; // https.request hands out TLS sockets only
      const read = () => settle(() => resolve(chainOf(secure)));
      // A proxy agent may hand over a socket whose handshake is done.
      if (secure.getPeerX509Certificate?.() === undefined) secure.once('secureConnect', read);
      else read();
    });
    request.on('close', () => reject(new AppError('unavailable', `${peerName(url)}: closed during the TLS handshake`)));
  });
}
