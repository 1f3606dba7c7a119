// Actions on a machine as a whole: down, up again, and awake.
import { z } from 'zod';
import type { ActionFacts } from './action-facts.ts';

const None = z.strictObject({});

export const POWER_ACTIONS = [
  z.strictObject({ name: z.literal('device.reboot'), arguments: None }),
  z.strictObject({ name: z.literal('device.shutdown'), arguments: None }),
  z.strictObject({ name: z.literal('device.wake'), arguments: None }),
] as const;

export const POWER_FACTS = {
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
} as const satisfies Record<(typeof POWER_ACTIONS)[number]['shape']['name']['value'], ActionFacts>;
