// Requests for a socket at the browsers' ports: looked at like any other, and for sessions alone.
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { API_PREFIX } from '#shared/contract/contract.ts';
import { STREAMS_PATH } from '#shared/contract/session-door.ts';
import { refusedAtRim } from './request-rim.ts';
import type { StreamDoor } from './stream-door.ts';

interface Sockets {
  door: Pick<StreamDoor, 'upgrade'>;
  hosts: ReadonlySet<string>;
  isSecure: boolean;
}

/** For the port's 'upgrade'. */
export const socketsOf =
  ({ door, hosts, isSecure }: Sockets) =>
  (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => undefined); // 'close' follows
    const refusal = refusedAtRim({
      method: request.method ?? 'GET',
      rawHeaders: request.rawHeaders,
      names: hosts,
      isSecure,
    });
    if (refusal !== undefined) refuse(socket, refusal.status ?? 403);
    else if (request.url !== `${API_PREFIX}${STREAMS_PATH}`) refuse(socket, 404);
    else door.upgrade(request, socket, head);
  };

function refuse(socket: Duplex, status: number): void {
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
  );
}
