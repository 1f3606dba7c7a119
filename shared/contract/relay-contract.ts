// Relays: how they are, enrolment tokens, and what a relay sees at an address.
import { z } from 'zod';
import { RelayId, SiteId } from '#shared/base/id.ts';
import { DeviceName } from '#shared/model/device.ts';
import { Port, ProbeAddress, ProbeResult } from '#shared/model/probe.ts';
import { RelayHealth } from '#shared/model/relay-health.ts';
import { endangers, operation, reads, secretly, writes } from './meta.ts';

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
  /** Two machines live with its identity: neither gets in until it is released. */
  isFenced: z.boolean(),
  lastSeenAt: z.int().nullable(),
  clockSkewMs: z.int().nullable(),
  certificateExpiresAt: z.int(),
  enrolledAt: z.int(),
  devices: z.int(),
  lanes: z.array(LaneBacklog),
  /** What it said of itself last; null before the first word of this console's life. */
  health: RelayHealth.nullable(),
});
export type RelaySummary = z.infer<typeof RelaySummary>;

const RelayById = z.object({ id: RelayId });

const Token = z.object({
  token: z.string(),
  expiresAt: z.int(),
  /** Fingerprint of the owner key; a person passes it to the relay by hand. */
  owner: z.string(),
});

/** One hour by default, at most a day. */
const ExpiresInMs = z.int().min(60_000).max(86_400_000).default(3_600_000);

export const relayContract = {
  list: operation
    .meta(reads('relay.read'))
    .route({ method: 'GET', path: '/relays', summary: 'List relays with the state of their links', tags: ['Relays'] })
    .output(z.object({ items: z.array(RelaySummary) })),
  rename: operation
    .meta(writes('relay.write'))
    .route({ method: 'PATCH', path: '/relays/{id}', summary: 'Rename a relay', tags: ['Relays'] })
    .input(RelayById.extend({ name: DeviceName }))
    .output(RelaySummary),
  createToken: operation
    .meta(secretly(endangers('relay.enrol')))
    .route({
      method: 'POST',
      path: '/relays/tokens',
      summary: 'Make an enrolment token; it is shown once',
      successStatus: 201,
      tags: ['Relays'],
    })
    .input(
      z.object({
        siteId: SiteId,
        kind: z.enum(['site', 'leaf']).default('site'),
        /** Machines that may use it: 1 for a site relay, up to 1,000 leaves. */
        uses: z.int().min(1).max(1_000).default(1),
        expiresInMs: ExpiresInMs,
      }),
    )
    .output(Token),
  replace: operation
    .meta(secretly(endangers('relay.enrol')))
    .route({
      method: 'POST',
      path: '/relays/{id}/replace',
      summary: "Make a token for the machine that takes a relay's place; the old one is revoked when it is used",
      successStatus: 201,
      tags: ['Relays'],
    })
    .input(RelayById.extend({ expiresInMs: ExpiresInMs }))
    .output(Token),
  revoke: operation
    .meta(endangers('relay.revoke'))
    .route({
      method: 'POST',
      path: '/relays/{id}/revoke',
      summary: 'Revoke a relay; its link is cut at once',
      tags: ['Relays'],
    })
    .input(RelayById)
    .output(z.object({ revoked: z.literal(true) })),
  release: operation
    .meta(endangers('relay.release'))
    .route({
      method: 'POST',
      path: '/relays/{id}/release',
      summary: 'Let a fenced relay in again, once only one machine has its identity',
      tags: ['Relays'],
    })
    .input(RelayById)
    .output(z.object({ released: z.literal(true) })),
  probe: operation
    .meta(writes('relay.probe'))
    .route({
      method: 'POST',
      path: '/relays/{id}/probe',
      summary: 'What a relay sees at an address: name, ping, open ports, detected system',
      tags: ['Relays'],
    })
    .input(RelayById.extend({ address: ProbeAddress, port: Port.optional() }))
    .output(ProbeResult),
};
