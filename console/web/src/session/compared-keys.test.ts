// What was compared once is remembered by relay, bounded, and nothing that somebody else wrote there is believed.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { comparedKey, rememberCompared } from './compared-keys.ts';

const kept = new Map<string, string>();

beforeEach(() => {
  kept.clear();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  });
});
afterEach(() => vi.unstubAllGlobals());

test('each relay has its own, and a newer one takes the place of the former', () => {
  rememberCompared('fra', 'one');
  rememberCompared('muc', 'two');
  rememberCompared('fra', 'three');
  expect([comparedKey('fra'), comparedKey('muc'), comparedKey('ber')]).toEqual(['three', 'two', '']);
});

test('no more than five hundred are kept: the oldest goes', () => {
  for (let n = 0; n <= 500; n += 1) rememberCompared(`relay-${n}`, 'key');
  expect([comparedKey('relay-0'), comparedKey('relay-1'), comparedKey('relay-500')]).toEqual(['', 'key', 'key']);
});

test.each(['{}', 'not json', '[["fra"]]', '[["fra",7]]'])('%s is no memory of ours', (text) => {
  kept.set('rmm-compared-keys', text);
  expect(comparedKey('fra')).toBe('');
});
