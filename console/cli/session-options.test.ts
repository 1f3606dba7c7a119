// Every verb that opens a session says the same words for how long, why and by which keys.
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { type SessionOptions, termsOf, withIdleOption, withSessionOptions } from './session-options.ts';

const parsed = (words: readonly string[]) => {
  const command = withSessionOptions(withIdleOption(new Command()), 60).exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  return command.parse(words, { from: 'user' }).opts<SessionOptions & { idle: number }>();
};

test('what is said becomes the terms of the order, what is not said its defaults', () => {
  expect(termsOf(parsed([]))).toEqual({ timeoutMs: 3_600_000, reason: '' });
  const said = ['--time', '5', '--reason', 'ticket', '--key', 'k', '--relay-key', 'r', '--owner', 'o', '--idle', '30'];
  expect(parsed(said).idle).toBe(30);
  const terms = { timeoutMs: 300_000, reason: 'ticket', keyFile: 'k', relayKey: 'r', owner: 'o' };
  expect(termsOf(parsed(said))).toEqual(terms);
});

test.each([
  ['--time', '0'],
  ['--time', '1441'],
  ['--idle', '9'],
  ['--idle', '3601'],
])('%s %s is beyond its bounds', (option, value) => {
  expect(() => parsed([option, value])).toThrow();
});
