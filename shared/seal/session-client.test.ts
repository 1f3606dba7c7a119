// The client's end: what it sends waits for the relay's hello and for credit, and what is not of the relay ends it.
import { expect, test } from 'vitest';
import { ManifestId, newId } from '#shared/base/id.ts';
import { MIN_STREAM_COST, STREAM_WINDOW } from '#shared/protocol/stream.ts';
import { attachRelay, newSessionKey } from './session-channel.ts';
import { CLIENT_WINDOW, MIN_CLIENT_COST, SessionClient } from './session-client.ts';
import { generateOpeningKey } from './vault-box.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

async function rig() {
  const session = ManifestId.parse(newId(1));
  const own = await newSessionKey();
  const { key } = await generateOpeningKey();
  const relay = await attachRelay({ session, client: own.publicKey, own: key });
  const sent: Array<Uint8Array | string> = [];
  const got: string[] = [];
  const faults: unknown[] = [];
  const client = new SessionClient({
    ...{ session, own, relay: key.publicKey, begin: bytes('begin') },
    socket: { send: (data) => sent.push(data), close: () => sent.push('closed') },
    onMessage: (plain) => void got.push(new TextDecoder().decode(plain)),
    onFault: (error) => faults.push(error),
  });
  return { client, relay, sent, got, faults };
}

test('its numbers are those of the wire', () => {
  expect([CLIENT_WINDOW, MIN_CLIENT_COST]).toEqual([STREAM_WINDOW, MIN_STREAM_COST]);
});

test('what is typed before the hello goes behind the first message', async () => {
  const { client, relay, sent } = await rig();
  const typed = client.send(bytes('typed'));
  client.received(relay.hello);
  await typed;
  const opened = await Promise.all(sent.map((one) => relay.channel.open(one as Uint8Array))); // no text was sent
  expect(opened.map((one) => new TextDecoder().decode(one))).toEqual(['begin', 'typed']);
});

test('it stops at the end of its credit, and goes on with more', async () => {
  const { client, relay, sent } = await rig();
  client.received(relay.hello);
  const all = Promise.all(Array.from({ length: 10 }, () => client.send(new Uint8Array(32_000))));
  // 256 bytes for the first and 32,016 for each of eight: another one is beyond the window.
  await expect.poll(() => sent.length).toBe(9);
  client.receivedText(JSON.stringify({ credit: 200_000 }));
  await all;
  expect(sent).toHaveLength(11);
});

test('it gives back what it took, a quarter of the window at a time', async () => {
  const { client, relay, sent, got } = await rig();
  client.received(relay.hello);
  for (let count = 0; count < 3; count += 1) client.received(await relay.channel.seal(new Uint8Array(32_000)));
  await expect.poll(() => got.length).toBe(3);
  await expect.poll(() => sent.length).toBe(2);
  const credits = sent.filter((one) => typeof one === 'string');
  expect(credits.map((one) => JSON.parse(one).credit)).toEqual([MIN_CLIENT_COST + 2 * 32_016 + 32_016]);
});

test.each([
  ['bytes that the relay did not seal', (client: SessionClient) => client.received(new Uint8Array(60))],
  ['text that is no credit', (client: SessionClient) => client.receivedText('{"type":"rm -rf /"}')],
])('%s end it', async (_what, spoil) => {
  const { client, relay, sent, got, faults } = await rig();
  client.received(relay.hello);
  spoil(client);
  client.received(await relay.channel.seal(bytes('late')));
  await client.closed();
  expect([sent.at(-1), got, faults]).toEqual(['closed', [], [expect.any(Error)]]);
});
