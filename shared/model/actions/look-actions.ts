// Actions that change nothing: they look, and tell.
import { z } from 'zod';

const None = z.strictObject({});

export const LOOK_ACTIONS = [
  z.strictObject({ name: z.literal('health.check'), arguments: None }),
  z.strictObject({ name: z.literal('system.info'), arguments: None }),
  z.strictObject({ name: z.literal('inventory.collect'), arguments: None }),
] as const;
