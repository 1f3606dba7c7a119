// What becomes of a request whose socket ends at the wrong moment.
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { HttpExchange } from './http-exchange.ts';

test('a socket that ended before its listeners heard of it is a lost connection, and no fault of ours', async () => {
  const socket = new Socket();
  const target = { name: 'w-1', host: 'w-1', address: '127.0.0.1', port: 5985, scheme: 'http' } as const;
  const exchange = new HttpExchange(target, socket);
  socket.destroy();
  const reply = await exchange.post(Buffer.alloc(0), {}, new AbortController().signal);
  expect(reply).toEqual({ ok: false, reason: 'lost', detail: 'w-1: the peer ended the connection' });
});
