// The bytes of a magic packet, the networks it goes to, and that it arrives at each.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { systemClock } from '#shared/base/clock.ts';
import { sendWake } from './send-wake.ts';
import { broadcastAddresses, wakePacket } from './wake-packet.ts';

test('a packet is six bytes of ones and sixteen times the address', () => {
  const packet = Buffer.from(wakePacket('02:00:5e:10:20:30'));
  expect(packet.toString('hex')).toBe(`ffffffffffff${'02005e102030'.repeat(16)}`);
  expect(packet).toHaveLength(102);
});

test.each(['', '02:00:5e:10:20', 'zz:00:5e:10:20:30'])('%j is no address', (mac) => {
  expect(() => wakePacket(mac)).toThrow('not an address');
});

const own = (address: string, netmask: string, more = {}) => ({
  address,
  netmask,
  family: 'IPv4',
  internal: false,
  ...more,
});

test('it goes to the last address of each network, and to that of all', () => {
  const all = [
    own('10.1.2.3', '255.255.254.0'),
    own('192.168.1.7', '255.255.255.0'),
    own('192.168.1.8', '255.255.255.0'),
    own('127.0.0.1', '255.0.0.0', { internal: true }),
    own('10.9.9.9', '255.255.255.255'),
    own('fe80::1', 'ffff::', { family: 'IPv6' }),
  ];
  expect(broadcastAddresses(all)).toEqual(['10.1.3.255', '192.168.1.255', '255.255.255.255']);
});

test('each address gets each packet three times; one that cannot be reached costs only its own', async () => {
  const socket = createSocket('udp4');
  const got: string[] = [];
  socket.on('message', (bytes) => got.push(bytes.toString('hex')));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  const sent = await sendWake(['02:00:5e:10:20:30', '02:00:5e:10:20:31'], systemClock, {
    port,
    addresses: ['127.0.0.1', 'not.an.address.invalid'],
  });
  expect(sent).toEqual({ ok: true, value: 6 });
  await expect.poll(() => got.length).toBe(6);
  expect(new Set(got).size).toBe(2);
  socket.close();
});

test('no packet at all is a failure', async () => {
  const sent = await sendWake(['02:00:5e:10:20:30'], systemClock, { port: 9, addresses: [] });
  expect(sent).toMatchObject({ ok: false, reason: 'unreachable' });
});
