// Relays and the tokens that let new ones in.
import type { Relay } from '#console/sites/relays.ts';
import type { RelaySummary } from '#shared/contract/relay-contract.ts';
import { formatToken, hashSecret, newSecret } from '#shared/crypto/token.ts';
import type { Guarded } from './guard.ts';
import { notBuilt } from './not-built.ts';
import type { ApiServices } from './services.ts';

export function relayProcedures(os: Guarded, services: ApiServices) {
  const { relays, tokens, links, trust, urls, actions } = services;
  return {
    list: os.relays.list.handler(async ({ context }) => {
      const all = await relays.list(context.scope);
      return { items: all.map((relay) => summaryOf(relay, services)) };
    }),
    rename: os.relays.rename.handler(notBuilt),
    replace: os.relays.replace.handler(notBuilt),
    probe: os.relays.probe.handler(notBuilt),
    createToken: os.relays.createToken.handler(async ({ input, context }) => {
      const secret = newSecret();
      const { id, expiresAt } = await tokens.create(context, { ...input, hash: hashSecret(secret) });
      const token = formatToken({ url: urls.enrolment, authority: trust.authority, id, secret });
      return { token, expiresAt, owner: trust.owner.id };
    }),
    revoke: os.relays.revoke.handler(async ({ input, context }) => {
      await relays.revoke(context, input.id);
      links.revoke(input.id);
      await actions.abandon(input.id);
      return { revoked: true as const };
    }),
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
    lastSeenAt: relay.lastSeenAt,
    clockSkewMs: relay.clockSkewMs,
    certificateExpiresAt: relay.certificateExpiresAt,
    enrolledAt: relay.enrolledAt,
    devices: relay.devices,
    lanes: lanes ?? [],
    health: null,
  };
}
