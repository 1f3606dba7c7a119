// What kind of machine a device is, read from its facts: chassis, hypervisor, product and system.
import type { DeviceType } from './device.ts';

/** What the facts say of it; null and absent are unknown. All of it is text and numbers of the device itself. */
export interface TypeEvidence {
  /** SMBIOS chassis type (specification 7.4.1); bit 7 says that the case has a lock. */
  chassisType?: number | null | undefined;
  hypervisor?: string | null | undefined;
  vendor?: string | null | undefined;
  product?: string | null | undefined;
  osFamily?: string | null | undefined;
  osId?: string | null | undefined;
  osName?: string | null | undefined;
}

/** By the number of the chassis, 0 is not assigned; the names stand in DSP0134, section 7.4.1. */
const CHASSIS: ReadonlyArray<DeviceType | undefined> = [
  undefined,
  undefined, // 1 other: what virtual machines and boards without a case say
  undefined, // 2 unknown
  'workstation', // 3 desktop
  'workstation', // 4 low profile desktop
  'workstation', // 5 pizza box
  'workstation', // 6 mini tower
  'workstation', // 7 tower
  'laptop', // 8 portable
  'laptop', // 9 laptop
  'laptop', // 10 notebook
  'mobile', // 11 hand held
  'laptop', // 12 docking station: a laptop in it says so
  'workstation', // 13 all in one
  'laptop', // 14 sub notebook
  'workstation', // 15 space-saving
  'workstation', // 16 lunch box
  'server', // 17 main server chassis
  'other', // 18 expansion chassis
  'other', // 19 sub chassis
  'other', // 20 bus expansion chassis
  'other', // 21 peripheral chassis
  'other', // 22 RAID chassis
  'server', // 23 rack mount chassis
  'workstation', // 24 sealed-case PC
  'server', // 25 multi-system chassis
  'server', // 26 CompactPCI
  'server', // 27 AdvancedTCA
  'server', // 28 blade
  'server', // 29 blade enclosure
  'mobile', // 30 tablet
  'laptop', // 31 convertible
  'laptop', // 32 detachable
  'other', // 33 IoT gateway
  'other', // 34 embedded PC
  'workstation', // 35 mini PC
  'workstation', // 36 stick PC
];
const LOCK_BIT = 0x80;

const CONTAINERS = /^(?:lxc|lxc-libvirt|docker|podman|openvz|systemd-nspawn|container)$/i;
const VIRTUAL_VENDOR = /^(?:qemu|vmware|innotek|xen|parallels|bochs|bhyve|nutanix|ovirt|openstack)/i;
const VIRTUAL_PRODUCT =
  /^(?:virtual machine|virtualbox|vmware|kvm|hvm domu|standard pc|google compute engine|openstack|droplet|virtualmac|bhyve)/i;
const NETWORK_SYSTEMS = new Set(['openwrt', 'vyos', 'routeros', 'opnsense', 'pfsense', 'junos', 'ios-xe', 'edgeos']);
const MOBILE_FAMILIES = new Set(['android', 'ios', 'ipados']);

/** `unknown` where nothing speaks. A server's system on a tower is a server; a virtual machine is one whatever it runs. */
export function deviceTypeOf(evidence: TypeEvidence): DeviceType {
  const { hypervisor, chassisType } = evidence;
  const family = evidence.osFamily?.toLowerCase() ?? '';
  if (MOBILE_FAMILIES.has(family)) return 'mobile';
  if (family === 'network' || NETWORK_SYSTEMS.has(evidence.osId?.toLowerCase() ?? '')) return 'network';
  if (hypervisor !== null && hypervisor !== undefined && hypervisor !== '')
    return CONTAINERS.test(hypervisor) ? 'container' : 'vm';
  if (VIRTUAL_VENDOR.test(evidence.vendor ?? '') || VIRTUAL_PRODUCT.test(evidence.product ?? '')) return 'vm';
  const chassis = CHASSIS[(chassisType ?? 0) & ~LOCK_BIT] ?? appleType(evidence);
  const isServerSystem = /\bserver\b/i.test(evidence.osName ?? '');
  if (isServerSystem && (chassis === undefined || chassis === 'workstation')) return 'server';
  return chassis ?? 'unknown';
}

/** Apple gives no chassis; "MacBookPro18,3" and "Macmini9,1" say enough, "Mac14,7" could be either. */
function appleType({ vendor, product }: TypeEvidence): DeviceType | undefined {
  if (!/^apple/i.test(vendor ?? '')) return undefined;
  if (/^macbook/i.test(product ?? '')) return 'laptop';
  return /^(?:imac|macmini|macpro|xserve)/i.test(product ?? '') ? 'workstation' : undefined;
}
