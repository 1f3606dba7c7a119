// Sites, relays, enrolment tokens and charters.
import { z } from 'zod';
import { CustomerId, RelayId, SiteId } from '#shared/base/id.ts';
import { SignedCharter } from '#shared/model/charter.ts';
import { endangers, operation, reads, writes } from './meta.ts';

export const SiteSummary = z.object({
  id: SiteId,
  customerId: CustomerId,
  customerName: z.string(),
  name: z.string(),
  timeZone: z.string(),
  isSimulated: z.boolean(),
  devices: z.int(),
});
export type SiteSummary = z.infer<typeof SiteSummary>;

const LaneBacklog = z.object({ lane: z.int(), received: z.int(), durable: z.int(), next: z.int().nullable() });

export const RelaySummary = z.object({
  id: RelayId,
  siteId: SiteId,
  siteName: z.string(),
  name: z.string(),
  kind: z.enum(['site', 'leaf']),
  hostname: z.string(),
  version: z.string(),
  isConnected: z.boolean(),
  isRevoked: z.boolean(),
  lastSeenAt: z.int().nullable(),
  clockSkewMs: z.int().nullable(),
  certificateExpiresAt: z.int(),
  devices: z.int(),
  lanes: z.array(LaneBacklog),
});
export type RelaySummary = z.infer<typeof RelaySummary>;

const RelayById = z.object({ id: RelayId });
const SiteById = z.object({ id: SiteId });

export const siteContract = {
  list: operation
    .meta(reads('site.read'))
    .route({ method: 'GET', path: '/sites', summary: 'List sites' })
    .output(z.object({ items: z.array(SiteSummary) })),
  create: operation
    .meta(writes('site.write'))
    .route({ method: 'POST', path: '/sites', summary: 'Make a site', successStatus: 201 })
    .input(
      z.object({
        name: z.string().trim().min(1).max(120),
        customerName: z.string().trim().min(1).max(120).optional(),
        timeZone: z.string().max(64).default('UTC'),
        isSimulated: z.boolean().default(false),
      }),
    )
    .output(SiteSummary),
  charter: operation
    .meta(reads('charter.read'))
    .route({ method: 'GET', path: '/sites/{id}/charter', summary: 'The signed charter of a site' })
    .input(SiteById)
    .output(z.object({ version: z.int(), signed: SignedCharter })),
  putCharter: operation
    .meta(endangers('charter.write'))
    .route({
      method: 'PUT',
      path: '/sites/{id}/charter',
      summary: 'Store a newer charter, signed by the owners, and send it to the relays',
    })
    .input(SiteById.extend({ signed: SignedCharter }))
    .output(z.object({ version: z.int() })),
};

export const relayContract = {
  list: operation
    .meta(reads('relay.read'))
    .route({ method: 'GET', path: '/relays', summary: 'List relays with the state of their links' })
    .output(z.object({ items: z.array(RelaySummary) })),
  createToken: operation
    .meta(endangers('relay.enrol'))
    .route({
      method: 'POST',
      path: '/relays/tokens',
      summary: 'Make an enrolment token; it is shown once',
      successStatus: 201,
    })
    .input(
      z.object({
        siteId: SiteId,
        kind: z.enum(['site', 'leaf']).default('site'),
        /** Machines that may use it: 1 for a site relay, up to 1,000 leaves. */
        uses: z.int().min(1).max(1_000).default(1),
        /** One hour by default, at most a day. */
        expiresInMs: z.int().min(60_000).max(86_400_000).default(3_600_000),
      }),
    )
    .output(
      z.object({
        token: z.string(),
        expiresAt: z.int(),
        /** Fingerprint of the owner key; a person passes it to the relay by hand. */ owner: z.string(),
      }),
    ),
  revoke: operation
    .meta(endangers('relay.revoke'))
    .route({ method: 'POST', path: '/relays/{id}/revoke', summary: 'Revoke a relay; its link is cut at once' })
    .input(RelayById)
    .output(z.object({ revoked: z.literal(true) })),
};
