// What happened to a device, as its timeline and the overview tell it.
import { z } from 'zod';
import { DeviceId, ManifestId } from '#shared/base/id.ts';

export const DeviceEvent = z.object({
  seq: z.int(),
  at: z.int(),
  receivedAt: z.int(),
  deviceId: DeviceId.nullable(),
  type: z.string(),
  severity: z.string(),
  code: z.string().nullable(),
  detail: z.string(),
});

/** One thing that happened to a device, from whichever record it comes; newest first in a timeline. */
export const TimelineItem = z.discriminatedUnion('type', [
  z.object({ type: z.literal('event'), at: z.int(), event: DeviceEvent }),
  z.object({
    type: z.literal('action'),
    at: z.int(),
    action: ManifestId,
    name: z.string(),
    state: z.string(),
    reason: z.string(),
    by: z.string(),
    exitCode: z.int().nullable(),
  }),
  /** A kind of inventory changed; `added` and `removed` count the entries of its list, where it is one. */
  z.object({
    type: z.literal('inventory'),
    at: z.int(),
    kind: z.string(),
    isFirst: z.boolean(),
    added: z.array(z.string()),
    removed: z.array(z.string()),
    changed: z.array(z.string()),
    /** Names beyond the first 20 of each list. */
    more: z.int(),
  }),
  /** Somebody changed what the console holds of it. */
  z.object({ type: z.literal('change'), at: z.int(), by: z.string(), verb: z.string(), detail: z.unknown() }),
]);
export type TimelineItem = z.infer<typeof TimelineItem>;
