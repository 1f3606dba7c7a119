// Proves that a lost journal is noticed whenever it was lost, and that a first one has no floor.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { JournalFloor } from './journal-floor.ts';

const fileIn = () => path.join(tempFolder(onTestFinished), 'journal.json');

test('the first journal has nothing before it, today and after restarts', () => {
  const file = fileIn();
  expect(new JournalFloor(file, () => 1_000).value()).toBe(0);
  expect(new JournalFloor(file, () => 1_000).value()).toBe(0);
});

test('a journal in another file refuses what is older than that file, also after restarts', () => {
  const file = fileIn();
  new JournalFloor(file, () => 1_000).value();
  expect(new JournalFloor(file, () => 2_000).value()).toBe(2_000);
  expect(new JournalFloor(file, () => 2_000).value()).toBe(2_000);
});

test('a file replaced while the relay runs is noticed', () => {
  let madeAt = 1_000;
  const floor = new JournalFloor(fileIn(), () => madeAt);
  expect(floor.value()).toBe(0);
  madeAt = 3_000;
  expect(floor.value()).toBe(3_000);
});

test('a clock that was set back does not lower the floor', () => {
  const file = fileIn();
  new JournalFloor(file, () => 1_000).value();
  expect(new JournalFloor(file, () => 5_000).value()).toBe(5_000);
  expect(new JournalFloor(file, () => 4_000).value()).toBe(5_000);
});

test('a memory that cannot be read counts as a lost journal', () => {
  const file = fileIn();
  writeFileSync(file, 'torn', { mode: 0o600 });
  expect(new JournalFloor(file, () => 1_000).value()).toBe(1_000);
});
