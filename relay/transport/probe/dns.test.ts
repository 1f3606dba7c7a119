// Names by a resolver that answers, lies, is silent or is not there.
import { expect, test } from 'vitest';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { resolveAddress, reverseName } from './dns.ts';

const never = new AbortController().signal;
const answering = (...addresses: string[]) => ({
  clock: new FakeClock(),
  signal: never,
  lookup: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
});
const naming = (name: string) => ({ clock: new FakeClock(), signal: never, reverse: async () => name });

test('an address is no name and is not looked up', async () => {
  const asked = { ...answering(), lookup: () => Promise.reject(new Error('asked')) };
  expect(await resolveAddress('192.0.2.7', asked)).toEqual({ lookup: 'literal', addresses: ['192.0.2.7'] });
  expect(await resolveAddress('2001:db8::7', asked)).toEqual({ lookup: 'literal', addresses: ['2001:db8::7'] });
});

test('each address of a name once, in the order of the resolver, sixteen at most', async () => {
  const found = await resolveAddress('a.example', answering('2001:db8::7', '192.0.2.7', '2001:db8::7'));
  expect(found).toEqual({ lookup: 'found', addresses: ['2001:db8::7', '192.0.2.7'] });
  const many = await resolveAddress('a.example', answering(...Array.from({ length: 40 }, (_, i) => `192.0.2.${i}`)));
  expect(many.addresses).toHaveLength(16);
});

test('no name, no resolver and no answer in time are told apart from each other as far as one can', async () => {
  const failing = { ...answering(), lookup: () => Promise.reject(new Error('ENOTFOUND')) };
  expect(await resolveAddress('no.example', failing)).toEqual({ lookup: 'not-found', addresses: [] });
  const clock = new FakeClock();
  const silent = resolveAddress('slow.example', { clock, signal: never, lookup: () => new Promise(() => undefined) });
  await clock.advance(2_000);
  expect(await silent).toEqual({ lookup: 'timed-out', addresses: [] });
});

test('a reverse name that is none is left out', async () => {
  expect(await reverseName('192.0.2.7', naming('fra-web-1.example'))).toBe('fra-web-1.example');
  expect(await reverseName('192.0.2.7', naming('192.0.2.7'))).toBeUndefined();
  expect(await reverseName('192.0.2.7', naming('<img src=x onerror=alert(1)>'))).toBeUndefined();
  expect(await reverseName('192.0.2.7', naming('a'.repeat(254)))).toBeUndefined();
  expect(await reverseName('192.0.2.7', naming('late'))).toBe('late');
});
