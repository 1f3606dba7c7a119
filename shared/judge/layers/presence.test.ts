// Proves which machines are missed when they are silent.
import { expect, test } from 'vitest';
import { shippedPresence } from './presence.ts';

test('what people switch off is away, what nobody knows is missed', () => {
  expect((['laptop', 'workstation', 'mobile'] as const).map(shippedPresence)).toEqual(Array(3).fill('when-used'));
  expect((['server', 'vm', 'network', 'unknown'] as const).map(shippedPresence)).toEqual(Array(4).fill('always-on'));
});
