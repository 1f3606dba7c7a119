// Whose machine a leaf lives on decides whether its silence is missed.
import { expect, test } from 'vitest';
import { RelayId } from '#shared/base/id.ts';
import type { DeviceType } from '#shared/model/device.ts';
import { deviceNo, emptyFleet, idNo, SITE } from '#test/fixtures/fleet-kit.ts';
import { mayRoam } from './roaming.ts';

const relay = RelayId.parse(idNo(900));
const other = RelayId.parse(idNo(901));

test.each<[DeviceType, boolean]>([
  ['laptop', true],
  ['workstation', true],
  ['server', false],
  ['unknown', false],
])('a leaf on a %s: %s', (setType, expected) => {
  const rows = emptyFleet();
  rows.relays.replace([
    { id: relay, name: 'own', siteId: SITE },
    { id: other, name: 'other', siteId: SITE },
  ]);
  rows.write(deviceNo(1, { relayId: relay, setType }));
  rows.write(deviceNo(2, { relayId: other, setType: 'laptop' }));
  expect(mayRoam(rows, relay)).toBe(expected);
});
