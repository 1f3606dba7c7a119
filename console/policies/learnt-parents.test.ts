// A device hangs on the one that has its gateway's address; what is ambiguous, foreign or broken leads nowhere.
import { expect, test } from 'vitest';
import { DeviceId, newId } from '#shared/base/id.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { type Hop, learntParents } from './learnt-parents.ts';

const random = seededBytes(5);
const hop = (address: string, network: object | string | null = null): Hop => ({
  ...{ id: DeviceId.parse(newId(1, random)), address },
  network: network === null || typeof network === 'string' ? network : JSON.stringify(network),
});
const behind = (gateway: string, own: string[] = []) => ({
  interfaces: [{ name: 'eth0', addresses: own.map((address) => ({ address })) }],
  gateways: [gateway],
  nameServers: null,
});

test('by the address it is polled at, and by one of its interfaces', () => {
  const router = hop('router.lan', behind('203.0.113.1', ['10.0.0.1/24', 'FD00::1/64']));
  const plain = hop('10.0.1.1');
  const [a, b, c] = [
    hop('10.0.0.5', behind('10.0.0.1')),
    hop('10.0.1.5', behind('10.0.1.1')),
    hop('x', behind('fd00::1')),
  ];
  expect(learntParents([router, plain, a, b, c])).toEqual(
    new Map([
      [a.id, router.id],
      [b.id, plain.id],
      [c.id, router.id],
    ]),
  );
});

test.each([
  ['an address that two claim', [hop('10.0.0.1'), hop('10.0.0.1'), hop('10.0.0.5', behind('10.0.0.1'))]],
  ['its own address', [hop('10.0.0.1', behind('10.0.0.1'))]],
  ['a link-local gateway', [hop('fe80::1'), hop('b', behind('fe80::1%eth0'))]],
  ['a gateway that is no device', [hop('10.0.0.5', behind('10.0.0.9'))]],
  ['what is no JSON', [hop('10.0.0.1'), hop('b', '{')]],
  ['what has another form', [hop('10.0.0.1'), hop('b', { gateways: [{ address: '10.0.0.1' }] })]],
])('%s leads nowhere', (_name, hops) => expect(learntParents(hops).size).toBe(0));

test('of two that name each other neither hangs on the other, and who hangs on them still does', () => {
  const [a, b] = [hop('10.0.0.1', behind('10.0.0.2')), hop('10.0.0.2', behind('10.0.0.1'))];
  const c = hop('10.0.0.3', behind('10.0.0.2'));
  expect(learntParents([a, b, c]).get(c.id)).toBe(b.id);
  expect([a, b].filter(({ id }) => learntParents([a, b, c]).has(id))).toHaveLength(1);
});
