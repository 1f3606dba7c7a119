// A peer counts as present only with all that the tests use of it.
import { expect, test } from 'vitest';
import { missingPeers, PEERS } from './install.ts';

test('a peer with one file missing is missing', () => {
  const peers = [
    { package: 'a', files: ['/a/one', '/a/two'] },
    { package: 'b', files: ['/b/one'] },
  ];
  expect(missingPeers(peers, (file) => file !== '/a/two').map((peer) => peer.package)).toEqual(['a']);
  expect(missingPeers(peers, () => true)).toEqual([]);
  expect(missingPeers(peers, () => false)).toHaveLength(2);
});

test('each peer names a package and absolute files', () => {
  for (const peer of PEERS) {
    expect(peer.package).toMatch(/^[a-z0-9.+-]+$/);
    expect(peer.files.length).toBeGreaterThan(0);
    expect(peer.files.every((file) => file.startsWith('/'))).toBe(true);
  }
});
