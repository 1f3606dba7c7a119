// How an attachment ends is what its socket was told last, unless what answered was not the relay.
import { expect, test } from 'vitest';
import { ManifestId, newId } from '#shared/base/id.ts';
import { attachOver, finalEnd, type SocketEnd } from './attached-session.ts';
import { attachRelay, newSessionKey } from './session-channel.ts';
import { generateOpeningKey } from './vault-box.ts';

async function rig() {
  const id = ManifestId.parse(newId(1));
  const own = await newSessionKey();
  const { key } = await generateOpeningKey();
  const relay = await attachRelay({ session: id, client: own.publicKey, own: key });
  const got: number[] = [];
  const options = { begin: new Uint8Array(), onMessage: (plain: Uint8Array) => void got.push(plain.length) };
  const socket = { send: () => undefined, close: () => undefined };
  return { relay, got, ...attachOver({ id, own, relay: key.publicKey }, options, socket) };
}

test('what came before the end of its socket is taken, and then its word is known', async () => {
  const { client, closed, attached, relay, got } = await rig();
  client.received(relay.hello);
  client.received(await relay.channel.seal(new Uint8Array(7)));
  closed('left');
  expect(await attached.ended).toBe('left');
  expect(got).toEqual([7]);
});

test('an answer that is not of the relay is the fault of the end', async () => {
  const { client, closed, attached, relay } = await rig();
  client.received(relay.hello);
  client.received(new Uint8Array(40));
  closed('');
  await expect(attached.ended).rejects.toThrow();
});

test.each<[SocketEnd, SocketEnd | undefined]>([
  ['revoked', 'revoked'],
  ['left', undefined],
  ['', undefined],
])('after "%s" a client comes back or not', (end, expected) => {
  expect(finalEnd(end)).toBe(expected);
});
