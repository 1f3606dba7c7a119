// The socket of one login: connected, and over TLS judged by its certificate's key before a single byte of ours goes through it.
import { isIP, connect as netConnect, type Socket } from 'node:net';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import { startDeadline } from '#relay/transport/deadline.ts';
import { printable } from '#relay/transport/script-output.ts';
import { type ChannelBinding, SecurityFailure } from '#relay/transport/security-context.ts';
import type { Clock } from '#shared/base/clock.ts';
import { type Failure, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { certificateFingerprint, channelBindingOf } from './channel-binding.ts';

export interface WsmanTarget {
  /** For messages. */
  name: string;
  /** For the Host header and for TLS. */
  host: string;
  /** Where to connect. */
  address: string;
  port: number;
  /** Over `http` all bodies are sealed; over `https` none is, and the login is bound to the certificate. */
  scheme: 'http' | 'https';
}

export interface SocketOptions {
  target: WsmanTarget;
  clock: Clock;
  connectMs: number;
  onCertificate: (fingerprint: string) => Failure | undefined;
}

export interface WsmanSocket {
  socket: Socket;
  binding: ChannelBinding | undefined;
}

export function socketFailure(name: string, error: NodeJS.ErrnoException): Failure {
  const code = error.code ?? 'no code';
  if (code === 'ECONNREFUSED') return fail('refused', `${name}: the port is closed`);
  if (code === 'ECONNRESET' || code === 'EPIPE') return fail('lost', `${name}: the peer ended the connection`);
  if (code.startsWith('ERR_SSL') || code === 'EPROTO')
    return fail('refused', `${name}: no TLS: ${printable(error.message)}`);
  return fail('unreachable', `${name}: ${printable(code)}`);
}

function dial({ target }: SocketOptions): Socket {
  const { address, host, port } = target;
  if (target.scheme === 'http') return netConnect({ host: address, port });
  const socket = tlsConnect({
    host: address,
    port,
    // A name only: TLS has no place for an address.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    // The pin is the trust: hosts sign their certificates themselves, and let them expire.
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
  });
  // Another certificate in the middle of a connection would not be the one that was judged.
  socket.disableRenegotiation();
  return socket;
}

const isTls = (socket: Socket): socket is TLSSocket => 'getPeerX509Certificate' in socket;

/** The certificate's word, or why nothing may be sent. */
function judge(socket: Socket, { target, onCertificate }: SocketOptions): Outcome<ChannelBinding | undefined> {
  if (!isTls(socket)) return succeed(undefined);
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return fail('malformed', `${target.name}: it shows no certificate`);
  try {
    const refusal = onCertificate(certificateFingerprint(certificate));
    return refusal ?? succeed(channelBindingOf(certificate.raw));
  } catch (error) {
    const said = error instanceof SecurityFailure ? error.message : 'its key cannot be read';
    return fail('malformed', `${target.name}: ${said}`);
  }
}

function connected(socket: Socket, name: string, signal: AbortSignal): Promise<Failure | undefined> {
  return new Promise((resolve) => {
    const end = (failure?: Failure) => {
      signal.removeEventListener('abort', onAbort);
      socket.off('error', onError);
      socket.off('close', onClose);
      resolve(failure);
    };
    const onAbort = () => end(fail('cancelled', `${name}: stopped by us`));
    const onError = (error: Error) => end(socketFailure(name, error));
    const onClose = () => end(fail('refused', `${name}: the peer ended the connection at once`));
    socket.once(isTls(socket) ? 'secureConnect' : 'connect', () => end());
    socket.once('error', onError);
    socket.once('close', onClose);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

export async function connectWsman(options: SocketOptions, signal: AbortSignal): Promise<Outcome<WsmanSocket>> {
  const { target, clock, connectMs } = options;
  const socket = dial(options);
  // A listener must stand at all times: an error without one would end the process.
  socket.on('error', () => undefined);
  // Without it each small packet waits for the acknowledgement of the one before: 45 ms per request.
  socket.setNoDelay(true);
  using deadline = startDeadline(clock, connectMs, signal);
  const failure = await connected(socket, target.name, deadline.signal);
  const binding = failure ?? judge(socket, options);
  if (binding.ok) return succeed({ socket, binding: binding.value });
  socket.destroy();
  return deadline.isExpired ? fail('unreachable', `${target.name}: no answer within ${connectMs} ms`) : binding;
}
