// What is signed names a key of its own each time, one device, and no more time than the charter gives.
import { expect, test } from 'vitest';
import { RelayId } from '#shared/base/id.ts';
import { SAMPLE_SITE, SAMPLE_TIME, sampleCharter, sampleDevice } from '#test/fixtures/sample-trust.ts';
import { draftSession, type SessionAsk } from './session-draft.ts';

const ask: SessionAsk = {
  target: {
    ...{ id: sampleDevice(1), name: 'web-1', siteId: SAMPLE_SITE, identity: { macs: [] } },
    relayId: RelayId.parse('0190a000-0000-7000-8002-000000000001'),
  },
  wish: { kind: 'terminal', cols: 80, rows: 24, idleMs: 60_000, maxBytes: 1_000_000 },
  ...{ timeoutMs: 3_600_000, reason: 'ticket 4711' },
};

test('a session is one order for one device, under a key that the page has just made', async () => {
  const charter = sampleCharter([], []);
  const [one, other] = [await draftSession(ask, charter, SAMPLE_TIME), await draftSession(ask, charter, SAMPLE_TIME)];
  expect(one.manifest).toMatchObject({
    targets: [{ device: ask.target.id }],
    action: { name: 'session.open', arguments: { ...ask.wish, key: one.own.publicKey } },
    reason: 'ticket 4711',
  });
  expect(one.batch.parts[0]?.manifest).toContain(one.own.publicKey);
  expect(one.own.publicKey).not.toBe(other.own.publicKey);
  await expect(crypto.subtle.exportKey('pkcs8', one.own.privateKey)).rejects.toThrow();
});

test('it asks for no longer than the charter lets an order run', async () => {
  const charter = sampleCharter([], []);
  const short = { ...charter, caps: { ...charter.caps, maxTimeoutMs: 60_000 } };
  expect((await draftSession(ask, short, SAMPLE_TIME)).manifest.caps.timeoutMs).toBe(60_000);
});
