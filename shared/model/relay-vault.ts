// What a relay tells of the sealed logins and variables it holds.
import { z } from 'zod';
import { SealingKey } from './charter.ts';
import { HeldCredential, MAX_SEALED } from './credential.ts';
import { HeldVariable, MAX_VARIABLES } from './variable.ts';

/** Who seals compares the key with what the owners signed, never with this. */
export const RelayVault = z.strictObject({
  sealingKey: SealingKey,
  held: z.array(HeldCredential).max(MAX_SEALED),
  /** Absent while it holds none: a console that has none to give knows no such member. */
  variables: z.array(HeldVariable).min(1).max(MAX_VARIABLES).optional(),
});
export type RelayVault = z.infer<typeof RelayVault>;
