// What the carrier of a session can do to it: nothing but end it.
import { expect, test } from 'vitest';
import { ManifestId, newId } from '#shared/base/id.ts';
import { attachClient, attachRelay, MAX_PLAIN_BYTES, newSessionKey } from './session-channel.ts';
import { generateOpeningKey } from './vault-box.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (sealed: Uint8Array) => new TextDecoder().decode(sealed);

async function pair() {
  const session = ManifestId.parse(newId(1));
  const client = await newSessionKey();
  const { key: relay } = await generateOpeningKey();
  const attach = async () => {
    const { hello, channel } = await attachRelay({ session, client: client.publicKey, own: relay });
    return {
      relay: channel,
      client: await attachClient({ session, own: client, relay: relay.publicKey, hello }),
      hello,
    };
  };
  return { session, client, relay, attach };
}

test('what one end seals the other opens, in order, both ways', async () => {
  const { attach } = await pair();
  const { relay, client } = await attach();
  const up = await Promise.all(['a', 'b', 'c'].map((one) => client.seal(bytes(one))));
  expect((await Promise.all(up.map((one) => relay.open(one)))).map(text)).toEqual(['a', 'b', 'c']);
  expect(text(await client.open(await relay.seal(bytes('down'))))).toBe('down');
});

test.each([
  ['changed', (one: Uint8Array) => one.map((byte, at) => (at === 0 ? byte ^ 1 : byte))],
  ['cut', (one: Uint8Array) => one.subarray(0, one.length - 1)],
  ['made up', () => new Uint8Array(40)],
  ['empty', () => new Uint8Array(0)],
])('a message that was %s does not open', async (_what, spoil) => {
  const { relay, client } = await (await pair()).attach();
  await expect(relay.open(spoil(await client.seal(bytes('rm -rf /'))))).rejects.toMatchObject({
    code: 'signature-invalid',
  });
});

test('a message that comes twice, or out of its turn, does not open', async () => {
  const twice = await (await pair()).attach();
  const first = await twice.client.seal(bytes('once'));
  await twice.relay.open(first);
  await expect(twice.relay.open(first)).rejects.toMatchObject({ code: 'signature-invalid' });
  const moved = await (await pair()).attach();
  await moved.client.seal(bytes('first'));
  await expect(moved.relay.open(await moved.client.seal(bytes('second')))).rejects.toThrow();
});

test('after one that does not open nothing opens any more, even of those that were under way', async () => {
  const { relay, client } = await (await pair()).attach();
  const forged = relay.open(new Uint8Array(40));
  await client.seal(bytes('lost'));
  const good = relay.open(await client.seal(bytes('good')));
  await expect(forged).rejects.toThrow();
  await expect(good).rejects.toThrow();
});

test('what was recorded of one attachment does not open in the next, nor in the other direction', async () => {
  const { attach } = await pair();
  const former = await attach();
  const recorded = await former.client.seal(bytes('reboot'));
  await expect((await attach()).relay.open(recorded)).rejects.toThrow();
  await expect((await attach()).client.open(recorded)).rejects.toThrow();
});

test('whoever answers for the relay without its key opens nothing and seals nothing', async () => {
  const { session, client, relay } = await pair();
  const { key: thief } = await generateOpeningKey();
  const { hello } = await attachRelay({ session, client: client.publicKey, own: thief });
  await expect(attachClient({ session, own: client, relay: relay.publicKey, hello })).rejects.toThrow(/another key/);
  // Its name is public: to say it is not to hold its key.
  const own = { ...thief, publicKey: relay.publicKey };
  const posed = await attachRelay({ session, client: client.publicKey, own });
  const channel = await attachClient({ session, own: client, relay: relay.publicKey, hello: posed.hello });
  await expect(channel.open(await posed.channel.seal(bytes('welcome')))).rejects.toThrow();
  await expect(posed.channel.open(await channel.seal(bytes('secret')))).rejects.toThrow();
});

test('a hello that is none is refused, and so is a key of small order', async () => {
  const { session, client, relay, attach } = await pair();
  const { hello } = await attach();
  for (const bad of [new Uint8Array(0), bytes('{}'), hello.subarray(1), new Uint8Array(4_096)])
    await expect(attachClient({ session, own: client, relay: relay.publicKey, hello: bad })).rejects.toThrow();
  const zero = 'A'.repeat(43);
  await expect(attachRelay({ session, client: zero, own: relay })).rejects.toMatchObject({ code: 'signature-invalid' });
});

test('a message has a bound', async () => {
  const { relay } = await (await pair()).attach();
  await expect(relay.seal(new Uint8Array(MAX_PLAIN_BYTES + 1))).rejects.toMatchObject({ code: 'too-large' });
});
