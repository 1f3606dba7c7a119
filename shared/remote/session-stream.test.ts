// Bytes of an attached session: pieces keep their order, who reads holds back who sends, and the end says whether to come back.
import { expect, test } from 'vitest';
import type { AttachOptions, SocketEnd } from '#shared/seal/attached-session.ts';
import { MAX_PLAIN_BYTES } from '#shared/seal/session-channel.ts';
import { SessionStream } from './session-stream.ts';

async function rig() {
  const sent: Uint8Array[] = [];
  let options: AttachOptions | undefined;
  let end: (end: SocketEnd) => void = () => undefined;
  const ended = new Promise<SocketEnd>((resolve) => {
    end = resolve;
  });
  const stream = await SessionStream.attach(async (given) => {
    options = given;
    return { send: async (plain) => void sent.push(plain), close: () => end(''), ended };
  });
  return { stream, sent, end, arrives: (plain: Uint8Array) => options?.onMessage(plain) };
}

test('a large write goes in pieces that a message holds', async () => {
  const { stream, sent } = await rig();
  await stream.write(new Uint8Array(MAX_PLAIN_BYTES * 2 + 1));
  expect(sent.map(({ length }) => length)).toEqual([MAX_PLAIN_BYTES, MAX_PLAIN_BYTES, 1]);
});

test('what arrives is taken back only once somebody has read it', async () => {
  const { stream, arrives } = await rig();
  let isTaken = false;
  void Promise.resolve(arrives(Uint8Array.of(1))).then(() => {
    isTaken = true;
  });
  const reader = stream.incoming[Symbol.asyncIterator]();
  expect((await reader.next()).value).toEqual(Uint8Array.of(1));
  expect(isTaken).toBe(false);
  void reader.next();
  await expect.poll(() => isTaken).toBe(true);
});

test.each<[SocketEnd, string | undefined]>([
  ['', undefined],
  ['revoked', 'revoked'],
])('after "%s" the reader is told and nothing is sent any more', async (word, why) => {
  const { stream, end } = await rig();
  const reading = stream.incoming[Symbol.asyncIterator]().next();
  end(word);
  expect(await stream.ended).toBe(why);
  await expect(reading).rejects.toThrow(why ?? 'cut');
  await expect(stream.write(Uint8Array.of(1))).rejects.toThrow('not attached');
});
