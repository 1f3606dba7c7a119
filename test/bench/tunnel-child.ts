// Both ends of every tunnel of `bench tunnel`, in a process of its own: a server that sends or takes, and a client that times it.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { TunnelNews, TunnelTask } from './tunnel-peer-message.ts';

const PATTERN = randomBytes(1_048_576);
/** A letter for the way, and how many bytes. */
const HEAD_BYTES = 5;

async function send(socket: Socket, bytes: number, over: { signal?: AbortSignal } = {}): Promise<void> {
  for (let at = 0; at < bytes; at += PATTERN.length)
    if (!socket.write(PATTERN.subarray(0, Math.min(PATTERN.length, bytes - at)))) await once(socket, 'drain', over);
}

/** Whether `piece` is what stands at this offset of the pattern, repeated. */
function isPattern(piece: Buffer, offset: number): boolean {
  for (let at = 0; at < piece.length; ) {
    const from = (offset + at) % PATTERN.length;
    const length = Math.min(piece.length - at, PATTERN.length - from);
    if (piece.compare(PATTERN, from, from + length, at, at + length) !== 0) return false;
    at += length;
  }
  return true;
}

/** Resolves once so many bytes came, or fewer and an end; says whether they are those that were sent. */
function take(socket: Socket, bytes: number, first: Buffer = Buffer.alloc(0)): Promise<boolean> {
  return new Promise((resolve) => {
    let got = 0;
    let isWhole = true;
    const hear = (piece: Buffer) => {
      isWhole &&= isPattern(piece, got);
      got += piece.length;
      if (got >= bytes) resolve(isWhole && got === bytes);
    };
    hear(first);
    socket.on('data', hear);
    socket.once('close', () => resolve(isWhole && got === bytes));
  });
}

async function serve(socket: Socket): Promise<void> {
  socket.on('error', () => undefined); // its client tells
  const [head] = (await once(socket, 'data')) as [Buffer]; // no encoding is set: bytes
  const bytes = head.readUInt32BE(1);
  if (head[0] === 0x64) await send(socket, bytes);
  else if (await take(socket, bytes, head.subarray(HEAD_BYTES))) socket.write('.');
}

async function carry({ port, way, bytes }: TunnelTask): Promise<TunnelNews> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const over = new AbortController();
  socket.on('error', () => undefined); // 'close' follows
  socket.once('close', () => over.abort());
  await once(socket, 'connect', over);
  const head = Buffer.alloc(HEAD_BYTES);
  head.write(way === 'down' ? 'd' : 'u');
  head.writeUInt32BE(bytes, 1);
  const began = performance.now();
  socket.write(head);
  let isWhole: boolean;
  if (way === 'down') isWhole = await take(socket, bytes);
  else {
    const answer = once(socket, 'data', over);
    await Promise.all([answer, send(socket, bytes, over)]);
    isWhole = String((await answer)[0]) === '.';
  }
  const ms = performance.now() - began;
  socket.destroy();
  return { ms, isWhole };
}

const tell = (news: TunnelNews) => void process.send?.(news);

const server = createServer({ noDelay: true }, (socket) => void serve(socket).catch(() => socket.destroy()));
server.listen(0, '127.0.0.1', () => {
  const bound = server.address();
  tell({ port: bound === null || typeof bound === 'string' ? 0 : bound.port });
});
process.on('message', (task: TunnelTask) => {
  carry(task).then(tell, () => tell({ ms: 0, isWhole: false }));
});
process.on('disconnect', () => server.close());
