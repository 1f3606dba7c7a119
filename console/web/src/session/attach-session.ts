// Attaches this page to an open session: a ticket, a socket, and the sealed channel whose other end is the relay.
import { apiPrefix } from 'virtual:contract-routes';
import { api } from '#console/web/src/api/api.ts';
import { SESSION_SUBPROTOCOL, STREAMS_PATH, TICKET_PREFIX } from '#shared/contract/session-door.ts';
import { SessionClient } from '#shared/seal/session-client.ts';
import type { OpenSession } from './open-session.ts';
import type { SocketEnd } from './socket-end.ts';

export interface AttachOptions {
  /** The first message to the relay: it proves our key. */
  begin: Uint8Array;
  /** Awaited before the next one, and before its credit is given back: who reads slowly is sent to slowly. */
  onMessage: (plain: Uint8Array) => void | Promise<void>;
}

export interface AttachedSession {
  /** Order is kept; resolves when it is handed to the socket. */
  send(plain: Uint8Array): Promise<void>;
  close(): void;
  /** Rejects when what answered was not the relay. */
  readonly ended: Promise<SocketEnd>;
}

/** Again after a cut, with the same key. Throws what the console says where there is no such session (any more). */
export async function attachSession(
  { id, own, relay }: OpenSession,
  { begin, onMessage }: AttachOptions,
): Promise<AttachedSession> {
  const { ticket } = await api.actions.attach({ id });
  const url = `${location.origin.replace(/^http/, 'ws')}${apiPrefix}${STREAMS_PATH}`;
  const socket = new WebSocket(url, [SESSION_SUBPROTOCOL, `${TICKET_PREFIX}${ticket}`]);
  socket.binaryType = 'arraybuffer';
  let fault: unknown;
  const client = new SessionClient({
    ...{ session: id, own, relay, begin, onMessage },
    socket: {
      // Bytes of the channel lie on buffers of their own, never on a shared one.
      send: (data) => socket.send(typeof data === 'string' ? data : new Uint8Array(data)),
      close: () => socket.close(),
    },
    onFault: (error) => {
      fault = error;
    },
  });
  socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data instanceof ArrayBuffer) client.received(new Uint8Array(data));
    else client.receivedText(String(data));
  });
  const ended = new Promise<SocketEnd>((resolve, reject) => {
    socket.addEventListener('close', ({ reason }) => {
      void client.closed().then(() => (fault === undefined ? resolve(reason) : reject(fault)));
    });
  });
  return { send: (plain) => client.send(plain), close: () => socket.close(), ended };
}
