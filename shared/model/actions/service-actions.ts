// Actions on services and processes.
import { z } from 'zod';
import { ProcessId, ProcessName, ServiceName } from './parameter-types.ts';

const OneService = z.strictObject({ service: ServiceName });

export const SERVICE_ACTIONS = [
  z.strictObject({ name: z.literal('service.restart'), arguments: OneService }),
  z.strictObject({ name: z.literal('service.start'), arguments: OneService }),
  z.strictObject({ name: z.literal('service.stop'), arguments: OneService }),
  z.strictObject({ name: z.literal('service.enable'), arguments: OneService }),
  z.strictObject({ name: z.literal('service.disable'), arguments: OneService }),
  z.strictObject({
    name: z.literal('process.kill'),
    /** With an id only that one, and only while it has this name: ids are used again. */
    arguments: z.strictObject({ process: ProcessName, pid: ProcessId.optional() }),
  }),
] as const;
