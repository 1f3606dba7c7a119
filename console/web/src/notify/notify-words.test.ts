// Targets are called by names, minutes are typed as whole numbers.
import { expect, test } from 'vitest';
import type { Names } from './notify-words.ts';
import { afterText, minutesText, minutesTyped, targetsText } from './notify-words.ts';

test.each([
  ['', 0],
  [' 15 ', 900_000],
  ['1.5', undefined],
  ['-1', undefined],
  ['soon', undefined],
])('"%s" minutes are %s', (text, ms) => expect(minutesTyped(text)).toBe(ms));

test('minutes go back into their field as they came', () => {
  expect([minutesText(0), minutesText(900_000)]).toEqual(['', '15']);
  expect([afterText(0), afterText(900_000)]).toEqual(['at once', 'after 15 min']);
});

test('a target is a place of a channel, somebody, or whoever is on call', () => {
  // Only names are asked for.
  const names = {
    channels: [{ id: 'c', name: 'mail' }],
    contacts: [{ id: 'p', name: 'Ada' }],
    schedules: [{ id: 's', name: 'nights' }],
    escalations: [],
  } as unknown as Names;
  const targets = [
    { kind: 'channel', channel: 'c', to: 'ops@example.test' },
    { kind: 'channel', channel: 'c', to: '' },
    { kind: 'contact', contact: 'p' },
    { kind: 'on-call', schedule: 's' },
    { kind: 'contact', contact: 'x' },
  ] as never;
  expect(targetsText(targets, names)).toBe('mail (ops@example.test), mail, Ada, on call: nights, removed');
});
