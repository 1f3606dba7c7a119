// What is known of checks by their ids: shipped ones first, signed ones as they come into force.
import { expect, test } from 'vitest';
import type { Check } from '#shared/model/check.ts';
import { SignedChecks, wordsOf } from './check-book.ts';

const check = (id: string, name: string): Check => ({
  ...{ id, name, type: 'custom', isOn: true, advice: 'look' },
  when: { kind: 'state', of: 'service', is: ['failed'], severity: 'high', forMs: 0 },
});

test('a signed check is known once its document is in force, and stays; a shipped one means what it shipped as', async () => {
  let versions = [1];
  let reads = 0;
  const book = new SignedChecks({
    known: [check('cpu.used', 'Processor in use')],
    versions: async () => versions,
    checksOf: async (some) => {
      reads += 1;
      return some.includes(2) ? [check('till.open', 'Till'), check('cpu.used', 'Mine')] : [];
    },
  });
  await book.refresh();
  expect(book.find('till.open')).toBeUndefined();
  versions = [2, 2];
  await book.refresh();
  await book.refresh();
  expect(reads).toBe(2);
  expect(book.find('till.open')?.name).toBe('Till');
  expect(book.find('cpu.used')?.name).toBe('Processor in use');
  versions = [3];
  await book.refresh();
  expect(book.find('till.open')?.name).toBe('Till');
});

test.each([
  ['memory.used', 'performance'],
  ['certificate.end', 'security'],
  ['compliance.disk-encryption', 'compliance'],
  ['till.open', 'custom'],
])('a check that nobody knows any more goes by its id: %s is %s', (id, type) => {
  expect(wordsOf({ find: () => undefined }, id)).toEqual({ name: id, type, advice: '' });
});
