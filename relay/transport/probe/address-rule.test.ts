// A probe goes to single machines of a network: the relay's own loopback and addresses that mean many are refused, however they are written.
import { expect, test } from 'vitest';
import { ownBroadcasts, refusedKind } from './address-rule.ts';

const STRICT = { allowLoopback: false };
const NONE: ReadonlySet<string> = new Set();

test.each([
  ['127.0.0.1', 'a loopback address'],
  ['127.255.0.9', 'a loopback address'],
  ['::1', 'a loopback address'],
  ['::ffff:127.0.0.1', 'a loopback address'],
  ['::ffff:7f00:1', 'a loopback address'],
  ['0.0.0.0', 'an unspecified address'],
  ['0.1.2.3', 'an unspecified address'],
  ['::', 'an unspecified address'],
  ['224.0.0.251', 'a multicast address'],
  ['239.255.255.250', 'a multicast address'],
  ['ff02::1', 'a multicast address'],
  ['255.255.255.255', 'a broadcast address'],
  ['::ffff:255.255.255.255', 'a broadcast address'],
  ['169.254.169.254', 'a link-local address'],
  ['::ffff:169.254.169.254', 'a link-local address'],
  ['fe80::1', 'a link-local address'],
  ['fe80::1%eth0', 'a link-local address'],
  ['febf::1', 'a link-local address'],
  ['fec0::1', 'a link-local address'],
  ['100.100.100.200', 'an address of a cloud itself'],
  ['fd00:ec2::254', 'an address of a cloud itself'],
  ['64:ff9b::7f00:1', 'a translated address'],
  ['64:ff9b::a00:7', 'a translated address'],
  ['2002:7f00:1::', 'a translated address'],
  ['::127.0.0.1', 'a translated address'],
  ['::10.0.0.7', 'a translated address'],
  ['240.0.0.1', 'a reserved address'],
  ['fra-web-1', 'no address'],
  ['', 'no address'],
])('%s is %s', (address, kind) => {
  expect(refusedKind(address, STRICT, NONE)).toBe(kind);
});

test.each(['10.0.0.7', '192.168.1.255', '172.16.0.1', '203.0.113.5', '2001:db8::7', 'fd00::7', '::ffff:10.0.0.7'])(
  '%s may be probed',
  (address) => {
    expect(refusedKind(address, STRICT, NONE)).toBeUndefined();
  },
);

test('this machine is no device to look at, however its address is written', () => {
  const own = ['10.0.0.4', 'fd00::4'];
  for (const address of ['10.0.0.4', '::ffff:10.0.0.4', 'fd00::4', 'fd00:0:0::0004'])
    expect(refusedKind(address, STRICT, NONE, own)).toBe('an address of this machine');
  expect(refusedKind('10.0.0.5', STRICT, NONE, own)).toBeUndefined();
  expect(refusedKind('10.0.0.4', { allowLoopback: true }, NONE, own)).toBeUndefined();
});

test('where loopback is allowed, only loopback is', () => {
  const rule = { allowLoopback: true };
  expect(refusedKind('127.36.0.9', rule, NONE)).toBeUndefined();
  expect(refusedKind('::1', rule, NONE)).toBeUndefined();
  expect(refusedKind('0.0.0.0', rule, NONE)).toBe('an unspecified address');
  expect(refusedKind('169.254.169.254', rule, NONE)).toBe('a link-local address');
});

test('the last address of an own network is everybody in it', () => {
  const one = (address: string, netmask: string, bits: number) =>
    ({ address, netmask, family: 'IPv4', cidr: `${address}/${bits}`, mac: '', internal: false }) as const;
  const own = ownBroadcasts({
    eth0: [one('192.168.7.20', '255.255.254.0', 23)],
    eth1: [one('10.1.2.3', '255.255.255.255', 32)],
  });
  expect([...own]).toEqual(['192.168.7.255']);
  expect(refusedKind('192.168.7.255', STRICT, own)).toBe('a broadcast address');
  expect(refusedKind('192.168.6.255', STRICT, own)).toBeUndefined();
  expect(refusedKind('10.1.2.3', STRICT, own)).toBeUndefined();
});
