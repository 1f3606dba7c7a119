// The table of verbs names operations of the contract alone, and each is given what the operation wants.
import { expect, test } from 'vitest';
import { operationsOf } from '#console/web/contract-operations.ts';
import { contract } from '#shared/contract/contract.ts';
import { exportPath } from './export-path.ts';
import { BULK_VERBS, VERBS, type Verb } from './verbs.ts';

const operations = operationsOf(contract);
const verbs: ReadonlyArray<readonly [string, Verb]> = Object.entries(VERBS);
const names = Object.keys(VERBS);

test('every operation is known by its summary, its right and its danger', () => {
  const bare = Object.entries(operations).filter(
    ([, { summary, permission }]) => summary === '' || permission === 'nobody',
  );
  expect(bare).toEqual([]);
  expect(operations['devices.remove']).toEqual({
    summary: 'Forget a device',
    permission: 'device.remove',
    isDangerous: true,
    input: ['id'],
  });
  expect(operations['tags.change']?.input).toEqual(['devices[]', 'add[]?', 'remove[]?']);
});

// That the routes of the table exist is asked of the compiler: `to` takes no other path.
test('verbs are operations of the contract; the rest has no way yet', () => {
  expect(names.filter((name) => !(name in operations))).toEqual([]);
  const without = Object.keys(operations).filter((name) => !names.includes(name));
  process.stdout.write(`operations without a verb: ${without.join(', ')}\n`);
  expect(without.length).toBeLessThan(Object.keys(operations).length);
});

test('a verb for many devices is an operation that takes many, or a filter of them', () => {
  // An order's manifests name its devices; the page makes them.
  const takesMany = (name: string) =>
    name === 'actions.submit' ||
    operations[name]?.input.some((member) => /^(devices|add)\[\]|^q\?/.test(member)) === true;
  expect(verbs.filter(([name, { takes }]) => takes === 'devices' && !takesMany(name))).toEqual([]);
  expect(BULK_VERBS.filter((name) => VERBS[name].takes !== 'devices')).toEqual([]);
});

test('what is dangerous is never done at once', () => {
  expect(verbs.filter(([name, { way }]) => way === 'now' && operations[name]?.isDangerous === true)).toEqual([]);
});

test('a choice is exported by its filter, else by its ids while a filter has room for them', () => {
  const ids = Array.from({ length: 51 }, (_, n) => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`);
  expect(exportPath({ ids, filter: 'status:down tag:a b' }, 'csv')).toBe(
    '/api/exports/devices?format=csv&q=status%3Adown+tag%3Aa+b',
  );
  expect(exportPath({ ids, filter: '' }, 'json')).toBe('/api/exports/devices?format=json');
  expect(exportPath({ ids: ids.slice(0, 2) }, 'xlsx')).toContain(`id%3A${ids[0]}%2C${ids[1]}`);
  expect(exportPath({ ids }, 'csv')).toBeUndefined();
});
