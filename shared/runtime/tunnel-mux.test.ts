// Two ends of a tunnel over a stream in memory and real sockets on loopback: bytes, ends, bounds.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { settle } from '#test/fixtures/fake-clock.ts';
import { streamPair } from '#test/fixtures/stream-pair.ts';
import { encodeFrame } from './tunnel-frame.ts';
import { CONNECTION_WINDOW, MAX_CONNECTIONS, TunnelMux } from './tunnel-mux.ts';

async function listen(onSocket: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    onSocket(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return { server, port: bound.port };
}

function dial(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** `once` would reject: a reset is an error first. */
function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
}

/** A tunnel from a local port to a server. */
async function tunnelTo(onSocket: (socket: Socket) => void) {
  const target = await listen(onSocket);
  const pair = streamPair();
  const news: string[] = [];
  const far = new TunnelMux({
    stream: pair.far,
    onOpen: () => dial(target.port),
    onConnection: (one) => void news.push(one),
  });
  const near = new TunnelMux({ stream: pair.near });
  const ran = { far: far.run(), near: near.run() };
  for (const one of [ran.far, ran.near]) one.catch(() => undefined);
  onTestFinished(() => {
    near.stop();
    far.stop();
  });
  const { port } = await listen((socket) => near.carry(socket));
  return { port, near, far, ran, pair, news };
}

async function all(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

test('several connections carry their own bytes both ways, and each end is an end', async () => {
  const { port, near, far } = await tunnelTo((socket) => socket.pipe(socket));
  const contents = [0, 1, 3 * CONNECTION_WINDOW + 17, 100_000].map((size) => randomBytes(size));
  const back = await Promise.all(
    contents.map((content) => {
      const socket = dial(port);
      socket.end(content);
      return all(socket);
    }),
  );
  expect(back.map((one, at) => one.equals(contents[at] ?? Buffer.alloc(0)))).toEqual([true, true, true, true]);
  expect([near.size, far.size]).toEqual([0, 0]);
});

test('what a target said last arrives, however slow the stream', async () => {
  const target = await listen((socket) => socket.end(randomBytes(100_000)));
  const pair = streamPair();
  const slow = { ...pair.far, write: (bytes: Uint8Array) => settle().then(() => pair.far.write(bytes)) };
  const far = new TunnelMux({ stream: slow, onOpen: () => dial(target.port) });
  const near = new TunnelMux({ stream: pair.near });
  for (const one of [far.run(), near.run()]) one.catch(() => undefined);
  const { port } = await listen((socket) => near.carry(socket));
  const socket = dial(port);
  socket.end();
  expect(await all(socket)).toHaveLength(100_000);
  near.stop();
});

test('a reader that rests holds back its own connection and no other', async () => {
  const sockets: Socket[] = [];
  const { port, pair } = await tunnelTo((socket) => {
    sockets.push(socket);
    if (sockets.length === 1) socket.pause();
    else socket.pipe(socket);
  });
  const resting = dial(port);
  await once(resting, 'connect');
  resting.write(randomBytes(64 * CONNECTION_WINDOW));
  const other = dial(port);
  other.end('still here');
  expect((await all(other)).toString()).toBe('still here');
  // What is on its way is bounded: two windows, and what kernels hold.
  expect(pair.bytes().toFar).toBeLessThan(60 * CONNECTION_WINDOW);
});

test('a target that refuses closes the local connection', async () => {
  const gone = await listen(() => undefined);
  gone.server.close();
  const pair = streamPair();
  const far = new TunnelMux({ stream: pair.far, onOpen: () => dial(gone.port) });
  const near = new TunnelMux({ stream: pair.near });
  for (const one of [far.run(), near.run()]) one.catch(() => undefined);
  const { port } = await listen((socket) => near.carry(socket));
  const socket = dial(port);
  await closing(socket);
  expect(near.size).toBe(0);
  near.stop();
});

test('one connection too many is closed, the others go on', async () => {
  const { port, near } = await tunnelTo((socket) => socket.pipe(socket));
  const sockets = Array.from({ length: MAX_CONNECTIONS }, () => dial(port));
  for (const socket of sockets) {
    socket.write('x');
    await once(socket, 'data');
  }
  const late = dial(port);
  late.resume();
  await closing(late);
  expect(near.size).toBe(MAX_CONNECTIONS);
  sockets[0]?.write('y');
  expect(String((await once(sockets[0] ?? late, 'data'))[0])).toBe('y');
});

test('the end of the stream ends every connection; leaving says so', async () => {
  const { port, pair, near, far, ran } = await tunnelTo((socket) => socket.pipe(socket));
  const socket = dial(port);
  socket.write('x');
  await once(socket, 'data');
  await near.leave();
  expect(await ran.far).toBe(true);
  expect(far.size).toBe(0);
  await closing(socket);
  pair.cut();
});

test.each([
  ['a connection the other end may not ask for', encodeFrame('open', 1)],
  ['no frame', Uint8Array.of(9, 0, 0, 0, 1, 0, 0, 0, 0)],
])('%s ends the tunnel', async (_name, bytes) => {
  const pair = streamPair();
  const near = new TunnelMux({ stream: pair.near });
  const ran = near.run();
  await pair.far.write(bytes);
  await expect(ran).rejects.toThrow();
});

test('more than there was credit for ends the tunnel', async () => {
  const { port } = await listen((socket) => socket.pause());
  const pair = streamPair();
  const far = new TunnelMux({ stream: pair.far, onOpen: () => dial(port) });
  const ran = far.run();
  await pair.near.write(encodeFrame('open', 1));
  const send = async () => {
    for (;;) await pair.near.write(encodeFrame('data', 1, new Uint8Array(30_000)));
  };
  send().catch(() => undefined);
  await expect(ran).rejects.toThrow('more came through a tunnel');
});
