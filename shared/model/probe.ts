// What a relay sees at an address before a device is added there. No credential is offered to find out.
import { z } from 'zod';
import { DeviceSystem, TransportKind } from './device.ts';

/** The ports that tell what a machine is: SSH, HTTP, RPC, NetBIOS, HTTPS, SMB, RDP, WinRM plain and in TLS. */
export const PROBED_PORTS = [22, 80, 135, 139, 443, 445, 3389, 5985, 5986] as const;

/** A name or an address, without brackets, zone or anything else that a program could take for an option or a path. */
const ADDRESS = /^[A-Za-z0-9:_][A-Za-z0-9:._-]*$/;
export const ProbeAddress = z
  .string()
  .trim()
  .max(253)
  .regex(ADDRESS, 'an address is a host name, an IPv4 or an IPv6 address');

export const Port = z.int().min(1).max(65_535);
const IpAddress = z.string().regex(/^[0-9A-Fa-f:.]{2,45}$/);

/** `silent`: nobody answered in time, or something on the way said that nobody will. */
export const ProbedPort = z.strictObject({
  port: Port,
  state: z.enum(['open', 'refused', 'silent']),
  latencyMs: z.number().nonnegative().optional(),
  /** The first line of what it says by itself within 255 bytes, as printable ASCII; hostile text all the same. */
  greeting: z
    .string()
    .max(255)
    .regex(/^[\x20-\x7e]*$/)
    .optional(),
});
export type ProbedPort = z.infer<typeof ProbedPort>;

export const Ping = z.strictObject({
  answered: z.boolean(),
  /** `tcp` where fping is missing or may not ask: an open or refused port is an answer too. */
  method: z.enum(['icmp', 'tcp']),
  bestMs: z.number().nonnegative().optional(),
  averageMs: z.number().nonnegative().optional(),
});
export type Ping = z.infer<typeof Ping>;

export const ProbeResult = z.strictObject({
  /** `literal`: an address was asked for, and nothing had to be looked up. */
  lookup: z.enum(['literal', 'found', 'not-found', 'timed-out']),
  /** What the name resolved to, that which was looked at first; empty when it does not. */
  addresses: z.array(IpAddress).max(16),
  reverseName: ProbeAddress.optional(),
  ping: Ping,
  /** The fixed list and the port that was asked for; empty without an address. */
  ports: z.array(ProbedPort).max(PROBED_PORTS.length + 1),
  system: DeviceSystem,
  /** How a relay would reach it, and on which port; both absent when none of its transports fits. */
  suggestedTransport: TransportKind.optional(),
  suggestedPort: Port.optional(),
  durationMs: z.number().nonnegative(),
});
export type ProbeResult = z.infer<typeof ProbeResult>;
