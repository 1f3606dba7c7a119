// The action catalogue: what is said of all that an order of it can ask for, its tier, systems and parameters. Without a schema: pages read it.
import type { DeviceSystem } from '#shared/model/device.ts';
import { type ActionFacts, UNIX_AND_WINDOWS } from './action-facts.ts';
import type { CatalogueName } from './catalogue-actions.ts';

const ofService = {
  tier: 't1',
  systems: UNIX_AND_WINDOWS,
  parameters: [{ name: 'service', type: 'service' }],
  timeoutS: 120,
} as const satisfies ActionFacts;

export const CATALOGUE: Readonly<Record<CatalogueName, ActionFacts>> = {
  // 10 min: a server with much memory and many disks is back by then.
  'device.reboot': {
    tier: 't2',
    systems: ['linux', 'windows', 'macos'],
    unproven: ['macos'],
    parameters: [],
    timeoutS: 600,
  },
  'device.shutdown': {
    tier: 't3',
    systems: ['linux', 'windows', 'macos'],
    unproven: ['macos'],
    parameters: [],
    timeoutS: 300,
  },
  // The packet is the relay's: the system of the machine is no matter, and it cannot be asked.
  'device.wake': {
    tier: 't1',
    systems: ['linux', 'windows', 'macos', 'freebsd', 'unknown'],
    parameters: [],
    timeoutS: 300,
  },
  'user.lock': { tier: 't1', systems: UNIX_AND_WINDOWS, parameters: [], timeoutS: 60 },
  // What was not saved is lost.
  'user.logoff': {
    tier: 't2',
    systems: UNIX_AND_WINDOWS,
    parameters: [{ name: 'user', type: 'user' }],
    timeoutS: 120,
  },
  'rdp.enable': { tier: 't2', systems: ['windows'], parameters: [], timeoutS: 60 },
  'rdp.disable': { tier: 't1', systems: ['windows'], parameters: [], timeoutS: 60 },
  'rdp.start': { tier: 't2', systems: ['windows'], parameters: [], timeoutS: 60 },
  'service.restart': ofService,
  'service.start': ofService,
  'service.stop': ofService,
  'service.enable': ofService,
  'service.disable': ofService,
  'process.kill': {
    tier: 't2',
    systems: UNIX_AND_WINDOWS,
    parameters: [
      { name: 'process', type: 'process' },
      { name: 'pid', type: 'process-id', isOptional: true },
    ],
    timeoutS: 60,
  },
  'temp.clear': {
    tier: 't2',
    systems: UNIX_AND_WINDOWS,
    parameters: [{ name: 'days', type: 'days' }],
    timeoutS: 600,
  },
  'disk.clean': { tier: 't2', systems: UNIX_AND_WINDOWS, parameters: [], timeoutS: 900 },
  // It takes away what tells of the past.
  'log.clear': { tier: 't3', systems: UNIX_AND_WINDOWS, parameters: [{ name: 'log', type: 'log' }], timeoutS: 120 },
  'dns.flush': {
    tier: 't1',
    systems: ['linux', 'windows', 'macos'],
    unproven: ['macos'],
    parameters: [],
    timeoutS: 60,
  },
  // Both can cut the way to the machine.
  'address.renew': { tier: 't2', systems: UNIX_AND_WINDOWS, parameters: [], timeoutS: 120 },
  'network.reset': { tier: 't2', systems: UNIX_AND_WINDOWS, parameters: [], timeoutS: 180 },
  'policy.update': { tier: 't1', systems: ['windows'], parameters: [], timeoutS: 300 },
  'health.check': { tier: 't1', systems: UNIX_AND_WINDOWS, parameters: [], timeoutS: 60 },
  'system.info': {
    tier: 't1',
    systems: ['linux', 'windows', 'macos'],
    unproven: ['macos'],
    parameters: [],
    timeoutS: 60,
  },
  // The relay's own collectors do it, so it fits whatever they fit.
  'inventory.collect': {
    tier: 't1',
    systems: ['linux', 'windows', 'macos', 'freebsd'],
    parameters: [],
    timeoutS: 300,
  },
  'powershell.run': {
    tier: 't3',
    systems: ['windows'],
    parameters: [{ name: 'script', type: 'powershell' }],
    timeoutS: 300,
  },
  'registry.set': {
    tier: 't3',
    systems: ['windows'],
    parameters: [
      { name: 'key', type: 'registry-key' },
      { name: 'value', type: 'registry-name' },
      { name: 'kind', type: 'registry-kind' },
      { name: 'data', type: 'registry-text' },
    ],
    timeoutS: 60,
  },
  'registry.remove': {
    tier: 't3',
    systems: ['windows'],
    parameters: [
      { name: 'key', type: 'registry-key' },
      { name: 'value', type: 'registry-name' },
    ],
    timeoutS: 60,
  },
};

export const CATALOGUE_NAMES = Object.keys(CATALOGUE) as CatalogueName[]; // of the literal above

export const isCatalogueName = (name: string): name is CatalogueName => Object.hasOwn(CATALOGUE, name);

/** What a relay may run it on: a system nobody has seen yet may turn out to be one of them. */
export const fitsSystem = (name: CatalogueName, system: DeviceSystem): boolean =>
  CATALOGUE[name].systems.includes(system);
