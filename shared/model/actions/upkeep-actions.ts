// Actions that keep a machine in order: files nobody needs, logs, names, addresses and policies.
import { z } from 'zod';
import { type ActionFacts, UNIX_AND_WINDOWS } from './action-facts.ts';
import { AgeDays, LogName } from './parameter-types.ts';

const None = z.strictObject({});

export const UPKEEP_ACTIONS = [
  z.strictObject({ name: z.literal('temp.clear'), arguments: z.strictObject({ days: AgeDays }) }),
  z.strictObject({ name: z.literal('disk.clean'), arguments: None }),
  z.strictObject({ name: z.literal('log.clear'), arguments: z.strictObject({ log: LogName }) }),
  z.strictObject({ name: z.literal('dns.flush'), arguments: None }),
  z.strictObject({ name: z.literal('address.renew'), arguments: None }),
  z.strictObject({ name: z.literal('network.reset'), arguments: None }),
  z.strictObject({ name: z.literal('policy.update'), arguments: None }),
] as const;

export const UPKEEP_FACTS = {
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
} as const satisfies Record<(typeof UPKEEP_ACTIONS)[number]['shape']['name']['value'], ActionFacts>;
