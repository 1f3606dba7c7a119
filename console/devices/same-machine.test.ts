// Proves when two devices are one machine, and who then polls it.
import { expect, test } from 'vitest';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import { isSameMachine, settle } from './same-machine.ts';

const full: DeviceIdentity = {
  smbiosUuid: '4c4c4544-0042-3510-8052-b4c04f4e3132',
  serial: 'b5r4n12',
  machineId: '0123456789abcdef0123456789abcdef',
  macs: ['0a:00:00:00:00:01', '0a:00:00:00:00:02'],
  hostKey: 'SHA256:abc',
};
const without = (...kinds: Array<keyof DeviceIdentity>): DeviceIdentity => ({
  ...Object.fromEntries(Object.entries(full).filter(([kind]) => !kinds.some((one) => one === kind))),
  macs: kinds.includes('macs') ? [] : full.macs,
});

test.each<[string, DeviceIdentity, DeviceIdentity, boolean]>([
  ['the same everything', full, full, true],
  ['one interface changed', full, { ...full, macs: ['0a:00:00:00:00:02'] }, true],
  ['no interface read, firmware agrees', full, without('macs'), true],
  ['only an interface in common', without('smbiosUuid', 'serial', 'machineId', 'hostKey'), full, true],
  ['a clone: all but the interfaces', full, { ...full, macs: ['0a:00:00:00:00:09'] }, false],
  ['a clone that shows no interface and no firmware', full, without('macs', 'smbiosUuid', 'serial'), false],
  ['another firmware with the same interface', full, { ...full, smbiosUuid: 'ffff4544-0042' }, false],
  ['nothing in common to compare', without('macs'), { macs: full.macs }, false],
  ['nothing at all', { macs: [] }, { macs: [] }, false],
])('%s: the same machine is %s', (_what, a, b, isSame) => {
  expect(isSameMachine(a, b)).toBe(isSame);
  expect(isSameMachine(b, a)).toBe(isSame);
});

const site = (transport: 'local' | 'ssh') => ({ relayKind: 'site' as const, transport });
const leaf = { relayKind: 'leaf' as const, transport: 'local' as const };
const nobody = { relayKind: null, transport: 'ssh' as const };

test.each([
  ['a leaf on a machine that a site relay polls', site('ssh'), leaf, 'take-over'],
  ['a leaf installed anew', leaf, leaf, 'take-over'],
  ['a site relay that meets a leaf', leaf, site('ssh'), 'merge'],
  ['a site relay installed anew', site('local'), site('local'), 'take-over'],
  ['two lines of rosters', site('ssh'), site('ssh'), 'apart'],
  ['a site relay on a machine that another polls', site('ssh'), site('local'), 'apart'],
  ['a machine nobody polls any more', nobody, site('ssh'), 'take-over'],
])('%s', (_what, older, fresh, settlement) => {
  expect(settle(older, fresh)).toBe(settlement);
});
