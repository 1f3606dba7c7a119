// A page shows what a pattern holds, and nothing beside it.
import { expect, test } from 'vitest';
import { isVerbHeld } from './verb-pattern.ts';

test.each([
  [['device.read'], 'device.read', true],
  [['device.read'], 'device.write', false],
  [['device.*'], 'device.remove', true],
  [['device.*'], 'devices.remove', false],
  [['*'], 'person.write', true],
  [['site.read', 'device.*'], 'site.write', false],
  [[], 'device.read', false],
])('%j and %s: %s', (patterns, verb, isHeld) => expect(isVerbHeld(patterns, verb)).toBe(isHeld));
