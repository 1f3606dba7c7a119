// What a relay sees at an address before a device is added there. No credential is offered to find out.
import { z } from 'zod';
import { DeviceSystem, TransportKind } from './device.ts';

export const ProbedPort = z.object({
  port: z.int().min(1).max(65_535),
  state: z.enum(['open', 'refused', 'silent']),
  latencyMs: z.number().nonnegative().optional(),
  /** The first line of what it says by itself; hostile text. */
  greeting: z.string().max(255).optional(),
});
export type ProbedPort = z.infer<typeof ProbedPort>;

export const ProbeResult = z.object({
  /** What the name resolved to; empty when it does not. */
  addresses: z.array(z.string().max(64)).max(16),
  reverseName: z.string().max(253).optional(),
  ping: z.object({
    answered: z.boolean(),
    /** `tcp` where fping is missing: an open or refused port is an answer too. */
    method: z.enum(['icmp', 'tcp']),
    bestMs: z.number().nonnegative().optional(),
  }),
  ports: z.array(ProbedPort).max(16),
  /** `windows` has no collector yet: the page says so. */
  system: z.union([DeviceSystem, z.literal('windows')]),
  suggestedTransport: TransportKind.optional(),
  durationMs: z.number().nonnegative(),
});
export type ProbeResult = z.infer<typeof ProbeResult>;
