// Proves which facts make which type of device.
import { expect, test } from 'vitest';
import type { DeviceType } from './device.ts';
import { deviceTypeOf, type TypeEvidence } from './device-type.ts';

test.each<[string, TypeEvidence, DeviceType]>([
  ['nothing known', {}, 'unknown'],
  ['a desktop', { chassisType: 3, osName: 'Windows 11 Pro' }, 'workstation'],
  ['a tower with a lock', { chassisType: 0x87 }, 'workstation'],
  ['a mini PC', { chassisType: 35 }, 'workstation'],
  ['a notebook', { chassisType: 10 }, 'laptop'],
  ['a convertible', { chassisType: 31 }, 'laptop'],
  ['a tablet', { chassisType: 30 }, 'mobile'],
  ['a rack server', { chassisType: 23, vendor: 'Dell Inc.', product: 'PowerEdge R640' }, 'server'],
  ['a blade', { chassisType: 28 }, 'server'],
  ['a tower with a server system', { chassisType: 7, osName: 'Microsoft Windows Server 2022 Standard' }, 'server'],
  ['a notebook with a server system', { chassisType: 10, osName: 'Windows Server 2022' }, 'laptop'],
  ['an embedded board', { chassisType: 34 }, 'other'],
  ['a KVM guest', { chassisType: 1, hypervisor: 'KVM', osName: 'Debian GNU/Linux 12' }, 'vm'],
  ['a Hyper-V guest that says desktop', { chassisType: 3, product: 'Virtual Machine' }, 'vm'],
  ['a guest without lscpu', { vendor: 'QEMU', product: 'Standard PC (i440FX + PIIX, 1996)' }, 'vm'],
  ['a container', { hypervisor: 'lxc' }, 'container'],
  ['a router', { osFamily: 'linux', osId: 'openwrt', chassisType: 3 }, 'network'],
  ['a phone', { osFamily: 'android' }, 'mobile'],
  ['a MacBook', { vendor: 'Apple Inc.', product: 'MacBookPro18,3' }, 'laptop'],
  ['a Mac mini', { vendor: 'Apple Inc.', product: 'Macmini9,1' }, 'workstation'],
  ['a Mac that does not say', { vendor: 'Apple Inc.', product: 'Mac14,7' }, 'unknown'],
  ['a chassis number of nobody', { chassisType: 99 }, 'unknown'],
])('%s', (_name, evidence, type) => {
  expect(deviceTypeOf(evidence)).toBe(type);
});
