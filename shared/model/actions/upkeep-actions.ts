// Actions that keep a machine in order: files nobody needs, logs, names, addresses and policies.
import { z } from 'zod';
import { AgeDays, LogName } from './parameter-types.ts';

const None = z.strictObject({});

export const UPKEEP_ACTIONS = [
  z.strictObject({ name: z.literal('temp.clear'), arguments: z.strictObject({ days: AgeDays }) }),
  z.strictObject({ name: z.literal('disk.clean'), arguments: None }),
  z.strictObject({ name: z.literal('log.clear'), arguments: z.strictObject({ log: LogName }) }),
  z.strictObject({ name: z.literal('dns.flush'), arguments: None }),
  z.strictObject({ name: z.literal('address.renew'), arguments: None }),
  z.strictObject({ name: z.literal('network.reset'), arguments: None }),
  z.strictObject({ name: z.literal('policy.update'), arguments: None }),
] as const;
