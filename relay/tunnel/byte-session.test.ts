// Clients of one session come and go; each is served over a stream of its own, and what is opened is let go once.
import { expect, test } from 'vitest';
import type { ByteStream } from '#shared/remote/byte-stream.ts';
import { MAX_PLAIN_BYTES } from '#shared/seal/session-channel.ts';
import { ByteSession } from './byte-session.ts';
import type { SessionPeer } from './session-end.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

class Peer implements SessionPeer {
  isGone = false;
  readonly sent: Uint8Array[] = [];
  async send(plain: Uint8Array): Promise<void> {
    // Turns of the loop, so that writers could overtake each other.
    await Promise.resolve();
    this.sent.push(plain);
  }
}

async function echo(stream: ByteStream): Promise<boolean> {
  for await (const bytes of stream.incoming) {
    if (text(bytes) === 'leave') return true;
    if (text(bytes) === 'break') throw new Error('no such word');
    await stream.write(bytes);
  }
  return false;
}

function session() {
  let released = 0;
  const end = new ByteSession({ serve: echo, release: () => (released += 1), summary: () => 'words' });
  return { end, released: () => released };
}

test('each client is served anew, and the last one who leaves ends the session', async () => {
  const { end, released } = session();
  const [one, two] = [new Peer(), new Peer()];
  await end.attached(one, Buffer.from('a'));
  await end.received(Buffer.from('b'));
  end.detached();
  await end.received(Buffer.from('lost'));
  await end.attached(two, new Uint8Array());
  await end.received(Buffer.from('c'));
  expect([one.sent.map(text), two.sent.map(text)]).toEqual([['a', 'b'], ['c']]);
  expect(released()).toBe(0);
  await end.received(Buffer.from('leave'));
  expect(await end.over).toEqual({ detail: 'left; words' });
  expect(released()).toBe(1);
});

test('what a client says wrongly ends the session as a failure', async () => {
  const { end } = session();
  await end.attached(new Peer(), Buffer.from('break'));
  expect(await end.over).toEqual({ detail: 'it broke: no such word; words', isFailure: true });
});

test('closed from outside, it says why and lets go', async () => {
  const { end, released } = session();
  await end.attached(new Peer(), Buffer.from('a'));
  await end.close('its time is over');
  expect(await end.over).toEqual({ detail: 'its time is over; words' });
  expect(released()).toBe(1);
});

test('large messages go in pieces that never mix', async () => {
  const peer = new Peer();
  let stream: ByteStream | undefined;
  const serve = async (given: ByteStream) => {
    stream = given;
    for await (const _ of given.incoming) return false;
    return false;
  };
  const end = new ByteSession({ serve, release: () => undefined, summary: () => '' });
  await end.attached(peer, new Uint8Array());
  const [a, b] = [1, 2].map((fill) => new Uint8Array(2 * MAX_PLAIN_BYTES + 5).fill(fill));
  if (a === undefined || b === undefined || stream === undefined) throw new Error('not served');
  await Promise.all([stream.write(a), stream.write(b)]);
  expect(peer.sent.map(({ length }) => length)).toEqual([
    MAX_PLAIN_BYTES,
    MAX_PLAIN_BYTES,
    5,
    MAX_PLAIN_BYTES,
    MAX_PLAIN_BYTES,
    5,
  ]);
  expect(Buffer.concat(peer.sent).equals(Buffer.concat([a, b]))).toBe(true);
  peer.isGone = true;
  await expect(stream.write(a)).rejects.toThrow('gone');
});
