// Proves that the reader of traces understands what strace writes.
import { expect, test } from 'vitest';
import { readDiskTrace } from './disk-trace.ts';

const hex = (text: string) => [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
const fd = (n: number, file: string) => `${n}<${hex(file)}>`;

test('writes, syncs, truncations and removals of files in the folder are read in order', () => {
  const trace = [
    `pwrite64(7${fd(7, '/elsewhere').slice(1)}, "${hex('no')}", 2, 0) = 2`,
    `pwrite64(${fd(19, '/spool/a-wal')}, "${hex('page')}", 4, 4120) = 4`,
    `fsync(${fd(19, '/spool/a-wal')}) = 0`,
    `ftruncate(${fd(19, '/spool/a-wal')}, 32) = 0`,
    `ftruncate(${fd(19, '/spool/a-wal')}, 64) = -1 ENOSPC (No space left on device)`,
    `unlink("${hex('/spool/a-wal')}") = 0`,
    `write(${fd(1, 'pipe:[5]')}, "${hex('ack 7\n')}", 6) = 6`,
    `write(${fd(2, 'pipe:[6]')}, "${hex('not stdout')}", 10) = 10`,
    '+++ exited with 0 +++',
  ].join('\n');
  expect(readDiskTrace(trace, '/spool/')).toEqual([
    { kind: 'write', file: '/spool/a-wal', at: 4120, bytes: Buffer.from('page') },
    { kind: 'sync', file: '/spool/a-wal' },
    { kind: 'truncate', file: '/spool/a-wal', size: 32 },
    { kind: 'remove', file: '/spool/a-wal' },
    { kind: 'said', text: 'ack 7\n' },
  ]);
});
