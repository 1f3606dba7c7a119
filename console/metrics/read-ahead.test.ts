// Reading ahead opens what the first page asks for, and is no reason not to start.
import { expect, onTestFinished, test } from 'vitest';
import type { DayStore } from '#shared/day-files/day-store.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { sealMadeDay, TEST_DAY } from '#test/fixtures/day-kit.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { practise, readAhead } from './read-ahead.ts';

function watched() {
  const store = new FileDayStore({ folder: tempFolder(onTestFinished), onDamage: () => undefined });
  onTestFinished(() => store.stop());
  const read: number[] = [];
  const reads: Pick<DayStore, 'states' | 'read'> = {
    states: () => store.states(),
    read: (day) => {
      read.push(day);
      return store.read(day);
    },
  };
  return { store, read, reads };
}

test('a store without days is left alone', async () => {
  const { read, reads } = watched();
  await readAhead(reads);
  expect(read).toEqual([]);
});

test('the newest day and the week before it are asked for', async () => {
  const { store, read, reads } = watched();
  sealMadeDay(store, { devices: 3, sites: 2, hours: 2 });
  await readAhead(reads);
  expect(Math.max(...read)).toBe(TEST_DAY);
  expect(new Set(read)).toEqual(new Set([TEST_DAY, 1, 2, 3, 4, 5, 6].map((n) => (n === TEST_DAY ? n : TEST_DAY - n))));
});

test('practice reads those days alone, gives way between two pieces, and ends where that throws', async () => {
  const { store, read, reads } = watched();
  sealMadeDay(store, { devices: 3, sites: 2, hours: 2 });
  let pieces = 0;
  await practise(reads, () => {
    pieces += 1;
    return Promise.resolve();
  });
  expect(pieces).toBeGreaterThan(100);
  expect([Math.min(...read), Math.max(...read)]).toEqual([TEST_DAY - 6, TEST_DAY]);
  await expect(practise(reads, () => Promise.reject(new Error('stopping')))).rejects.toThrow('stopping');
});

test('without days there is nothing to practise', async () => {
  const { read, reads } = watched();
  await practise(reads, () => Promise.reject(new Error('nothing gives way')));
  expect(read).toEqual([]);
});
