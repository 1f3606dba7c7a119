// Actions on people's sessions: the lock, the end of one, and the remote desktop of Windows.
import { z } from 'zod';
import { type ActionFacts, UNIX_AND_WINDOWS } from './action-facts.ts';
import { UserName } from './parameter-types.ts';

const None = z.strictObject({});

export const USER_ACTIONS = [
  z.strictObject({ name: z.literal('user.lock'), arguments: None }),
  z.strictObject({ name: z.literal('user.logoff'), arguments: z.strictObject({ user: UserName }) }),
  z.strictObject({ name: z.literal('rdp.enable'), arguments: None }),
  z.strictObject({ name: z.literal('rdp.disable'), arguments: None }),
  z.strictObject({ name: z.literal('rdp.start'), arguments: None }),
] as const;

export const USER_FACTS = {
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
} as const satisfies Record<(typeof USER_ACTIONS)[number]['shape']['name']['value'], ActionFacts>;
