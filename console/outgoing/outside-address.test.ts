// The console goes to the public network, to the inside only where its configuration says so, and to a cloud's own addresses never.
import { expect, test } from 'vitest';
import { refusedAddress } from './outside-address.ts';

test.each(['93.184.216.34', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:2800:220:1::1', '2a00:1450::5'])(
  '%s is outside',
  (address) => {
    expect(refusedAddress(address, false, [])).toBeUndefined();
  },
);

test.each([
  ['127.0.0.1', 'a loopback address'],
  ['::1', 'a loopback address'],
  ['10.1.2.3', 'a private address'],
  ['172.31.255.255', 'a private address'],
  ['192.168.0.1', 'a private address'],
  ['fd00::7', 'a private address'],
  ['100.64.0.1', 'an address shared by a provider'],
  ['198.18.0.1', 'an address without a public machine'],
  ['2001:db8::1', 'an address without a public machine'],
  ['4000::1', 'a reserved address'],
])('%s is %s, and may be named', (address, kind) => {
  expect(refusedAddress(address, false, [])).toBe(kind);
  expect(refusedAddress(address, true, [])).toBeUndefined();
});

test.each([
  ['169.254.169.254', 'a link-local address'],
  ['fe80::1', 'a link-local address'],
  ['fe80::1%eth0', 'a link-local address'],
  ['100.100.100.200', 'an address of a cloud itself'],
  ['168.63.129.16', 'an address of a cloud itself'],
  ['fd00:ec2::254', 'an address of a cloud itself'],
  ['0.0.0.0', 'an unspecified address'],
  ['::', 'an unspecified address'],
  ['224.0.0.1', 'a multicast address'],
  ['ff02::1', 'a multicast address'],
  ['255.255.255.255', 'a broadcast address'],
  ['240.0.0.1', 'a reserved address'],
  ['::ffff:93.184.216.34', 'a translated address'],
  ['::ffff:127.0.0.1', 'a translated address'],
  ['64:ff9b::7f00:1', 'a translated address'],
  ['2002:7f00:1::', 'a translated address'],
  ['2001:0:7f00:1::', 'a translated address'],
  ['::127.0.0.1', 'a translated address'],
  ['id.example.org', 'no address'],
  ['', 'no address'],
])('%s is %s, and cannot be reached', (address, kind) => {
  expect(refusedAddress(address, false, [])).toBe(kind);
});

test('this machine is inside by each of its addresses', () => {
  expect(refusedAddress('93.184.216.34', false, ['93.184.216.34'])).toBe('an address of this machine');
  expect(refusedAddress('2606:2800:0::5', false, ['2606:2800::5'])).toBe('an address of this machine');
  expect(refusedAddress('93.184.216.34', true, ['93.184.216.34'])).toBeUndefined();
});
