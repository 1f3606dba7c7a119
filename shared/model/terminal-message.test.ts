// Every message of a terminal is read as it was written, and nothing else is.
import { expect, test } from 'vitest';
import {
  readBegin,
  readToClient,
  readToRelay,
  type ToClient,
  type ToRelay,
  writeBegin,
  writeToClient,
  writeToRelay,
} from './terminal-message.ts';

const bytes = Uint8Array.of(27, 91, 109);

test.each<ToRelay>([
  { type: 'input', bytes },
  { type: 'resize', size: { cols: 80, rows: 24 } },
])('a client says $type', (message) => {
  expect(readToRelay(writeToRelay(message))).toEqual(message);
});

test.each<ToClient>([
  { type: 'output', bytes },
  { type: 'from', from: 70_000, hasTty: true },
  { type: 'end', detail: 'the shell ended', exitCode: 3 },
])('a relay says $type', (message) => {
  expect(readToClient(writeToClient(message))).toEqual(message);
});

test('a client begins with what it has', () => {
  expect(readBegin(writeBegin({ have: 12, cols: 1, rows: 1 }))).toEqual({ have: 12, cols: 1, rows: 1 });
});

test.each([
  new Uint8Array(0),
  Uint8Array.of(9, 1),
  Uint8Array.of(1, 123),
  Uint8Array.of(1, ...new TextEncoder().encode('{"cols":0,"rows":1}')),
  Uint8Array.of(1, 0xff),
])('what is no message is refused', (message) => {
  expect(() => readToRelay(message)).toThrow(/terminal/);
  expect(() => readBegin(message)).toThrow(/terminal/);
});
