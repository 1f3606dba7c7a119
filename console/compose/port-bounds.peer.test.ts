// Somebody who opens many connections, says little, or says it slowly, is cut by the server itself; others go on.
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { silentLogger } from '#shared/runtime/logger.ts';
import { boundConnections, REQUEST_BOUNDS } from './port-bounds.ts';

async function listening(change: Partial<typeof REQUEST_BOUNDS> | object = {}, ofAnAddress?: number) {
  const server: Server = createServer({ ...REQUEST_BOUNDS, ...change }, (_request, response) => response.end('here'));
  boundConnections(server, silentLogger, ofAnAddress);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port; // a TCP server that listens
}

/** A connection that says this much; what came back until its end. */
function speak(port: number, text: string): { socket: Socket; ended: Promise<string> } {
  let said = '';
  const socket = connect(port, '127.0.0.1', () => socket.write(text));
  onTestFinished(() => void socket.destroy());
  socket.on('data', (part) => {
    said += part.toString();
  });
  socket.on('error', () => undefined);
  return { socket, ended: new Promise((resolve) => socket.once('close', () => resolve(said))) };
}

const WHOLE = 'GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n';

test('one address has its share of the connections, and gets new ones for those that end', async () => {
  const port = await listening({}, 3);
  const held = [1, 2, 3].map(() => speak(port, 'GET / HTTP/1.1\r\n'));
  await expect.poll(() => held.every(({ socket }) => !socket.connecting)).toBe(true);
  expect(await speak(port, WHOLE).ended).toBe('');
  held[0]?.socket.destroy();
  await expect.poll(() => speak(port, WHOLE).ended).toContain('here');
});

test('who does not come to the end of the first lines is cut', async () => {
  const port = await listening({ headersTimeout: 200, connectionsCheckingInterval: 50 });
  expect(await speak(port, 'GET / HTTP/1.1\r\nhost: localhost\r\nx: ').ended).toContain('408');
});

test('who announces a body and does not send it is cut', async () => {
  const port = await listening({ requestTimeout: 300, headersTimeout: 200, connectionsCheckingInterval: 50 });
  const { ended } = speak(port, 'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\nabc');
  expect(await ended).toMatch(/here|408/);
});

test.each([
  ['sixteen kilobytes of headers', `x: ${'a'.repeat(17_000)}`, '431'],
  ['a length that is said twice', 'content-length: 1\r\ncontent-length: 2', '400'],
  ['a length and chunks', 'content-length: 3\r\ntransfer-encoding: chunked', '400'],
  ['a line end inside a header', 'x: a\rb', '400'],
])('%s are refused by the server', async (_what, header, status) => {
  const port = await listening();
  const { ended } = speak(port, `POST / HTTP/1.1\r\nhost: localhost\r\n${header}\r\n\r\n`);
  expect(await ended).toContain(`HTTP/1.1 ${status}`);
});

test('a request without a host is none', async () => {
  expect(await speak(await listening(), 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n').ended).toContain('400');
});

test('the bounds leave room for the slowest honest one, and for nobody else', () => {
  expect(REQUEST_BOUNDS).toMatchObject({ headersTimeout: 10_000, requestTimeout: 60_000, maxHeaderSize: 16_384 });
});
