// What can be wrong with a simulated device: switches that tests turn at run time, several at once if they like.
import { z } from 'zod';
import { Stress } from './stress.ts';

export const Behaviour = z.strictObject({
  /** Connections are reset at once and open ones die, as of a machine without power. */
  isDown: z.boolean(),
  /** TCP is accepted and nothing is ever answered; open connections fall silent (a stopped machine). */
  isFrozen: z.boolean(),
  /** Wait before each answer. */
  delayMs: z.int().min(0).max(3_600_000),
  /** `other`: a host key that is not the device's. */
  hostKey: z.enum(['own', 'other']),
  /** Neither the password nor the key is accepted. */
  refusesLogin: z.boolean(),
  /** Shows the identifiers and host key of that device. */
  cloneOf: z.int().nonnegative().nullable(),
  /** A clone with its own network cards, as cloned virtual machines have. */
  cloneKeepsOwnMacs: z.boolean(),
  /** Its disk is in the machine of another device: those identifiers, and the host key that lies on the disk. */
  boardOf: z.int().nonnegative().nullable(),
  /** Says this name; hostile text welcome. */
  hostname: z.string().min(1).max(4096).nullable(),
  /** What comes with or instead of an answer; the reading of identity stays healthy unless `spoilsIdentity`. */
  output: z.enum(['healthy', 'huge', 'endless', 'ansi-bomb', 'invalid-utf8']),
  spoilsIdentity: z.boolean(),
  /** Its wall clock differs from the lab's by this. */
  clockOffMs: z.int().min(-86_400_000).max(86_400_000),
  /** The number of its chassis as SMBIOS says it: 23 is a rack server, 3 a desktop, 10 a notebook. */
  chassis: z.int().min(1).max(36),
  /** What it suffers from. */
  stress: Stress,
});
export type Behaviour = z.infer<typeof Behaviour>;

export const HEALTHY: Behaviour = {
  isDown: false,
  isFrozen: false,
  delayMs: 0,
  hostKey: 'own',
  refusesLogin: false,
  cloneOf: null,
  cloneKeepsOwnMacs: false,
  boardOf: null,
  hostname: null,
  output: 'healthy',
  spoilsIdentity: false,
  clockOffMs: 0,
  chassis: 23,
  stress: {},
};
