// Actions on a machine as a whole: down, up again, and awake.
import { z } from 'zod';

const None = z.strictObject({});

export const POWER_ACTIONS = [
  z.strictObject({ name: z.literal('device.reboot'), arguments: None }),
  z.strictObject({ name: z.literal('device.shutdown'), arguments: None }),
  z.strictObject({ name: z.literal('device.wake'), arguments: None }),
] as const;
