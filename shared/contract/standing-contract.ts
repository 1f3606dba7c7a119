// Standing orders: what relays do by themselves when a trigger comes true, as human keys signed it; the console carries them.
import { z } from 'zod';
import { DeviceId, ManifestId, RelayId, SiteId, StandingId } from '#shared/base/id.ts';
import { SignedStanding } from '#shared/model/standing-order.ts';
import { MAX_RULE_LENGTH } from '#shared/model/standing-rule.ts';
import { endangers, operation, reads } from './meta.ts';

export const StandingState = z.enum(['waiting-for-signature', 'active', 'withdrawn']);

export const StandingSummary = z.object({
  id: StandingId,
  siteId: SiteId,
  relayId: RelayId,
  state: StandingState,
  /** Key ids of those who signed, with spaces between. */
  signer: z.string(),
  createdBy: z.string(),
  createdAt: z.int(),
  expiresAt: z.int(),
  /** Why its relay does not fire it, in words; null when it would, and while it waits for a signature. */
  whyNot: z.string().nullable(),
  /** What its relay did under it last: the action, and devices per state. */
  lastRun: z.object({ id: ManifestId, at: z.int(), counts: z.record(z.string(), z.int()) }).nullable(),
  /** As it was signed: read it, and nothing else of it. */
  signed: SignedStanding,
});
export type StandingSummary = z.infer<typeof StandingSummary>;

const tags = ['Standing orders'];

export const standingContract = {
  list: operation
    .meta(reads('standing.read'))
    .route({ method: 'GET', path: '/standing', summary: 'List standing orders, newest first', tags })
    .input(z.object({ siteId: SiteId.optional() }))
    .output(z.object({ items: z.array(StandingSummary) })),
  show: operation
    .meta(reads('standing.read'))
    .route({ method: 'GET', path: '/standing/{id}', summary: 'One standing order', tags })
    .input(z.object({ id: StandingId }))
    .output(StandingSummary),
  matches: operation
    .meta(reads('standing.read'))
    .route({
      method: 'GET',
      path: '/standing/matches',
      summary: 'Devices of a relay that fit a rule now, as far as this console was told; the relay decides by itself',
      tags,
    })
    .input(z.object({ relayId: RelayId, rule: z.string().min(1).max(MAX_RULE_LENGTH) }))
    .output(
      z.object({
        items: z.array(z.object({ id: DeviceId, name: z.string() })),
        /** Devices of the relay of which something that the rule asks for is not known here. */
        unknown: z.int(),
      }),
    ),
  put: operation
    .meta(endangers('standing.write'))
    .route({
      method: 'POST',
      path: '/standing',
      summary: 'Hand over a signed standing order, one more signature on it, or its signed withdrawal',
      successStatus: 201,
      tags,
    })
    .input(z.object({ signed: SignedStanding }))
    .output(
      z.object({
        id: StandingId,
        state: StandingState,
        /** What its tier still asks for, in words; null when nothing. */
        lacks: z.string().nullable(),
        /** Its relay is linked and was told at once; else it hears of it when it is back. */
        told: z.boolean(),
      }),
    ),
};
