// The fault proxy does to a connection what it is told, counts what it moved, and leaves nothing behind.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { type FaultProxy, startProxy } from './proxy.ts';

async function listen(onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server;
}

const portOf = (server: Server): number => {
  const address = server.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
};

async function proxyTo(server: Server): Promise<FaultProxy> {
  const target = { host: '127.0.0.1', port: portOf(server) };
  const proxy = await startProxy({ target, random: seededRandom(1) });
  onTestFinished(() => proxy.stop());
  return proxy;
}

/** An echo server behind a proxy. */
async function echo(): Promise<FaultProxy> {
  return proxyTo(await listen((socket) => socket.pipe(socket)));
}

interface Client {
  socket: Socket;
  received: () => Buffer;
  /** Resolves when so many bytes are here. */
  has: (bytes: number) => Promise<void>;
  /** How the connection ended. */
  ended: Promise<'fin' | 'rst'>;
}

async function dial(proxy: FaultProxy): Promise<Client> {
  const socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  const chunks: Buffer[] = [];
  const received = () => Buffer.concat(chunks);
  socket.on('data', (chunk) => chunks.push(chunk));
  const ended = new Promise<'fin' | 'rst'>((resolve) => {
    socket.once('end', () => resolve('fin'));
    socket.on('error', () => resolve('rst'));
  });
  await once(socket, 'connect');
  const has = async (bytes: number) => {
    while (received().length < bytes) await once(socket, 'data');
  };
  return { socket, received, has, ended };
}

const milliseconds = async (work: Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work;
  return performance.now() - start;
};

test('a healthy proxy passes every byte both ways and counts them', async () => {
  const proxy = await echo();
  const clients = await Promise.all(Array.from({ length: 20 }, () => dial(proxy)));
  const text = Buffer.from('0123456789'.repeat(30_000));
  for (const client of clients) client.socket.end(text);
  for (const client of clients) {
    expect(await client.ended).toBe('fin');
    expect(client.received().equals(text)).toBe(true);
  }
  expect(proxy.stats()).toMatchObject({ upBytes: 20 * text.length, downBytes: 20 * text.length, accepted: 20 });
  await expect.poll(() => proxy.stats().open).toBe(0);
});

test('delay is added each way and order is kept under jitter', async () => {
  const proxy = await echo();
  const client = await dial(proxy);
  proxy.set({ delayMs: 40, jitterMs: 30 });
  const write = async () => {
    for (let i = 0; i < 20; i += 1) {
      client.socket.write(String.fromCharCode(65 + i));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await client.has(20);
  };
  expect(await milliseconds(write())).toBeGreaterThanOrEqual(75);
  expect(client.received().toString()).toBe('ABCDEFGHIJKLMNOPQRST');
});

test('a dropped chunk comes a retransmission later, not never', async () => {
  const proxy = await echo();
  const client = await dial(proxy);
  proxy.set({ dropRatio: 1 });
  client.socket.write('x');
  expect(await milliseconds(client.has(1))).toBeGreaterThanOrEqual(390);
});

test('bandwidth is shared by all connections of a way', async () => {
  const proxy = await echo();
  const clients = await Promise.all([dial(proxy), dial(proxy)]);
  proxy.set({ bitsPerSecond: 1_600_000 });
  for (const client of clients) client.socket.write(Buffer.alloc(20_000));
  // 40,000 bytes at 200,000 a second are 200 ms, and half of that passed at once would be 100.
  expect(await milliseconds(Promise.all(clients.map((client) => client.has(20_000))))).toBeGreaterThan(150);
});

test('a cut by reset and a cut by FIN reach both ends', async () => {
  const ends: string[] = [];
  const server = await listen((socket) => {
    socket.once('end', () => ends.push('fin'));
    socket.on('error', () => ends.push('rst'));
    socket.on('data', (bytes) => socket.write(bytes));
  });
  const proxy = await proxyTo(server);
  const first = await dial(proxy);
  first.socket.write('x');
  await first.has(1);
  proxy.cut('rst');
  expect(await first.ended).toBe('rst');
  const second = await dial(proxy);
  second.socket.write('x');
  await second.has(1);
  proxy.cut('fin');
  expect(await second.ended).toBe('fin');
  await expect.poll(() => ends).toEqual(['rst', 'fin']);
});

test('truncation ends the stream in the middle of a chunk', async () => {
  const proxy = await echo();
  const client = await dial(proxy);
  client.socket.write('x');
  await client.has(1);
  proxy.damage('truncate', 'down');
  client.socket.write('0123456789');
  expect(await client.ended).toBe('fin');
  expect(client.received().toString()).toBe('x01234');
});

test('corruption flips one bit, duplication repeats a chunk, once each', async () => {
  const proxy = await echo();
  const client = await dial(proxy);
  client.socket.write('x');
  await client.has(1);
  proxy.damage('corrupt', 'up');
  client.socket.write('0000');
  await client.has(5);
  proxy.damage('duplicate', 'down');
  client.socket.write('1111');
  await client.has(13);
  client.socket.write('2222');
  await client.has(17);
  expect(client.received().toString()).toBe('x0010111111112222');
});

test('a stall holds everything and loses nothing', async () => {
  const proxy = await echo();
  const client = await dial(proxy);
  proxy.set({ isStalled: true });
  client.socket.end('held');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(client.received().length).toBe(0);
  expect(proxy.stats().open).toBe(1);
  proxy.heal();
  expect(await client.ended).toBe('fin');
  expect(client.received().toString()).toBe('held');
});

test('a black hole accepts and swallows; when it lifts, what lost bytes is reset and the rest lives', async () => {
  const proxy = await echo();
  const [silent, speaking] = await Promise.all([dial(proxy), dial(proxy)]);
  for (const client of [silent, speaking]) {
    client.socket.write('x');
    await client.has(1);
  }
  proxy.set({ isBlackHole: true });
  speaking.socket.write('lost');
  const newcomer = await dial(proxy);
  newcomer.socket.write('hello');
  await expect.poll(() => proxy.stats().swallowedBytes).toBe(9);
  expect(proxy.stats().open).toBe(3);
  proxy.heal();
  expect(await Promise.all([speaking.ended, newcomer.ended])).toEqual(['rst', 'rst']);
  silent.socket.write('y');
  await silent.has(2);
});

test('a refusing proxy resets newcomers and keeps whom it has', async () => {
  const proxy = await echo();
  const client = await dial(proxy);
  client.socket.write('x');
  await client.has(1);
  proxy.set({ isRefusing: true });
  const refused = connect({ port: proxy.port, host: '127.0.0.1' });
  await expect(once(refused, 'end')).rejects.toThrow(/ECONNRESET/);
  client.socket.write('y');
  await client.has(2);
});

test('a target that is not there is a reset for the client', async () => {
  const server = await listen(() => undefined);
  const proxy = await proxyTo(server);
  await new Promise((resolve) => server.close(resolve));
  expect(await (await dial(proxy)).ended).toBe('rst');
});

test('stop ends all connections and the listener', async () => {
  const proxy = await echo();
  const client = await dial(proxy);
  client.socket.write('x');
  await client.has(1);
  await proxy.stop();
  expect(await client.ended).toBe('rst');
  await expect.poll(() => proxy.stats().open).toBe(0);
  await expect(once(connect(proxy.port, '127.0.0.1'), 'connect')).rejects.toThrow(/ECONNREFUSED/);
});
