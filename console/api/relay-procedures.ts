// Relays: how they are, what they see at an address, and the tokens that let new ones in or put one in another's place.
import type { Relay } from '#console/sites/relays.ts';
import type { RelaySummary } from '#shared/contract/relay-contract.ts';
import { formatToken, hashSecret, newSecret } from '#shared/crypto/token.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

export function relayProcedures(os: Guarded, services: ApiServices) {
  return { ...linkedProcedures(os, services), ...tokenProcedures(os, services) };
}

function linkedProcedures(os: Guarded, services: ApiServices) {
  const { relays, links, actions, feed } = services;
  return {
    list: os.relays.list.handler(async ({ context }) => {
      const all = await relays.list(context.scope);
      return { items: all.map((relay) => summaryOf(relay, services)) };
    }),
    rename: os.relays.rename.handler(async ({ input, context }) => {
      const relay = await relays.rename(context, context.scope, input);
      feed.publish({ kind: 'estate', what: 'relays', site: relay.siteId });
      return summaryOf(relay, services);
    }),
    probe: os.relays.probe.handler(async ({ input, context, signal }) => {
      const { id, address, port } = input;
      await relays.noteProbe(context, context.scope, { id, address, port });
      return links.probe(id, { address, port }, signal);
    }),
    revoke: os.relays.revoke.handler(async ({ input, context }) => {
      await relays.revoke(context, input.id);
      links.revoke(input.id);
      await actions.abandon(input.id);
      return { revoked: true as const };
    }),
    release: os.relays.release.handler(async ({ input, context }) => {
      // Written down first: a release that nobody can find later would hide a theft.
      const relay = await relays.noteRelease(context, context.scope, input.id);
      links.release(input.id);
      feed.publish({ kind: 'estate', what: 'relays', site: relay.siteId });
      return { released: true as const };
    }),
  };
}

function tokenProcedures(os: Guarded, { tokens, trust, urls }: ApiServices) {
  const withSecret = async (make: (hash: string) => Promise<{ id: string; expiresAt: number }>) => {
    const secret = newSecret();
    const { id, expiresAt } = await make(hashSecret(secret));
    const token = formatToken({ url: urls.enrolment, authority: trust.authority, id, secret });
    return { token, expiresAt, owner: trust.owner.id };
  };
  return {
    createToken: os.relays.createToken.handler(({ input, context }) =>
      withSecret((hash) => tokens.create(context, { ...input, hash })),
    ),
    replace: os.relays.replace.handler(({ input, context }) =>
      withSecret((hash) => tokens.createReplacement(context, context.scope, { ...input, hash })),
    ),
  };
}

function summaryOf(relay: Relay, { links }: ApiServices): RelaySummary {
  const lanes = links.lanes(relay.id);
  return {
    id: relay.id,
    siteId: relay.siteId,
    siteName: relay.siteName,
    name: relay.name,
    kind: relay.kind,
    hostname: relay.hostname,
    version: relay.version,
    isConnected: lanes !== undefined,
    isRevoked: relay.revokedAt !== null,
    isFenced: links.isFenced(relay.id),
    lastSeenAt: relay.lastSeenAt,
    clockSkewMs: relay.clockSkewMs,
    certificateExpiresAt: relay.certificateExpiresAt,
    enrolledAt: relay.enrolledAt,
    devices: relay.devices,
    lanes: lanes ?? [],
    // What a relay that is away said last is no longer how it is.
    health: lanes === undefined ? null : (links.health(relay.id)?.health ?? null),
  };
}
