// PROBE, PROBED and HEALTH, since protocol 2: what is at an address, and how the relay itself is.
import { z } from 'zod';
import { WIRE_CODES } from '#shared/base/errors.ts';
import { Port, ProbeAddress, ProbeResult } from '#shared/model/probe.ts';

/** The first protocol whose peers know these messages. */
export const PROBE_PROTOCOL = 2;

/** Counts up from 1 in a run of the console; the answer names it. */
const ProbeId = z.int().min(1);

/** Unsigned, because it runs nothing and carries no login; the relay bounds how many, which ports and which addresses. */
export const Probe = z.strictObject({ probe: ProbeId, address: ProbeAddress, port: Port.optional() });
export type Probe = z.infer<typeof Probe>;

export const Probed = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('result'), probe: ProbeId, result: ProbeResult }),
  z.strictObject({
    kind: z.literal('refusal'),
    probe: ProbeId,
    code: z.enum(WIRE_CODES),
    message: z.string().max(1_000),
  }),
]);
export type Probed = z.infer<typeof Probed>;
