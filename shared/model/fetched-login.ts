// A login as a program of the relay's machine gives it, and how such a program is named.
import { z } from 'zod';

/** A file of the folder that the relay's own configuration names: no slash, no dot, nothing to climb with. */
export const HookName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'a hook is named with lower-case letters, digits and dashes; at most 32');

export const UserName = z.string().regex(/^[^\s\0:]{1,64}$/);
export const Password = z.string().min(1).max(1_024);
export const PrivateKeyText = z.string().min(1).max(32_768);

export const FetchedLogin = z
  .strictObject({ user: UserName, password: Password.optional(), privateKey: PrivateKeyText.optional() })
  .refine(({ password, privateKey }) => password !== undefined || privateKey !== undefined);
export type FetchedLogin = z.infer<typeof FetchedLogin>;
