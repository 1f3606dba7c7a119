// What `rmm device inventory` says: unknown is no empty list, and nothing of a device moves the cursor.
import { expect, test } from 'vitest';
import { inventoryTable, kindText } from './device-inventory-command.ts';

const fact = (kind: string, body: unknown) => ({ kind, hash: '2'.repeat(64), seenAt: 0, firstSeenAt: 0, body });
const SERVICES = fact('services', {
  services: [
    { name: 'Spooler', active: 'active', since: null },
    { name: 'x\u001b[2J\ny', active: 'failed', tags: ['a', 'b'] },
  ],
  isTruncated: false,
});

test('each kind says how much it holds, or that it is unknown and why', () => {
  const text = inventoryTable(
    [SERVICES, fact('bitlocker', { unknown: 'denied' }), fact('os', { name: 'W', build: 1 })],
    60_000,
  );
  expect(text.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['KIND', 'HOLDS', 'SEEN'],
    ['bitlocker', 'unknown: denied', '1 min ago'],
    ['os', '2 values', '1 min ago'],
    ['services', '2 services', '1 min ago'],
  ]);
});

test('a kind shows its values and its lists; what a device wrote begins no line', () => {
  const lines = kindText(SERVICES).split('\n');
  expect(lines[0]).toBe('isTruncated  false');
  expect(lines[2]?.split(/ {2,}/)).toEqual(['NAME', 'ACTIVE', 'SINCE', 'TAGS']);
  expect(lines[3]).toMatch(/^Spooler +active +- +-$/);
  expect(lines).toHaveLength(5);
  expect(lines[4]).not.toContain('\u001b');
  expect(lines[4]).toMatch(/failed +- +a, b$/);
});

test('an empty list is none, a list of texts stands in a row, and a long cell is cut', () => {
  expect(kindText(fact('startup', { entries: [] }))).toBe('entries: none');
  expect(kindText(fact('reboot', { reasons: ['a', 'b'] }))).toBe('reasons: a, b');
  expect(kindText(fact('os', { name: 'x'.repeat(80) }))).toBe(`name  ${'x'.repeat(59)}…`);
});
