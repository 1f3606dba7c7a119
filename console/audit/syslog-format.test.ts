// Proves that whatever a row holds is one RFC 5424 message, from which a receiver reads what stood in the row.
import { expect, test } from 'vitest';
import type { AuditLink } from '#shared/crypto/audit-chain.ts';
import { parseMessage } from '#test/fixtures/syslog-sink.ts';
import { paramValue, rowMessage } from './syslog-format.ts';

const SENDER = { hostname: 'console.example', processId: 42 };
const row = (change: Partial<AuditLink> = {}): AuditLink => ({
  v: 2,
  seq: 7,
  at: Date.UTC(2026, 10, 23, 7),
  actor: 'person:1',
  verb: 'device.update',
  resource: 'device:2',
  outcome: 'ok',
  address: null,
  site: null,
  detail: '{"name.to":"b"}',
  prev: '0'.repeat(64),
  hash: 'ab'.repeat(32),
  ...change,
});

function received(one: AuditLink) {
  const framed = rowMessage(one, SENDER);
  const space = framed.indexOf(0x20);
  const body = framed.subarray(space + 1);
  expect(Number(framed.subarray(0, space).toString())).toBe(body.length);
  return {
    text: body.toString(),
    parsed: parseMessage(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)),
  };
}

test('a row is one message with its facts as structured data', () => {
  const { text, parsed } = received(row());
  expect(text).toBe(
    `<110>1 2026-11-23T07:00:00.000Z console.example rmm-console 42 device.update [audit@32473 seq="7" actor="person:1" ` +
      `verb="device.update" resource="device:2" outcome="ok" hash="${'ab'.repeat(32)}"] \ufeff{"name.to":"b"}`,
  );
  expect(parsed?.params).toMatchObject({ seq: '7', outcome: 'ok' });
});

test.each([
  ['ok', 110],
  ['denied', 108],
  ['refused', 108],
  ['failed', 107],
])('the severity says how it went: %s', (outcome, priority) => {
  expect(received(row({ outcome })).parsed?.priority).toBe(priority);
});

test.each(['"]', ']\\"', '\\', 'a"b]c\\d', '" injected="1', '] [other x="y'])(
  'a value that holds %j is read back as it was, and adds nothing',
  (actor) => {
    const { parsed } = received(row({ actor }));
    expect(parsed?.params['actor']).toBe(actor);
    expect(Object.keys(parsed?.params ?? {})).toEqual(['seq', 'actor', 'verb', 'resource', 'outcome', 'hash']);
  },
);

test('no control character, line end or mark of direction leaves as it is', () => {
  const hostile = 'a\n<110>1 - - - - - - forged\r\0\u0085\u2028\u202e\u{e0041}b';
  const { text, parsed } = received(row({ actor: hostile, verb: 'x\ny z', detail: JSON.stringify({ a: hostile }) }));
  expect(text.slice(0, text.indexOf('\ufeff'))).not.toMatch(/[^ -~]/);
  expect(text).not.toMatch(/\p{Cc}|[\u2028-\u202e]/u);
  expect(parsed?.id).toBe('xyz');
  // The text is JSON still, and means the same.
  expect(JSON.parse(parsed?.text ?? '')).toEqual({ a: hostile });
});

test('a message that is too long is cut between two characters', () => {
  const { parsed, text } = received(row({ detail: JSON.stringify({ a: 'ü'.repeat(40_000) }) }));
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(32_768);
  expect(parsed?.params['seq']).toBe('7');
});

test('what is plain stays as it is', () => {
  expect(paramValue('Zürich: 10.0.0.1')).toBe('Zürich: 10.0.0.1');
});
