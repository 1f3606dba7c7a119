// Proves who is offered checkpoints, that a counter-signature counts for the offer it answers alone, and that no answer is another's.
import { expect, test } from 'vitest';
import { newRelayKey, proveKey, spkiKeyId, spkiOf, statementText } from '#shared/crypto/identity-key.ts';
import type { CheckpointMessage } from '#shared/protocol/witness.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { signCheckpoint } from '#shared/seal/checkpoint-seal.ts';
import { FakeClock, settle } from '#test/fixtures/fake-clock.ts';
import { keyOfWord } from '#test/fixtures/sample-trust.ts';
import { relayNo, siteNo } from '#test/fixtures/stream-kit.ts';
import type { LinkIncident, Peer } from './link-desk.ts';
import { WitnessDesk, type WitnessDeskDeps } from './witness-desk.ts';

const CONSOLE = '0190a000-0000-7000-8009-000000000001';
const HASH = 'ab'.repeat(32);
const NONCE = new Uint8Array(32).fill(1);

async function house(proto = 6) {
  const clock = new FakeClock();
  const pem = newRelayKey();
  const spki = new Uint8Array(spkiOf(pem));
  const peer: Peer = { relay: relayNo(1), site: siteNo(1), keyId: spkiKeyId(spki), address: undefined };
  const sent: CheckpointMessage[] = [];
  const link = { peer, stats: { proto }, send: (_type: string, body: CheckpointMessage) => sent.push(body) > 0 };
  const signed: unknown[] = [];
  const incidents: LinkIncident[] = [];
  const key = await keyOfWord('audit');
  const offer = {
    signed: await signCheckpoint({ v: 1, console: CONSOLE, seq: 7, hash: HASH, at: 3 }, key),
    marks: new Uint8Array(0),
  };
  const registry = {
    get: (relay: string) => (relay === peer.relay ? link : undefined),
    relays: () => [peer.relay],
  } as unknown as WitnessDeskDeps['registry']; // of a link the desk sees its peer, its protocol and send
  const desk = new WitnessDesk({
    ...{ clock, registry, log: silentLogger },
    newest: async () => offer,
    onCounterSigned: (one) => void signed.push(one),
    onIncident: (_peer, incident) => void incidents.push(incident),
  });
  const statement = {
    purpose: 'countersign-audit' as const,
    console: CONSOLE,
    key: key.publicKey.id,
    hash: HASH,
    at: 3,
  };
  const counterSign = (seq = 7, by = pem) => new Uint8Array(proveKey({ ...statement, relay: peer.relay, seq }, by));
  const taken = (signature: Uint8Array, change = {}) =>
    desk.take(peer, { kind: 'taken', seq: 7, hash: HASH, spki, signature, ...change });
  return { clock, desk, peer, pem, spki, sent, signed, incidents, offer, counterSign, taken };
}

test('a relay that links is offered the newest checkpoint, and each new one after', async () => {
  const { desk, peer, sent, offer } = await house();
  desk.welcome(peer.relay);
  await settle();
  desk.publish(offer);
  expect(sent).toMatchObject([{ kind: 'offer' }, { kind: 'offer' }]);
});

test('a relay of protocol 5 is offered nothing and asked nothing', async () => {
  const { desk, peer, sent, offer } = await house(5);
  desk.welcome(peer.relay);
  await settle();
  desk.publish(offer);
  await expect(desk.held(peer.relay, NONCE, 0, 9)).rejects.toMatchObject({ code: 'unavailable' });
  expect(desk.isLinked(peer.relay)).toBe(false);
  expect(sent).toEqual([]);
});

test('a counter-signature counts once, for the offer that it answers', async () => {
  const { desk, offer, signed, incidents, counterSign, taken } = await house();
  taken(counterSign());
  expect(signed).toEqual([]);
  desk.publish(offer);
  taken(counterSign(8), { seq: 8 });
  expect(signed).toEqual([]);
  taken(counterSign());
  taken(counterSign());
  expect(signed).toMatchObject([{ seq: 7, hash: HASH }]);
  expect(incidents).toEqual([]);
});

test('one by another key, or over something else, is an incident and is not kept', async () => {
  const { desk, offer, signed, incidents, counterSign, taken } = await house();
  desk.publish(offer);
  taken(counterSign(6));
  desk.publish(offer);
  const other = newRelayKey();
  taken(counterSign(7, other), { spki: new Uint8Array(spkiOf(other)) });
  expect(signed).toEqual([]);
  expect(incidents).toMatchObject([{ code: 'signature-invalid' }, { code: 'signature-invalid' }]);
});

test('a refusal is a critical incident', async () => {
  const { desk, peer, incidents } = await house();
  desk.take(peer, { kind: 'refused', seq: 7, code: 'audit-regression', message: 'goes back\u202e' });
  expect(incidents).toMatchObject([{ code: 'audit-regression', severity: 'critical' }]);
  expect(incidents[0]?.detail).not.toMatch(/\u202e/);
});

test('what a relay holds counts under its own key and for this question; silence has an end', async () => {
  const { desk, peer, pem, spki, sent, clock } = await house();
  const answer = (nonce: Uint8Array, relay = peer.relay, by = pem) => {
    const question = sent.at(-1);
    if (question?.kind !== 'ask') throw new Error('not asked');
    const said = {
      ...{ purpose: 'held-audit' as const, relay, nonce: Buffer.from(nonce).toString('base64url') },
      ...{ console: null, key: null, newest: null, count: 0, checkpoints: [] },
    };
    const own = new Uint8Array(spkiOf(by));
    const statement = statementText(said, own);
    desk.take(peer, {
      kind: 'held',
      question: question.question,
      statement,
      spki: own,
      signature: new Uint8Array(proveKey(said, by)),
    });
  };
  const good = desk.held(peer.relay, NONCE, 0, 9);
  answer(NONCE);
  expect(await good).toMatchObject({ statement: { count: 0 }, spki });
  const old = desk.held(peer.relay, NONCE, 0, 9);
  answer(new Uint8Array(32).fill(2));
  await expect(old).rejects.toMatchObject({ code: 'signature-invalid' });
  const foreign = desk.held(peer.relay, NONCE, 0, 9);
  answer(NONCE, peer.relay, newRelayKey());
  await expect(foreign).rejects.toMatchObject({ code: 'signature-invalid' });
  const silent = expect(desk.held(peer.relay, NONCE, 0, 9)).rejects.toMatchObject({ code: 'timed-out' });
  await clock.advance(9_000);
  await silent;
  const gone = expect(desk.held(peer.relay, NONCE, 0, 9)).rejects.toMatchObject({ code: 'unavailable' });
  desk.forget(peer.relay);
  await gone;
  expect(clock.sleeping).toBe(0);
});
