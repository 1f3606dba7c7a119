// Proves that the command line's own check of the trail believes no console: rows are followed here, relays by the keys they had.
import { expect, test } from 'vitest';
import { RelayId } from '#shared/base/id.ts';
import type { AuditVerdict } from '#shared/contract/audit-contract.ts';
import { type AuditLink, CHAIN_ROOT, linkHash } from '#shared/crypto/audit-chain.ts';
import { newRelayKey, proveKey, spkiKeyId, spkiOf, statementText } from '#shared/crypto/identity-key.ts';
import { toBase64url } from '#shared/seal/base64url.ts';
import { SAMPLE_RELAY } from '#test/fixtures/sample-trust.ts';
import { followExport, newNonce, provenClaims } from './audit-check.ts';

const AUDIT_KEY = 'A'.repeat(43);
const NO_PINS = { auditKey: '', relays: {} };

function chain(count: number): AuditLink[] {
  let prev = CHAIN_ROOT;
  return Array.from({ length: count }, (_, i) => {
    const content = {
      ...{ v: 2, seq: i + 1, at: i, actor: 'a', verb: 'v', resource: 'r', outcome: 'ok' },
      ...{ address: null, site: null, detail: '{}' },
    };
    const row = { ...content, prev, hash: linkHash(content, prev) };
    prev = row.hash;
    return row;
  });
}

async function* each(rows: readonly AuditLink[]) {
  yield* rows;
}

function verdictOf(pem: string, nonce: string, change: { relay?: RelayId; key?: string } = {}): AuditVerdict {
  const point = { seq: 3, hash: 'ab'.repeat(32) };
  const statement = {
    purpose: 'held-audit' as const,
    relay: change.relay ?? SAMPLE_RELAY,
    nonce,
    console: '0190a000-0000-7000-8009-000000000001',
    key: change.key ?? AUDIT_KEY,
    newest: { ...point, at: 1 },
    count: 1,
    checkpoints: [point],
  };
  const spki = spkiOf(pem);
  const proof = {
    spki: toBase64url(spki),
    signature: toBase64url(proveKey(statement, pem)),
    statement: statementText(statement, spki),
  };
  const witness = {
    ...{ relayId: SAMPLE_RELAY, relayName: 'fra-1', siteName: 'Main', state: 'agrees' as const, isLive: true },
    ...{ seq: 3, hash: point.hash, at: 1, held: 1, keyId: spkiKeyId(spki), text: '', proof },
  };
  const checkpoints = { count: 1, newestSeq: 3, newestAt: 1 };
  return { ok: true, rows: 3, firstBadSeq: null, faults: [], keyId: AUDIT_KEY, checkpoints, witnesses: [witness] };
}

test('an answer counts that the relay signed for this question; its key is remembered', () => {
  const [pem, nonce] = [newRelayKey(), newNonce()];
  const first = provenClaims(verdictOf(pem, nonce), nonce, NO_PINS);
  expect(first).toMatchObject({ faults: [], proven: 1, claims: [{ seq: 3, by: 'fra-1' }] });
  expect(first.pins.relays).toEqual({ [SAMPLE_RELAY]: spkiKeyId(spkiOf(pem)) });
  expect(provenClaims(verdictOf(pem, nonce), nonce, first.pins)).toMatchObject({ faults: [], pinned: [] });
});

test('a console that makes up a relay, keeps an old answer or changes its key is found', () => {
  const [pem, nonce] = [newRelayKey(), newNonce()];
  const { pins } = provenClaims(verdictOf(pem, nonce), nonce, NO_PINS);
  const faultsOf = (verdict: AuditVerdict, asked = nonce) => provenClaims(verdict, asked, pins).faults.join();
  expect(faultsOf(verdictOf(newRelayKey(), nonce))).toContain('and had');
  expect(faultsOf(verdictOf(pem, nonce), newNonce())).toContain('another question');
  const other = RelayId.parse('0190a000-0000-7000-8002-000000000009');
  expect(faultsOf(verdictOf(pem, nonce, { relay: other }))).toContain('another relay');
  expect(faultsOf(verdictOf(pem, nonce, { key: 'B'.repeat(43) }))).toContain('pinned audit key');
  expect(faultsOf({ ...verdictOf(pem, nonce), keyId: 'C'.repeat(43) })).toContain('the audit key is');
});

test('the whole chain is followed here, and held against what relays have seen', async () => {
  const rows = chain(5);
  const seen = (seq: number, hash: string) => ({ seq, hash, by: 'fra-1' });
  expect(await followExport(each(rows), [seen(5, rows[4]?.hash ?? '')])).toEqual({
    rows: 5,
    firstBadSeq: null,
    faults: [],
  });
  expect(await followExport(each(rows), [seen(3, 'ab'.repeat(32))])).toMatchObject({ firstBadSeq: 3 });
  expect(await followExport(each(rows), [seen(8, 'ab'.repeat(32))])).toMatchObject({ firstBadSeq: 6 });
  const edited = rows.map((row) => (row.seq === 2 ? { ...row, outcome: 'denied' } : row));
  expect(await followExport(each(edited), [])).toMatchObject({ firstBadSeq: 2, rows: 1 });
});
