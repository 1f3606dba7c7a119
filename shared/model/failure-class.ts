// What a failed attempt calls for: another try soon, a wait for the device, an administrator, or a stop. Pure.
import { z } from 'zod';
import type { FailureReason } from '#shared/base/outcome.ts';

export const FailureClass = z.enum(['transient', 'device', 'configuration', 'fatal']);
export type FailureClass = z.infer<typeof FailureClass>;

/** `transient`: a line or a machine that may answer in a moment. `cancelled` is our own doing and is never tried again. */
const CLASSES: Readonly<Record<FailureReason, FailureClass>> = {
  unreachable: 'device',
  refused: 'transient',
  'timed-out': 'transient',
  lost: 'transient',
  denied: 'configuration',
  'host-key-unknown': 'configuration',
  'credential-missing': 'configuration',
  'credential-not-allowed': 'configuration',
  'host-key-changed': 'fatal',
  'identity-changed': 'fatal',
  'too-large': 'fatal',
  malformed: 'fatal',
  unsupported: 'fatal',
  cancelled: 'fatal',
};

/** 5: with waits of 2 to 32 s about half a minute, in which a service begins anew or a line comes back. */
export const TRANSIENT_TRIES = 5;

/** `attempt` counts from 1. What stays transient for so long is a device that is away. */
export function classOf(reason: FailureReason, attempt: number): FailureClass {
  const first = CLASSES[reason];
  return first === 'transient' && attempt >= TRANSIENT_TRIES ? 'device' : first;
}

/** One try of an order on a device that did not begin it. */
export const Attempt = z.strictObject({
  /** From 1. */
  n: z.int().min(1).max(1_000_000),
  class: FailureClass,
  /** When it is tried again at the latest; absent where it never is. */
  nextAt: z.int().nonnegative().optional(),
});
export type Attempt = z.infer<typeof Attempt>;
