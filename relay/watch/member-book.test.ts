// A list of members counts when it is whole, survives a restart, and never leaves half of one behind.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LayerId, newId } from '#shared/base/id.ts';
import type { WatchMember } from '#shared/model/watch-policy.ts';
import { memberParts } from '#shared/protocol/watch.ts';
import { sampleDevice } from '#test/fixtures/sample-trust.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { MemberBook } from './member-book.ts';

const layer = LayerId.parse(newId(1));
const member = (n: number, parent?: number): WatchMember => ({
  device: sampleDevice(n),
  layers: [layer],
  ...(parent === undefined ? {} : { parent: sampleDevice(parent) }),
});
const fileOf = () => path.join(tempFolder(onTestFinished), 'watch-members.json');

test('a list says layers, parents and children, and is there after a restart', () => {
  const file = fileOf();
  const book = new MemberBook(file);
  for (const part of memberParts([member(1), member(2, 1), member(3, 1), member(4, 4)]))
    if (part.kind === 'members') expect(book.take(part)).toBe(true);
  for (const one of [book, new MemberBook(file)]) {
    expect(one.layersOf(sampleDevice(1))).toEqual([layer]);
    expect(one.layersOf(sampleDevice(9))).toEqual([]);
    expect(one.parentOf(sampleDevice(2))).toBe(sampleDevice(1));
    // Nothing hangs on itself.
    expect(one.parentOf(sampleDevice(4))).toBeUndefined();
    expect(one.childrenOf(sampleDevice(1))).toEqual([sampleDevice(2), sampleDevice(3)]);
  }
});

test('the same list again is no change', () => {
  const book = new MemberBook(fileOf());
  const part = { from: 0, total: 1, members: [member(1)] };
  expect([book.take(part), book.take(part), book.take({ ...part, members: [member(2)] })]).toEqual([true, false, true]);
  expect(book.layersOf(sampleDevice(1))).toEqual([]);
});

test.each([
  ['half a list', [{ from: 0, total: 2, members: [member(2)] }]],
  ['a part without its former one', [{ from: 1, total: 2, members: [member(2)] }]],
  ['more than the list is said to have', [{ from: 0, total: 1, members: [member(2), member(3)] }]],
  [
    'the rest of a list that was cut off, behind another one',
    [
      { from: 0, total: 3, members: [member(2)] },
      { from: 2, total: 3, members: [member(3)] },
    ],
  ],
])('%s changes nothing', (_what, parts) => {
  const file = fileOf();
  const book = new MemberBook(file);
  book.take({ from: 0, total: 1, members: [member(1)] });
  const before = readFileSync(file, 'utf8');
  for (const part of parts) expect(book.take(part)).toBe(false);
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect(book.layersOf(sampleDevice(1))).toEqual([layer]);
});

test('a file that says nothing sensible is no list', () => {
  const file = fileOf();
  writeFileSync(file, '{"a":', { mode: 0o600 });
  expect(new MemberBook(file).childrenOf(sampleDevice(1))).toEqual([]);
});
