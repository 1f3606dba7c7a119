// Actions that change nothing: they look, and tell.
import { z } from 'zod';
import { type ActionFacts, UNIX_AND_WINDOWS } from './action-facts.ts';

const None = z.strictObject({});

export const LOOK_ACTIONS = [
  z.strictObject({ name: z.literal('health.check'), arguments: None }),
  z.strictObject({ name: z.literal('system.info'), arguments: None }),
  z.strictObject({ name: z.literal('inventory.collect'), arguments: None }),
] as const;

export const LOOK_FACTS = {
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
} as const satisfies Record<(typeof LOOK_ACTIONS)[number]['shape']['name']['value'], ActionFacts>;
