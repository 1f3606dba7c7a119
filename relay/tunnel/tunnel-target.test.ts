// A tunnel leads to the device itself, or into the networks of the charter and nowhere else.
import { expect, test } from 'vitest';
import { type TunnelAsk, tunnelTarget } from './tunnel-target.ts';

const ask = (more: Partial<TunnelAsk>): TunnelAsk => ({
  ...{
    name: 'fra-1',
    host: undefined,
    deviceAddress: '10.1.0.7',
    networks: ['10.1.0.0/16', 'fd00::/8', '169.254.0.0/16'],
  },
  allowLoopback: false,
  ...more,
});
const names = (address?: string) => () => Promise.resolve(address === undefined ? [] : [address]);

test('the device is where its session is, whatever its line in the roster says', async () => {
  expect(await tunnelTarget(ask({}), names())).toEqual({ ok: true, value: '10.1.0.7' });
  expect(await tunnelTarget(ask({ deviceAddress: undefined }), names())).toEqual({ ok: true, value: '127.0.0.1' });
});

test.each([
  ['10.1.2.3', true],
  ['fd00::7', true],
  ['10.2.0.1', false],
  ['8.8.8.8', false],
  ['127.0.0.1', false],
  ['::1', false],
  ['::ffff:127.0.0.1', false],
  // Inside a network of the charter, and still no machine of it.
  ['169.254.169.254', false],
])('a host that means %s: %s', async (address, isAllowed) => {
  const target = await tunnelTarget(ask({ host: 'printer' }), names(address));
  expect(target.ok).toBe(isAllowed);
  if (isAllowed) expect(target).toEqual({ ok: true, value: address });
});

test('without networks in the charter, or without an address, no host is reached', async () => {
  expect(await tunnelTarget(ask({ host: 'printer', networks: [] }), names('10.1.2.3'))).toMatchObject({
    reason: 'refused',
  });
  expect(await tunnelTarget(ask({ host: 'printer' }), names())).toMatchObject({ reason: 'unreachable' });
});
