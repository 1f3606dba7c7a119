// Attaches this page to an open session: a ticket, a socket, and the sealed channel whose other end is the relay.
import { apiPrefix } from 'virtual:contract-routes';
import { api } from '#console/web/src/api/api.ts';
import { SESSION_SUBPROTOCOL, STREAMS_PATH, TICKET_PREFIX } from '#shared/contract/session-door.ts';
import {
  type AttachedSession,
  type AttachOptions,
  attachOver,
  type OpenSession,
} from '#shared/seal/attached-session.ts';

/** Again after a cut, with the same key. Throws what the console says where there is no such session (any more). */
export async function attachSession(session: OpenSession, options: AttachOptions): Promise<AttachedSession> {
  const { ticket } = await api.actions.attach({ id: session.id });
  const url = `${location.origin.replace(/^http/, 'ws')}${apiPrefix}${STREAMS_PATH}`;
  const socket = new WebSocket(url, [SESSION_SUBPROTOCOL, `${TICKET_PREFIX}${ticket}`]);
  socket.binaryType = 'arraybuffer';
  const { client, closed, attached } = attachOver(session, options, {
    // Bytes of the channel lie on buffers of their own, never on a shared one.
    send: (data) => socket.send(typeof data === 'string' ? data : new Uint8Array(data)),
    close: () => socket.close(),
  });
  socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data instanceof ArrayBuffer) client.received(new Uint8Array(data));
    else client.receivedText(String(data));
  });
  socket.addEventListener('close', ({ reason }) => closed(reason));
  return attached;
}
