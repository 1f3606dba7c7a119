// Proves that the simulated disk keeps what was synced, and of the rest only what it is told to keep.
import { expect, test } from 'vitest';
import { SimulatedDisk } from './simulated-disk.ts';

const write = (at: number, text: string) => ({ kind: 'write', file: 'a', at, bytes: Buffer.from(text) }) as const;
const left = (disk: SimulatedDisk, keep: boolean) =>
  disk
    .afterCut(() => keep)
    .get('a')
    ?.toString();

test('what was synced is there after every cut; what was not may be gone', () => {
  const disk = new SimulatedDisk();
  disk.apply(write(0, 'kept'));
  disk.apply({ kind: 'sync', file: 'a' });
  disk.apply(write(2, 'maybe'));
  expect(left(disk, false)).toBe('kept');
  expect(left(disk, true)).toBe('kemaybe');
});

test('a truncation is a write like others, and a later growth reads as zeros', () => {
  const disk = new SimulatedDisk();
  disk.apply(write(0, 'abcdef'));
  disk.apply({ kind: 'sync', file: 'a' });
  disk.apply({ kind: 'truncate', file: 'a', size: 2 });
  expect(left(disk, false)).toBe('abcdef');
  disk.apply(write(4, 'x'));
  expect(left(disk, true)).toBe('ab\0\0x');
});

test('a page may be torn between sectors', () => {
  const disk = new SimulatedDisk();
  disk.apply({ kind: 'write', file: 'a', at: 0, bytes: Buffer.alloc(1_024, 'n') });
  const halves = [true, false].values();
  expect(disk.afterCut(() => halves.next().value ?? false).get('a')).toEqual(Buffer.alloc(512, 'n'));
});
