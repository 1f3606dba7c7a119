// The parts of watch documents as people write them, before they are signed: layers and where they stand, windows, local routes.
import { z } from 'zod';
import { CustomerId } from '#shared/base/id.ts';
import { LocalRoute, MaintenanceWindow, WatchLayer } from './watch-policy.ts';

/** As many as a document takes of layers or windows. */
export const MAX_PARTS = 500;

export const PartWish = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('layer'),
    body: WatchLayer.omit({ id: true }),
    /** Sites, groups or devices, by its level. One of level customer stands at its customer, or at every one, and names none. */
    places: z.array(z.uuid()).max(2_000),
  }),
  z.strictObject({ kind: z.literal('window'), body: MaintenanceWindow.omit({ id: true }) }),
  z.strictObject({ kind: z.literal('route'), body: LocalRoute.omit({ id: true }) }),
]);
export type PartWish = z.infer<typeof PartWish>;

const about = {
  /** Null: it is for every customer. */
  customerId: CustomerId.nullable(),
  changedAt: z.int(),
  changedBy: z.string(),
  /** Taken out, and still in force until the next document is signed. */
  isRemoved: z.boolean(),
};

export const WatchPart = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('layer'), body: WatchLayer, places: z.array(z.uuid()), ...about }),
  z.object({ kind: z.literal('window'), body: MaintenanceWindow, ...about }),
  z.object({ kind: z.literal('route'), body: LocalRoute, ...about }),
]);
export type WatchPart = z.infer<typeof WatchPart>;
export type LayerPart = Extract<WatchPart, { kind: 'layer' }>;
