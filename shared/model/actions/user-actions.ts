// Actions on people's sessions: the lock, the end of one, and the remote desktop of Windows.
import { z } from 'zod';
import { UserName } from './parameter-types.ts';

const None = z.strictObject({});

export const USER_ACTIONS = [
  z.strictObject({ name: z.literal('user.lock'), arguments: None }),
  z.strictObject({ name: z.literal('user.logoff'), arguments: z.strictObject({ user: UserName }) }),
  z.strictObject({ name: z.literal('rdp.enable'), arguments: None }),
  z.strictObject({ name: z.literal('rdp.disable'), arguments: None }),
  z.strictObject({ name: z.literal('rdp.start'), arguments: None }),
] as const;
