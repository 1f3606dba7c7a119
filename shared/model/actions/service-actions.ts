// Actions on services and processes.
import { z } from 'zod';
import { type ActionFacts, UNIX_AND_WINDOWS } from './action-facts.ts';
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

const ofService = {
  tier: 't1',
  systems: UNIX_AND_WINDOWS,
  parameters: [{ name: 'service', type: 'service' }],
  timeoutS: 120,
} as const satisfies ActionFacts;

export const SERVICE_FACTS = {
  'service.restart': ofService,
  'service.start': ofService,
  'service.stop': ofService,
  'service.enable': ofService,
  'service.disable': ofService,
  'process.kill': {
    tier: 't2',
    systems: UNIX_AND_WINDOWS,
    parameters: [
      { name: 'process', type: 'process' },
      { name: 'pid', type: 'process-id', isOptional: true },
    ],
    timeoutS: 60,
  },
} as const satisfies Record<(typeof SERVICE_ACTIONS)[number]['shape']['name']['value'], ActionFacts>;
